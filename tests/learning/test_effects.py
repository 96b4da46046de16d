"""Did it help, on real stores: uses are counted, figures looked at, and a factor that returns reopens its lesson."""

from typing import Any

from quarterdeck.command import actions as command
from quarterdeck.command import views as incidents
from quarterdeck.learning import actions, views
from quarterdeck.learning.events.effects import Expectation
from quarterdeck.plan import actions as plan
from tests.cast import ALICE, BOB, CAROL
from tests.conftest import House
from tests.learning.taught import SOONER, kept

__all__ = ["kept"]


def run(house: House, number: int | None = None, *, look_after: int = 3, type: str | None = None) -> int:
    """An incident of the type from beginning to end; its first step is done after so many minutes."""

    def declare(tx: Any) -> int:
        return command.declare(tx, title="Payments fail", impact="large", urgency="high", type=type)

    this = number or house.perform(declare, by=ALICE)
    house.clock.forward(minutes=look_after)

    def end(tx: Any) -> None:
        for task in house.ask(incidents.tasks, this):
            if task.state == "open":
                command.complete_task(tx, number=this, task=task.id)
        command.resolve(tx, number=this, reason="rolled back")
        command.close(tx, number=this)

    house.perform(end, by=ALICE)
    return this


def published(house: House, uses: int = 2, measure: str | None = None) -> None:
    """L-1 is closed by revision 2, in which the first step is due sooner."""
    expects = Expectation(measure=measure or "step:fix/look", type="outage", uses=uses)

    def propose(tx: Any) -> int:
        actions.validate_lesson(tx, number=1)
        draft = actions.change_the_plan(tx, number=1, expects=expects)
        plan.revise_draft(tx, draft=draft, files=SOONER, seen=1)
        plan.submit_draft(tx, draft=draft)
        return draft

    draft = house.perform(propose, by=ALICE)
    house.perform(lambda tx: plan.approve_draft(tx, draft=draft, seen=2), by=CAROL)
    house.perform(lambda tx: plan.publish_draft(tx, draft=draft), by=CAROL)
    house.run_until_idle()


def found_factor(house: House, number: int, code: str = "procedure.unfit") -> None:
    def act(tx: Any) -> None:
        position = house.ask(incidents.timeline, number)[0].position
        factor = actions.find_factor(tx, number=number, code=code, text="Nobody looked", evidence=[position])
        actions.agree_factor(tx, number=number, factor=factor)

    house.perform(act, by=CAROL)
    house.run_until_idle()


def test_after_enough_uses_the_step_is_looked_at_and_a_person_says_whether_it_helped(kept: House) -> None:
    run(kept, 1, look_after=20)
    published(kept)
    drill: dict[str, Any] = {"title": "A drill", "impact": "large", "urgency": "high", "drill": True}
    run(kept, kept.perform(lambda tx: command.declare(tx, **drill), by=ALICE))
    first = run(kept)
    kept.run_until_idle()
    assert (kept.ask(views.lesson, 1).lesson.uses, kept.ask(views.lesson, 1).lesson.check) == (1, "waiting")
    second = run(kept)
    kept.run_until_idle()
    row = kept.ask(views.lesson, 1).lesson
    assert (row.check, row.uses) == ("looked", 2)
    assert row.looked is not None and row.looked.finding == "cannot-tell"
    assert [(side.some, side.n) for side in (row.looked.before, row.looked.after)] == [(0, 1), (2, 2)]
    found = kept.ask(views.effect_of, 1)
    assert found is not None and (found.before, found.after) == ((1,), (first, second))
    with kept.client(CAROL) as web:
        page = web.get("/lessons/1", headers={"accept": "text/html"}).text
        assert "0 of 1" in page and "2 of 2" in page and f'href="/incidents/{second}"' in page
        form = {"verdict": "helped", "reason": "Looked at once, both times"}
        web.post("/lessons/1/effect/verdict", data=form, headers={"accept": "text/html"})
        shown = web.get("/api/lessons/1").json()
        assert (shown["effect"], shown["check"], shown["verdict_by"]) == ("helped", "judged", "carol")
        assert web.get("/api/lessons/1/effect").json()["numbers"]["after"] == [first, second]
        assert web.post("/api/lessons/1/effect/look").status_code == 202
        body = {"measure": "acknowledge", "uses": 3}
        assert web.put("/api/lessons/1/effect", json=body).json()["check"] == "waiting"


def test_figures_that_leave_no_doubt_reopen_what_did_not_help(kept: House) -> None:
    for number in (1, None, None):
        run(kept, number, look_after=3)
    old = kept.perform(lambda tx: command.declare(tx, title="Old", impact="large", urgency="high"), by=BOB)
    published(kept, uses=3)
    run(kept, old)
    for _ in range(3):
        run(kept, look_after=8)  # in time by the old plan, late by the new one
    kept.run_until_idle()
    page = kept.ask(views.lesson, 1)
    assert (page.lesson.state, page.lesson.reopenings) == ("validated", 1)
    assert [step.what for step in page.steps][-4:] == ["time to look", "looked at", "judged", "reopened"]
    assert "before 4 of 4, since 0 of 3: worse" in page.steps[-1].text


def test_the_same_factor_in_a_later_incident_of_the_type_reopens_the_lesson(kept: House) -> None:
    run(kept, 1)
    found_factor(kept, 1)
    published(kept)
    found_factor(kept, 1, "detection.late")
    later = run(kept)
    found_factor(kept, later, "procedure.outdated")
    assert kept.ask(views.lesson, 1).lesson.state == "closed"
    found_factor(kept, later)
    page = kept.ask(views.lesson, 1)
    assert page.lesson.state == "validated"
    assert f"came up again in INC-{later}: Nobody looked" in page.steps[-1].text
    assert page.steps[-1].by == "engine"
