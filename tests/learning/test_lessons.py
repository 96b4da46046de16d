"""A lesson on real stores: from the incident over its draft to the revision, given back, rejected, and its doors."""

from typing import Any

import pytest

from quarterdeck.kernel.errors import Forbidden, Invalid, NotFound, Refused
from quarterdeck.learning import actions, views
from quarterdeck.plan import actions as plan
from quarterdeck.plan import views as plans
from tests.cast import ALICE, BOB, CAROL, DANA
from tests.conftest import House
from tests.learning.taught import CLAUSE, SOONER, kept, lesson
from tests.plan.texts import small

__all__ = ["kept"]


def proposed(house: House) -> int:
    def act(tx: Any) -> int:
        actions.validate_lesson(tx, number=1)
        return actions.change_the_plan(tx, number=1)

    return house.perform(act, by=ALICE)


def written(house: House, draft: int, **how: Any) -> None:
    def act(tx: Any) -> None:
        plan.revise_draft(tx, draft=draft, files=SOONER, seen=1)
        plan.submit_draft(tx, draft=draft, **how)

    house.perform(act, by=ALICE)
    house.perform(lambda tx: plan.approve_draft(tx, draft=draft, seen=2), by=CAROL)
    house.perform(lambda tx: plan.publish_draft(tx, draft=draft), by=CAROL)
    house.run_until_idle()


def test_a_lesson_becomes_a_draft_at_its_clause_and_closes_when_that_is_published(kept: House) -> None:
    draft = proposed(kept)
    waiting = kept.ask(views.lesson, 1).lesson
    assert (waiting.state, waiting.draft, waiting.incident_title) == ("disposed", draft, "Payments fail")
    (reason,) = kept.ask(plans.draft, draft).reasons
    assert (reason.kind, reason.ref, reason.clauses) == ("lesson", "L-1", (CLAUSE,))
    assert "INC-1" in reason.text, "the clause tells of the incident, too"
    written(kept, draft)
    page = kept.ask(views.lesson, 1)
    assert (page.lesson.state, page.lesson.closing, page.lesson.revision) == ("closed", "revision", 2)
    assert [(step.what, step.by) for step in page.steps] == [
        ("identified", "bob"),
        ("validated", "alice"),
        ("disposed of", "alice"),
        ("closed", "carol"),
    ]
    assert [row.number for row in kept.ask(views.lessons_of_revision, 2)] == [1]
    assert kept.ask(plans.why, CLAUSE)[0].reasons[0].ref == "L-1"
    for clause in (CLAUSE, "procedures.fix", f"{CLAUSE}.more"):
        assert [row.number for row in kept.ask(views.lessons_at, clause)] == [1]
    assert kept.ask(views.lessons_at, "procedures.fi") == []


def test_a_withdrawn_draft_and_one_that_no_longer_cites_it_give_the_lesson_back(kept: House) -> None:
    draft = proposed(kept)
    kept.perform(lambda tx: plan.withdraw_draft(tx, draft=draft, reason="Overtaken"), by=ALICE)
    kept.run_until_idle()
    page = kept.ask(views.lesson, 1)
    assert (page.lesson.state, page.lesson.draft) == ("validated", None)
    assert "Overtaken" in page.steps[-1].text
    again = kept.perform(lambda tx: actions.change_the_plan(tx, number=1), by=ALICE)
    written(kept, again, reasons=[plan_reason("Thought of it elsewhere")])
    page = kept.ask(views.lesson, 1)
    assert (page.lesson.state, page.lesson.draft) == ("validated", None)
    assert "without citing" in page.steps[-1].text
    with pytest.raises(Refused) as refusal:
        kept.perform(lambda tx: actions.close_by_revision(tx, number=1, revision=2), by=ALICE)
    assert refusal.value.reason == "NotCited"
    with pytest.raises(Invalid):
        kept.perform(lambda tx: actions.close_by_revision(tx, number=1, revision=9), by=ALICE)


def plan_reason(text: str, ref: str | None = None) -> Any:
    from quarterdeck.plan.events import Reason

    return Reason(kind="lesson" if ref else "correction", ref=ref, text=text)


def test_a_plan_adopted_at_the_host_closes_what_it_cites(kept: House) -> None:
    cites = [plan_reason("Look sooner", "L-1"), plan_reason("Look sooner", "L-99")]
    kept.perform(lambda tx: plan.adopt(tx, files=SOONER, reason="Look sooner", reasons=cites))
    kept.run_until_idle()
    assert kept.ask(views.lesson, 1).lesson.revision == 2


