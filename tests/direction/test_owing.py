"""The debt: what is overdue in every room, whose it is, the weekly note, and duties tried before they are in force."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from quarterdeck.command import actions as command
from quarterdeck.direction import views
from quarterdeck.direction.events import owing as ev
from quarterdeck.direction.rules import owing as rules
from quarterdeck.direction.rules.owing import DEBT, Debt, Item
from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.events import Event
from quarterdeck.learning import actions
from quarterdeck.learning import views as learning
from quarterdeck.learning.events.duties import Duty
from quarterdeck.notify import views as notify
from tests.cast import ALICE, BOB, CAROL
from tests.conftest import House
from tests.learning.taught import kept, lesson

__all__ = ["kept"]
MONDAY = datetime(2026, 3, 2, 7, tzinfo=UTC)


def given(*events: Event) -> Debt:
    state = DEBT.fold([ev.DebtNotesBegun(at=MONDAY - timedelta(hours=1)), *events])
    assert state is not None
    return state


def test_the_note_goes_out_on_monday_morning_and_after_a_long_sleep_once() -> None:
    state = given()
    assert rules.due(state) == MONDAY
    assert rules.wake(state, MONDAY - timedelta(minutes=1)) == []
    (due,) = rules.wake(state, MONDAY)
    assert due == ev.DebtNoteDue(at=MONDAY, week="2026-W10")
    assert rules.due(given(due)) == MONDAY + timedelta(days=7)
    (late,) = rules.wake(state, MONDAY + timedelta(days=17))
    assert late == ev.DebtNoteDue(at=MONDAY + timedelta(days=14), week="2026-W12")
    assert rules.begin(state, MONDAY) == []


def test_the_note_names_the_longest_overdue_first_and_counts_the_rest() -> None:
    items = [Item(f"A-{n}", "x" * 200, "bob" if n % 2 else None, MONDAY - timedelta(days=n)) for n in range(30)]
    mine = rules.by_owner(items)["bob"]
    said = rules.note(mine, MONDAY)
    assert said.splitlines()[0].startswith("A-29, 29 days overdue: xxx") and said.endswith("and 5 more")
    assert rules.summary(items, {"bob": "Bob"}, MONDAY).splitlines() == [
        "Bob: 15, the oldest 29 days overdue",
        "nobody: 15, the oldest 28 days overdue",
    ]
    (due,) = rules.wake(given(), MONDAY)
    (told,) = rules.told(given(due), MONDAY, week="2026-W10", items=items)
    assert isinstance(told, ev.DebtTold) and (told.count, told.owners[0].oldest_days) == (30, 28)
    assert rules.told(given(due, told), MONDAY, week="2026-W10", items=items) == [], "a week is told once"


def test_what_is_overdue_stands_in_one_list_by_owner_and_is_told_every_week(kept: House) -> None:
    kept.perform(lambda tx: command.resolve(tx, number=1, reason="rolled back"), by=ALICE)
    kept.perform(lambda tx: lesson(tx, owner="bob"), by=CAROL)

    def act(tx: Any) -> None:
        actions.validate_lesson(tx, number=1)
        actions.agree_action(tx, number=actions.propose_action(tx, title="Ring earlier", lesson=1, owner="bob"))

    kept.perform(act, by=ALICE)
    assert kept.ask(views.debt, kept.clock.now()) == []
    kept.run_until_idle()
    kept.clock.forward(days=29)
    kept.run_until_idle()
    rows = kept.ask(views.debt, kept.clock.now())
    assert [(row.subject, row.ref, row.owner) for row in rows] == [
        ("validation", "L-2", "bob"),
        ("review", "INC-1", None),
        ("improvement", "A-1", "bob"),
    ]
    assert rows[1].rule == "A review is held or waived within 5 working days (SEV1)."
    (week,) = kept.ask(views.debt_weeks)
    assert (week.week, week.count) == ("2026-W14", 3)
    told = {row.person: row.subject for row in kept.ask(notify.deliveries, about="debt/2026-W14")}
    assert told == {"bob": "2 things of yours are overdue", "dana": "Overdue this week: 3"}
    with kept.client(ALICE) as web:
        web.headers["accept"] = "text/html"
        page = web.get("/debt").text
        assert "3 things overdue" in page and page.index("Nobody looks after it") < page.index(">Bob<")
        assert 'href="/actions/1"' in page and 'href="/actions/1"' not in web.get("/debt?subject=review").text
        assert [one["ref"] for one in web.get("/api/debt?owner=bob").json()["items"]] == ["L-2", "A-1"]


def test_a_duty_is_tried_on_the_record_before_it_is_in_force(kept: House) -> None:
    kept.clock.forward(days=3)
    kept.perform(lambda tx: actions.validate_lesson(tx, number=1), by=CAROL)
    kept.perform(lambda tx: lesson(tx), by=BOB)
    kept.clock.forward(days=2)
    strict = Duty(id="strict", subject="validation", within=1)
    found = kept.ask(learning.would_have_caught, strict, kept.clock.now(), kept.clock.now() - timedelta(days=365))
    assert (found.cases, [(one.case.ref, one.late.days) for one in found.caught]) == (2, [("L-1", 2), ("L-2", 1)])
    assert kept.ask(views.debt, kept.clock.now()) == [], "trying it puts nothing in force"
    with kept.client(ALICE) as web:
        web.headers["accept"] = "text/html"
        form = {"id": "lessons-validated", "subject": "validation", "within": "1", "unit": "days", "severities": ""}
        assert "It would have caught 2 of 2 within a year" in web.get("/debt/duties", params=form).text
        web.post("/debt/duties", data={**form, "reason": "Lessons go stale"})
        assert [row.ref for row in kept.ask(views.debt, kept.clock.now())] == ["L-2"]
        web.post("/debt/duties/lessons-validated/switch", data={"enabled": "no"})
        assert kept.ask(views.debt, kept.clock.now()) == []
        assert web.post("/debt/duties/nothing/switch", data={"enabled": "no"}).status_code == 404
        web.post("/debt/duties/lessons-validated/removal", data={"reason": "Not needed"})
        assert "lessons-validated" not in [one["id"] for one in web.get("/api/debt/duties").json()["items"]]
        assert web.get("/debt/duties?subject=whim&within=1").status_code == 400
        assert web.get("/debt/duties?subject=review&within=x").status_code == 400
        rule = {"id": "x", "subject": "review", "within": 5, "unit": "working-days", "severities": ["SEV1"]}
        tried = web.post("/api/debt/duties/preview", json=rule).json()
        assert (tried["cases"], tried["caught"]) == (0, 0) and "5 working days (SEV1)" in tried["sentence"]
        put = web.put("/api/debt/duties", json={"duties": [rule], "reason": "Only this"})
        assert [one["id"] for one in put.json()["items"]] == ["x"]
    with pytest.raises(Invalid):
        kept.perform(lambda tx: actions.put_duty(tx, duty=Duty(id="x", subject="review", within=0), reason="x"), ALICE)
