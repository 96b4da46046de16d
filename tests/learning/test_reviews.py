"""From resolution to closure, on real stores: the plan asks for a review, and the incident waits for it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from quarterdeck.command import actions as command
from quarterdeck.command import views as incidents
from quarterdeck.kernel.errors import Forbidden, Refused
from quarterdeck.learning import actions, views
from tests.cast import ALICE, BOB, CAROL
from tests.command.situations import furnish


@pytest.fixture
def furnished(house: Any) -> Any:
    furnish(house)
    return house


def resolved(house: Any, impact: str = "extensive", **facts: Any) -> int:
    def act(tx: Any) -> int:
        number = command.declare(tx, title="Payments fail", impact=impact, urgency="high", **facts)
        command.acknowledge(tx, number=number)
        command.resolve(tx, number=number, reason="rolled back")
        return number

    number: int = house.perform(act, by=ALICE)
    settle_tasks(house, number)
    house.run_until_idle()
    return number


def settle_tasks(house: Any, number: int) -> None:
    for task in house.ask(incidents.tasks, number):
        if task.state == "open":
            house.perform(lambda tx, id=task.id: command.skip_task(tx, number=number, task=id, reason="test"), by=ALICE)


def test_a_severe_incident_owes_a_review_in_working_days(furnished: Any) -> None:
    furnished.clock.set(datetime(2026, 3, 5, 20, 0, tzinfo=UTC))  # a Thursday
    number = resolved(furnished)
    review = furnished.ask(views.review, number)
    assert (review.state, review.severity, review.commander) == ("draft", "SEV1", "alice")
    assert review.due == datetime(2026, 3, 9, 17, 0, tzinfo=UTC)  # the Monday
    assert "2 working days" in review.rule
    assert furnished.ask(incidents.incident, number).state == "reviewing"


def test_a_mild_incident_owes_none_and_is_closed_at_once(furnished: Any) -> None:
    number = resolved(furnished, impact="minor")
    assert furnished.ask(views.review, number) is None
    furnished.perform(lambda tx: command.close(tx, number=number), by=ALICE)
    assert furnished.ask(incidents.incident, number).state == "closed"


def test_a_drill_owes_no_review(furnished: Any) -> None:
    assert furnished.ask(views.review, resolved(furnished, drill=True)) is None


def test_closing_waits_for_the_review_even_before_the_engine_has_opened_it(furnished: Any) -> None:
    def act(tx: Any) -> int:
        number = command.declare(tx, title="Payments fail", impact="extensive", urgency="high")
        command.resolve(tx, number=number, reason="rolled back")
        return number

    number = furnished.perform(act, by=ALICE)
    settle_tasks(furnished, number)
    with pytest.raises(Refused) as refusal:
        furnished.perform(lambda tx: command.close(tx, number=number), by=ALICE)
    assert refusal.value.reason == "ReviewOwed"


def test_held_by_somebody_else_than_the_commander_it_frees_the_incident(furnished: Any) -> None:
    number = resolved(furnished)
    with pytest.raises(Refused) as refusal:
        furnished.perform(lambda tx: actions.hold_review(tx, number=number, summary="fine"), by=ALICE)
    assert refusal.value.reason == "FacilitatorCommanded"
    furnished.perform(lambda tx: actions.hold_review(tx, number=number, summary="Learnt a lot."), by=CAROL)
    review = furnished.ask(views.review, number)
    assert (review.state, review.owed, review.facilitator, review.approved_by) == ("approved", False, "Carol", None)
    assert furnished.ask(views.texts, number)["summary"].text == "Learnt a lot."
    furnished.perform(lambda tx: command.close(tx, number=number), by=ALICE)
    assert furnished.ask(incidents.incident, number).state == "closed"


def test_a_manager_may_waive_it_and_a_responder_may_not(furnished: Any) -> None:
    number = resolved(furnished)
    with pytest.raises(Forbidden):
        furnished.perform(lambda tx: actions.waive_review(tx, number=number, reason="no time"), by=BOB)
    furnished.perform(lambda tx: actions.waive_review(tx, number=number, reason="same as INC-3"), by=CAROL)
    assert furnished.ask(views.review, number).state == "waived"
    furnished.perform(lambda tx: command.close(tx, number=number), by=ALICE)


def test_reopening_cancels_it_and_the_next_resolution_asks_again(furnished: Any) -> None:
    number = resolved(furnished)
    furnished.perform(lambda tx: command.reopen(tx, number=number, reason="it is back"), by=ALICE)
    furnished.run_until_idle()
    assert furnished.ask(views.review, number).state == "cancelled"
    furnished.forward(days=1)
    furnished.perform(lambda tx: command.resolve(tx, number=number, reason="really"), by=ALICE)
    furnished.run_until_idle()
    review = furnished.ask(views.review, number)
    assert (review.state, review.owed, review.opened_at) == ("draft", True, furnished.clock.now())


def test_resolved_and_reopened_before_the_engine_looks_owes_nothing(furnished: Any) -> None:
    def act(tx: Any) -> int:
        number = command.declare(tx, title="Payments fail", impact="extensive", urgency="high")
        command.resolve(tx, number=number, reason="rolled back")
        command.reopen(tx, number=number, reason="not so")
        return number

    number = furnished.perform(act, by=ALICE)
    furnished.run_until_idle()
    assert furnished.ask(views.review, number) is None
    assert furnished.ask(incidents.incident, number).state == "active"


def test_a_severity_raised_afterwards_may_ask_for_a_review(furnished: Any) -> None:
    number = resolved(furnished, impact="minor")
    furnished.perform(lambda tx: command.change_severity(tx, number=number, severity="SEV1", reason="money"), by=ALICE)
    furnished.run_until_idle()
    assert furnished.ask(views.review, number).owed
    assert furnished.ask(incidents.incident, number).state == "reviewing"


def test_it_is_shown_as_overdue_from_its_due_instant(furnished: Any) -> None:
    number = resolved(furnished)
    other = resolved(furnished, impact="significant")
    due = furnished.ask(views.review, number).due
    furnished.forward(seconds=(due - furnished.clock.now()).total_seconds() - 1)
    assert not furnished.ask(views.review, number).overdue
    furnished.forward(seconds=2)
    rows, following = furnished.ask(views.reviews)
    assert [(row.number, row.overdue) for row in rows] == [(number, True), (other, False)]
    assert following is None
    assert [row.number for row in furnished.ask(views.reviews, "overdue")[0]] == [number]
    furnished.forward(days=30)
    told = [entry for entry in furnished.ask(incidents.timeline, number) if entry.type == "learning.ReviewOverdue"]
    assert [entry.occurred_at for entry in told] == [due]


def test_reviews_are_read_page_by_page(furnished: Any) -> None:
    numbers = [resolved(furnished) for _ in range(3)]
    furnished.clock.forward(minutes=1)
    furnished.perform(lambda tx: actions.waive_review(tx, number=numbers[0], reason="no"), by=CAROL)
    first, following = furnished.ask(views.reviews, None, 0, 2)
    rest, end = furnished.ask(views.reviews, None, following, 2)
    assert [row.number for row in (*first, *rest)] == [numbers[1], numbers[2], numbers[0]]
    assert end is None
    assert first[0].due - furnished.clock.now() > timedelta(days=1)