def test_a_clause_that_was_removed_is_told_and_the_lesson_keeps_its_words(kept: House) -> None:
    kept.perform(lambda tx: actions.validate_lesson(tx, number=1), by=ALICE)
    gone = small(("id: look\n        title: Look\n", "id: watch\n        title: Watch\n"))
    kept.perform(lambda tx: plan.adopt(tx, files=gone, reason="Renamed"))
    page = kept.ask(views.lesson, 1)
    assert page.clause_gone and page.lesson.clause == CLAUSE
    with pytest.raises(Refused) as refusal:
        kept.perform(lambda tx: actions.change_the_plan(tx, number=1), by=ALICE)
    assert refusal.value.reason == "ClauseRemoved" and "Revision 2" in refusal.value.detail
    with pytest.raises(Invalid, match="no such clause"):
        kept.perform(lambda tx: lesson(tx), by=BOB)
    reworded = kept.perform(lambda tx: actions.revise_lesson(tx, number=1, observation="Late.", clause=CLAUSE), by=BOB)
    assert reworded == 2, "what stands may stay"
    draft = kept.perform(lambda tx: actions.change_the_plan(tx, number=1, clause=""), by=ALICE)
    assert kept.ask(plans.draft, draft).reasons[0].clauses == ()


def test_a_rejection_is_reasoned_and_by_somebody_entitled_who_is_not_its_author(kept: House) -> None:
    with pytest.raises(Forbidden):
        kept.perform(lambda tx: actions.reject_lesson(tx, number=1, reason="No"), by=BOB)
    own = kept.perform(lambda tx: lesson(tx, factors=(), clause=None), by=CAROL)
    with pytest.raises(Refused) as refusal:
        kept.perform(lambda tx: actions.reject_lesson(tx, number=own, reason="No"), by=CAROL)
    assert refusal.value.reason == "AuthorRejects"
    kept.perform(lambda tx: actions.reject_lesson(tx, number=1, reason="Too dear"), by=CAROL)
    row = kept.ask(views.lesson, 1).lesson
    assert (row.state, row.closing, row.reason) == ("closed", "rejection", "Too dear")
    kept.perform(lambda tx: actions.reopen_lesson(tx, number=1, reason="It happened again"), by=CAROL)
    assert [(one.number, one.state) for one in kept.ask(views.lessons)[0]] == [(2, "identified"), (1, "validated")]
    assert [one.number for one in kept.ask(views.lessons, factor="procedure.unfit")[0]] == [1]
    assert [one.number for one in kept.ask(views.lessons, "open", incident=1, limit=1)[0]] == [2]


def test_what_does_not_exist_is_told_and_no_number_is_used_up(kept: House) -> None:
    for faults in ({"source": "INC-9"}, {"owner": "nobody"}, {"clause": "procedures.nothing"}):
        with pytest.raises(Invalid):
            kept.perform(lambda tx, faults=faults: lesson(tx, **faults), by=BOB)  # type: ignore[misc]  # mypy: a default in a lambda
    with pytest.raises(Forbidden):
        kept.perform(lesson, by=DANA)
    assert kept.perform(lesson, by=BOB) == 2
    with pytest.raises(NotFound):
        kept.ask(views.lesson, 3)


def test_the_doors_take_a_lesson_from_the_incident_to_the_draft(kept: House) -> None:
    with kept.client(ALICE) as web:
        web.headers["accept"] = "text/html"
        assert "No lesson has been kept" not in web.get("/incidents/1").text
        assert 'value="INC-1"' in web.get("/lessons/new?source=INC-1").text
        made = web.post("/lessons", data={"source": "INC-1", "observation": "**Calm**", "factor": "staffing.few"})
        page = web.get("/lessons/2").text
        assert made.url.path == "/lessons/2" and "<strong>Calm</strong>" in page and "one or two people" in page
        stale = web.post("/lessons/2/text", data={"seen": "7", "observation": "x"})
        assert stale.status_code == 409 and "Yours" in stale.text
        for step, form in (("validation", {}), ("proposal", {"clause": "", "note": "Who?"})):
            assert web.post(f"/lessons/2/{step}", data=form).status_code == 200
        assert 'href="/plan/drafts/1"' in web.get("/lessons/2").text
        listed = web.get("/lessons?state=disposed").text
        assert "L-2" in listed and "L-1" not in listed
        assert web.get("/lessons?state=never").status_code == 400
    with kept.client(CAROL) as web:
        found = web.get("/api/lessons/1").json()
        assert (found["state"], found["steps"][0]["what"], found["clause_gone"]) == ("identified", "identified", False)
        assert web.post("/api/lessons/1/validation").json()["state"] == "validated"
        assert web.post("/api/lessons/1/rejection", json={"reason": "No"}).json()["closing"] == "rejection"
        assert web.post("/api/lessons/1/reopening", json={"reason": "Back"}).json()["reopenings"] == 1
        assert web.post("/api/lessons/1/proposal", json={}).json() == {"draft": 2}
        assert web.post("/api/lessons/1/closure", json={"revision": 1}).status_code == 409
        new = {"source": "import", "observation": "y", "factors": ["change.undo"]}
        assert web.post("/api/lessons", json=new).json()["number"] == 3
        body = {"seen": 1, "observation": "z"}
        assert web.put("/api/lessons/3/text", json=body).json()["observation"] == "z"
        assert web.get("/api/lessons?limit=1").json()["next"] == 1
