"""Improvement actions on real stores: from the lesson to the verification, who is told, who leaves, and the doors."""

from datetime import timedelta
from typing import Any

import pytest

from quarterdeck.governance import actions as governance
from quarterdeck.kernel.errors import Forbidden, Invalid, Refused
from quarterdeck.learning import actions, views
from quarterdeck.notify import views as notify
from tests.cast import ADMIN, ALICE, BOB, CAROL
from tests.conftest import House
from tests.learning.taught import kept

__all__ = ["kept"]


def proposed(house: House, **facts: Any) -> int:
    """An action of L-1, which is validated; Bob looks after it."""

    def act(tx: Any) -> int:
        actions.validate_lesson(tx, number=1)
        return actions.propose_action(tx, **{"title": "Ring earlier", "lesson": 1, "owner": "bob", **facts})

    return house.perform(act, by=ALICE)


def told(house: House, number: int) -> list[tuple[str, str]]:
    rows = house.ask(notify.deliveries, about=f"improvement/{number}")
    return [(row.person, row.subject.partition(":")[0]) for row in rows]


def test_a_verified_action_closes_its_lesson_and_a_cancelled_one_gives_it_back(kept: House) -> None:
    number = proposed(kept)
    row = kept.ask(views.improvement, number)
    assert (row.source, row.incident, row.severity, row.lesson) == ("INC-1", 1, "SEV1", 1)
    assert row.due - row.proposed_at == timedelta(days=28) and "SEV1" in row.rule
    assert row.expects is not None and row.expects.measure == "step:fix/look"
    kept.perform(lambda tx: actions.agree_action(tx, number=number), by=ALICE)
    assert kept.ask(views.lesson, 1).lesson.action == number
    kept.perform(lambda tx: actions.cancel_action(tx, number=number, reason="Too dear"), by=ALICE)
    lesson = kept.ask(views.lesson, 1).lesson
    assert (lesson.state, lesson.action) == ("validated", None)
    again = proposed(kept)
    for act, who in (
        (lambda tx: actions.agree_action(tx, number=again), ALICE),
        (lambda tx: actions.begin_action(tx, number=again), BOB),
        (lambda tx: actions.finish_action(tx, number=again, shown="The rota says so."), ALICE),
    ):
        kept.perform(act, by=who)
    with pytest.raises(Refused) as refusal:
        kept.perform(lambda tx: actions.verify_action(tx, number=again, found="Fine"), by=ALICE)
    assert refusal.value.reason == "VerifiedByDoer"
    kept.perform(lambda tx: actions.verify_action(tx, number=again, found="It rings."), by=CAROL)
    page = kept.ask(views.lesson, 1)
    assert (page.lesson.state, page.lesson.closing, page.lesson.action) == ("closed", "improvement", again)
    assert [one.state for one in page.actions] == ["verified", "cancelled"]
    assert [step.what for step in kept.ask(views.improvement_steps, again)] == [
        *("proposed", "agreed", "begun", "done", "verified")
    ]


def test_it_is_reminded_and_once_overdue_told_to_the_plans_keepers(kept: House) -> None:
    number = proposed(kept)
    kept.forward(days=27, hours=1)
    assert told(kept, number) == [("bob", "Due tomorrow"), ("bob", "Due in 7 days")]
    kept.forward(days=1)
    assert set(told(kept, number)) >= {("bob", "Overdue"), ("dana", "Overdue")}, "Dana holds the plan's post"
    assert [row.number for row in kept.ask(views.improvements, "overdue", now=kept.clock.now())[0]] == [number]
    moved = kept.clock.now() + timedelta(days=9)
    with pytest.raises(Forbidden):
        kept.perform(lambda tx: actions.revise_action(tx, number=number, title="x", due=moved), by=BOB)
    kept.perform(lambda tx: actions.revise_action(tx, number=number, title="Ring earlier", due=moved), by=ALICE)
    assert kept.ask(views.improvements, "overdue", now=kept.clock.now())[0] == []


def test_an_owner_who_leaves_is_seen_and_the_plans_owner_is_asked_for_another(kept: House) -> None:
    number, other = proposed(kept), proposed(kept, owner="carol")
    kept.perform(lambda tx: governance.deactivate_person(tx, person="bob"), by=ADMIN)
    kept.run_until_idle()
    assert [kept.ask(views.improvement, one).owner_left for one in (number, other)] == [True, False]
    assert told(kept, number) == [("dana", "Without an owner")]
    with pytest.raises(Invalid, match="nobody of that name"):
        kept.perform(lambda tx: actions.assign_action(tx, number=number, owner="bob"), by=ALICE)
    kept.perform(lambda tx: actions.assign_action(tx, number=number, owner="carol"), by=ALICE)
    row = kept.ask(views.improvement, number)
    assert (row.owner, row.owner_left) == ("carol", False)


def test_the_doors_take_an_action_from_the_lesson_to_its_verification(kept: House) -> None:
    with kept.client(ALICE) as web:
        web.headers["accept"] = "text/html"
        web.post("/lessons/1/validation")
        assert "It answers" in web.get("/actions/new?lesson=1").text
        form = {"lesson": "1", "title": "Ring *earlier*", "details": "*Now*", "owner": "bob", "person_days": "2.5"}
        made = web.post("/actions", data=form)
        assert made.url.path == "/actions/1" and "<em>Now</em>" in made.text and "2.5 person-days" in made.text
        text = {"seen": "1", "title": "Ring earlier", "due": "2026-03-30", "money": "1,200", "currency": "eur"}
        assert "1,200 EUR" in web.post("/actions/1/text", data=text).text
        assert web.post("/actions/1/text", data={**text, "title": "x"}).status_code == 409
        assert web.post("/actions/1/text", data={**text, "seen": "2", "due": "soon"}).status_code == 400
        for step, more in (("agreement", {}), ("beginning", {}), ("completion", {"shown": "Here"})):
            assert web.post(f"/actions/1/{step}", data=more).status_code == 200, step
        assert "Somebody else than you verifies it" in web.get("/actions/1").text
    with kept.client(CAROL) as web:
        assert web.post("/api/actions/1/return", json={"reason": "Not yet"}).json()["state"] == "doing"
        assert web.post("/api/actions/1/completion", json={"shown": "There"}).json()["doer"] == "carol"
        assert web.post("/api/actions/1/verification", json={"found": "Fine"}).status_code == 409
    with kept.client(ADMIN) as web:
        found = web.post("/api/actions/1/verification", json={"found": "Fine"}).json()
        assert (found["state"], found["verifier"]) == ("verified", "admin")
        new = {"title": "y", "source": "EX-3", "expects": {"measure": "mitigate"}, "due": "2026-04-01T10:00:00Z"}
        assert web.post("/api/actions", json=new).json()["expects"]["uses"] == 5
        put = {"seen": 1, "title": "z"}
        assert web.put("/api/actions/2/text", json=put).json()["due"].startswith("2026-04-01T10:00:00")
        assert web.post("/api/actions/2/owner", json={"owner": "alice"}).json()["owner_name"] == "Alice"
        assert web.post("/api/actions/2/agreement").json()["state"] == "agreed"
        assert web.post("/api/actions/2/beginning").json()["state"] == "doing"
        assert web.post("/api/actions/2/cancellation", json={"reason": "No"}).json()["state"] == "cancelled"
        assert [row["number"] for row in web.get("/api/actions?state=verified").json()["items"]] == [1]
        assert web.get("/api/actions?state=never").status_code == 400
        assert web.get("/actions/9").status_code == 404
