"""An escalation's life: given what happened, when this is decided, then that follows."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from quarterdeck.kernel.errors import Refused
from quarterdeck.kernel.events import Event
from quarterdeck.oncall import events as ev
from quarterdeck.oncall.events import Reached, Unreached
from quarterdeck.oncall.rules import ESCALATION, FINAL_ROUNDS, Escalation
from quarterdeck.oncall.rules import escalation as life
from tests.oncall.making import at, started

NINE = at("2026-03-02 09:00")
MINUTE = timedelta(minutes=1)


def fold(*events: Event, onto: Escalation | None = None) -> Escalation:
    state = ESCALATION.fold(events, onto)
    assert state is not None
    return state


def reach(state: Escalation, *people: str, now: datetime, unreached: tuple[Unreached, ...] = ()) -> Escalation:
    """The due step is worked out: these are paged."""
    assert state.pending is not None
    step = state.pending.step
    found = [Reached(person=person, target="schedule:primary") for person in people]
    state = fold(*life.reach(state, people=found, unreached=unreached, now=now), onto=state)
    pages = [
        ev.PageRequested(at=now, step=step, person=person, target="schedule:primary", delivery=f"{person}-{step}")
        for person in dict.fromkeys(people)
    ]
    return fold(*pages, onto=state)


def begun(*people: str, **changes: Any) -> Escalation:
    state = fold(*life.start(None, started(**changes)))
    return reach(state, *(people or ("bob",)), now=NINE)


def woken(state: Escalation, *people: str) -> Escalation:
    """The alarm rings when it is due, and the next step reaches these."""
    now = ESCALATION.due(state)
    assert now is not None
    return reach(fold(*ESCALATION.wake(state, now), onto=state), *people, now=now)


def test_the_first_level_is_due_at_once() -> None:
    _, due = life.start(None, started())
    assert isinstance(due, ev.LevelDue)
    assert (due.step, due.level, due.round, due.reason) == (0, 1, 1, "started")


def test_an_unanswered_level_gives_way_to_the_next_when_its_time_is_over() -> None:
    state = begun()
    assert ESCALATION.due(state) == NINE + 5 * MINUTE
    (due,) = ESCALATION.wake(state, NINE + 5 * MINUTE)
    assert isinstance(due, ev.LevelDue)
    assert (due.level, due.round, due.reason) == (2, 1, "unacknowledged")


def test_the_path_repeats_and_ends_with_the_senior_manager_again_and_again() -> None:
    state, places = begun(), []
    while ESCALATION.due(state) is not None:
        state = fold(*ESCALATION.wake(state, ESCALATION.due(state) or NINE), onto=state)
        if state.pending is None:
            break
        places.append((state.pending.level, state.pending.round))
        state = reach(state, "somebody", now=state.pending.at)
    assert places == [(2, 1), (1, 2), (2, 2), *((0, n) for n in range(1, FINAL_ROUNDS + 1))]
    assert state.status == "exhausted"
    assert state.asking
    assert ESCALATION.due(state) is None


def test_an_exhausted_escalation_can_still_be_acknowledged_or_pushed_on() -> None:
    state = replace(begun(), status="exhausted", until=None)
    (pushed,) = life.escalate(state, by="alice", now=NINE)
    assert isinstance(pushed, ev.LevelDue)
    (acknowledged,) = life.acknowledge(state, by="bob", how="link", now=NINE)
    assert fold(acknowledged, onto=state).status == "acknowledged"


def test_a_level_that_reaches_nobody_gives_way_at_once_and_says_why() -> None:
    state = fold(*life.start(None, started()))
    nobody = Unreached(target="schedule:primary", reason="NobodyOnCall")
    reached, due = life.reach(state, people=[], unreached=[nobody], now=NINE)
    assert isinstance(reached, ev.LevelReached)
    assert reached.unreached == (nobody,)
    assert isinstance(due, ev.LevelDue)
    assert (due.level, due.at, due.reason) == (2, NINE, "nobody reached")


def test_the_final_post_is_tried_again_even_when_it_reaches_nobody() -> None:
    state = fold(*life.start(None, started(repeat=0)))
    for _ in range(2):
        state = fold(*life.reach(state, people=[], unreached=[], now=NINE), onto=state)
    assert state.pending is not None
    assert state.pending.level == 0
    (reached,) = life.reach(state, people=[], unreached=[], now=NINE)
    state = fold(reached, onto=state)
    assert ESCALATION.due(state) == NINE + 10 * MINUTE


def test_a_person_whom_two_targets_name_is_paged_once() -> None:
    state = fold(*life.start(None, started()))
    people = [Reached(person="bob", target="schedule:primary"), Reached(person="bob", target="person:bob")]
    (reached,) = life.reach(state, people=people, unreached=[], now=NINE)
    assert isinstance(reached, ev.LevelReached)
    assert reached.people == (people[0],)


def test_an_acknowledgement_stops_the_climb() -> None:
    state = begun()
    state = fold(*life.acknowledge(state, by="bob", how="link", now=NINE + MINUTE), onto=state)
    assert state.status == "acknowledged"
    assert ESCALATION.due(state) is None


def test_a_second_acknowledgement_is_noted_once_and_takes_nothing_away() -> None:
    state = begun()
    state = fold(*life.acknowledge(state, by="bob", how="link", now=NINE), onto=state)
    (again,) = life.acknowledge(state, by="alice", how="console", now=NINE + MINUTE)
    assert isinstance(again, ev.AcknowledgedAgain)
    state = fold(again, onto=state)
    assert state.acknowledged is not None
    assert state.acknowledged.by == "bob"
    assert life.acknowledge(state, by="alice", how="console", now=NINE + 2 * MINUTE) == []
    assert life.acknowledge(state, by="bob", how="link", now=NINE + 2 * MINUTE) == []


def test_somebody_who_has_it_can_call_the_next_level_and_the_climb_goes_on() -> None:
    state = begun()
    state = fold(*life.acknowledge(state, by="bob", how="link", now=NINE), onto=state)
    state = reach(fold(*life.escalate(state, by="bob", now=NINE + MINUTE), onto=state), "alice", now=NINE + MINUTE)
    assert state.status == "climbing"
    assert ESCALATION.due(state) == NINE + 11 * MINUTE


def test_declining_pages_the_next_level_at_once() -> None:
    declined, due = life.decline(begun(), delivery="bob-0", now=NINE + MINUTE)
    assert isinstance(declined, ev.PageDeclined)
    assert isinstance(due, ev.LevelDue)
    assert (due.level, due.reason, due.by) == (2, "declined", "bob")


def test_declining_twice_or_after_ones_level_has_passed_climbs_no_further() -> None:
    state = begun("bob", "carol")
    state = fold(*life.decline(state, delivery="bob-0", now=NINE), onto=state)
    state = reach(state, "alice", now=NINE)
    assert life.decline(state, delivery="bob-0", now=NINE) == []
    (late,) = life.decline(state, delivery="carol-0", now=NINE)
    assert isinstance(late, ev.PageDeclined)


def test_declining_does_not_take_the_incident_from_whoever_has_it() -> None:
    state = begun("bob", "carol")
    state = fold(*life.acknowledge(state, by="bob", how="link", now=NINE), onto=state)
    (late,) = life.decline(state, delivery="carol-0", now=NINE + MINUTE)
    assert isinstance(late, ev.PageDeclined)
    assert fold(late, onto=state).status == "acknowledged"


def test_whoever_has_it_can_give_it_back() -> None:
    state = begun()
    state = fold(*life.acknowledge(state, by="bob", how="link", now=NINE), onto=state)
    _, due = life.decline(state, delivery="bob-0", now=NINE + MINUTE)
    assert isinstance(due, ev.LevelDue)


def test_escalating_from_an_old_page_does_not_climb_past_those_who_were_just_paged() -> None:
    state = begun()
    state = woken(state, "alice")
    assert life.escalate_from_page(state, delivery="bob-0", now=NINE + 6 * MINUTE) == []
    (due,) = life.escalate_from_page(state, delivery="alice-1", now=NINE + 6 * MINUTE)
    assert isinstance(due, ev.LevelDue)


def test_a_page_that_reaches_no_phone_gives_way_when_nobody_else_of_the_level_is_left() -> None:
    state = begun("bob", "carol")
    (failed,) = life.page_failed(state, delivery="bob-0", now=NINE)
    state = fold(failed, onto=state)
    _, due = life.page_failed(state, delivery="carol-0", now=NINE)
    assert isinstance(due, ev.LevelDue)
    assert due.reason == "undeliverable"
    assert life.page_failed(state, delivery="bob-0", now=NINE) == []


def test_a_step_that_nobody_worked_out_is_passed_over() -> None:
    state = fold(*life.start(None, started()))
    assert ESCALATION.due(state) == NINE + life.OVERDUE
    (due,) = ESCALATION.wake(state, NINE + life.OVERDUE)
    assert isinstance(due, ev.LevelDue)
    assert (due.level, due.reason) == (2, "overdue")


def test_what_is_stopped_stays_silent() -> None:
    state = fold(*life.stop(begun(), reason="resolved", now=NINE), onto=begun())
    assert ESCALATION.due(state) is None
    assert life.acknowledge(state, by="bob", how="link", now=NINE) == []
    assert life.decline(state, delivery="bob-0", now=NINE) == []
    assert life.escalate_from_page(state, delivery="bob-0", now=NINE) == []
    assert life.page_failed(state, delivery="bob-0", now=NINE)[1:] == []
    assert life.stop(state, reason="resolved", now=NINE) == []
    with pytest.raises(Refused, match="resolved"):
        life.escalate(state, by="bob", now=NINE)


def test_starting_afresh_counts_steps_on_and_begins_at_the_first_level() -> None:
    state = woken(begun(), "alice")
    again = life.start(state, started(path="worse", reason="severity raised"))
    fresh = fold(*again, onto=state)
    assert fresh.pending is not None
    assert (fresh.pending.step, fresh.pending.level, fresh.run) == (2, 1, 2)
    assert fresh.paged == ("bob", "alice")


def test_a_reopened_incident_forgets_who_was_paged_before() -> None:
    state = fold(*life.stop(begun(), reason="resolved", now=NINE), onto=begun())
    assert fold(*life.start(state, started(reason="reopened")), onto=state).paged == ()


def test_a_path_that_only_helps_pages_its_first_level_and_does_not_climb() -> None:
    state = begun()
    state = fold(*life.acknowledge(state, by="bob", how="link", now=NINE), onto=state)
    state = fold(*life.start(state, started(acknowledged=True, reason="severity raised")), onto=state)
    state = reach(state, "dana", now=NINE)
    assert state.status == "acknowledged"
    assert state.acknowledged is not None
    assert state.acknowledged.by == "bob"
    assert ESCALATION.due(state) is None


def test_a_helping_level_that_nobody_worked_out_does_not_ring_for_ever() -> None:
    state = begun()
    state = fold(*life.acknowledge(state, by="bob", how="link", now=NINE), onto=state)
    state = fold(*life.start(state, started(acknowledged=True)), onto=state)
    now = ESCALATION.due(state)
    assert now is not None
    state = fold(*ESCALATION.wake(state, now), onto=state)
    assert ESCALATION.due(state) is None


def test_a_clock_set_back_gives_nobody_more_time_than_the_path_grants() -> None:
    state = begun()
    back = NINE - timedelta(days=1)
    (mended,) = life.mend_deadline(state, back)
    assert ESCALATION.due(fold(mended, onto=state)) == back + 5 * MINUTE
    assert life.mend_deadline(state, NINE + MINUTE) == []


def test_the_more_severe_incident_is_served_first() -> None:
    assert ESCALATION.urgency(begun()) < ESCALATION.urgency(begun(severity="SEV3"))
