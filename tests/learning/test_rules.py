"""Reviews: owed, overdue once, held by somebody who did not command, or waived with a reason."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from quarterdeck.kernel.errors import Invalid, Refused
from quarterdeck.kernel.events import Event
from quarterdeck.learning import events as ev
from quarterdeck.learning.rules import REVIEW, Review
from quarterdeck.learning.rules import reviewing as rules
from tests.command.situations import NOON

DUE = NOON + timedelta(days=2)
OPENED = ev.ReviewOpened(at=NOON, number=7, due=DUE, rule="within 2 working days", severity="SEV1", commander="alice")
ENDS: dict[str, Event] = {
    "held": ev.ReviewHeld(at=NOON, by="carol", facilitator="carol", summary="learnt"),
    "waived": ev.ReviewWaived(at=NOON, by="carol", reason="drill"),
    "cancelled": ev.ReviewCancelled(at=NOON, reason="reopened"),
}


def given(*events: Event) -> Review:
    state = REVIEW.fold([OPENED, *events])
    assert state is not None
    return state


@pytest.mark.parametrize("end", ENDS)
def test_a_review_that_is_over_is_neither_held_nor_waived_nor_overdue(end: str) -> None:
    state = given(ENDS[end])
    again: Callable[[], object]
    for again in (
        lambda: rules.hold(state, "carol", NOON, facilitator="carol", summary="again"),
        lambda: rules.waive(state, "carol", NOON, reason="again"),
    ):
        with pytest.raises(Refused):
            again()
    assert REVIEW.due(state) is None
    assert REVIEW.wake(state, DUE) == []
    assert rules.cancel(state, NOON, reason="again") == []


@pytest.mark.parametrize("end", ENDS)
def test_a_review_is_opened_again_after_any_end_but_not_twice_at_once(end: str) -> None:
    assert rules.open_review(None, OPENED) == [OPENED]
    assert rules.open_review(given(ENDS[end]), OPENED) == [OPENED]
    assert rules.open_review(given(), OPENED) == []


def test_it_is_overdue_once_at_the_due_instant() -> None:
    state = given()
    assert REVIEW.due(state) == DUE
    assert REVIEW.wake(state, DUE - timedelta(seconds=1)) == []
    events = REVIEW.wake(state, DUE + timedelta(days=3))
    assert events == [ev.ReviewOverdue(at=DUE)]
    after = given(*events)
    assert (after.state, after.overdue, REVIEW.due(after)) == ("draft", True, None)
    assert rules.hold(after, "carol", NOON, facilitator="carol", summary="late, but held")


def test_whoever_commanded_does_not_lead_the_review() -> None:
    with pytest.raises(Refused) as refusal:
        rules.hold(given(), "carol", NOON, facilitator="alice", summary="all went well")
    assert refusal.value.reason == "FacilitatorCommanded"


@pytest.mark.parametrize("text", ["", " \n", "x" * 50_001, "a\x00b"])
def test_a_summary_says_something_storable(text: str) -> None:
    with pytest.raises(Invalid):
        rules.hold(given(), "carol", NOON, facilitator="carol", summary=text)
