"""How clocks stand, by given, when and then; and that none is ever overdue that nobody has attested."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quarterdeck.kernel.errors import Invalid, NotFound, Refused
from quarterdeck.kernel.events import Event
from quarterdeck.obligations import events as ev
from quarterdeck.obligations.rules import OBLIGATIONS, Duties, Standing, clocks, deciding, scoping, standing, waking
from quarterdeck.obligations.rules.state import Duty
from quarterdeck.obligations.sources import shipped
from tests.obligations.contract import REGIME, TEXT

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
ID = REGIME.id


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


def scope(**more: Any) -> ev.ScopeDeclared:
    (found,) = scoping.declare(None, "alice", NINE, regime=REGIME, applies=True, reason="We sell.", **more)
    assert isinstance(found, ev.ScopeDeclared)
    return found


def asked(regime: ev.Regime = REGIME, **options: bool) -> Duties:
    declared = ev.ScopeDeclared(at=NINE, regime=regime.id, applies=True, reason="r", options=options, by="alice")
    events = deciding.ask(
        None, NINE, number=7, regime=regime, scope=declared, severity="SEV1", times={"detected": NINE, "declared": NINE}
    )
    return then(None, events)


def then(state: Duties | None, events: Sequence[Event]) -> Duties:
    found = OBLIGATIONS.fold(events, state)
    assert found is not None
    return found


def notifiable(state: Duties, at: datetime = NINE) -> Duties:
    (id,) = state.duties
    return then(state, deciding.assess(state, "bob", at, regime=id, notifiable=True, reason="It was down."))


def attested(state: Duties, instant: datetime = NINE, at: datetime | None = None, anchor: str = "aware") -> Duties:
    (id,) = state.duties
    now = at or max(instant, NINE)
    events = deciding.attest(state, "bob", now, regime=id, anchor=anchor, instant=instant, source="The log.")
    return then(state, events)


def handed_in(state: Duties, clock: str, at: datetime) -> Duties:
    (id,) = state.duties
    return then(state, deciding.hand_in(state, "bob", at, regime=id, clock=clock, instant=at, reference="X-1"))


def duty(state: Duties) -> Duty:
    (found,) = state.duties.values()
    return found


def stands(state: Duties, clock: str = "call", now: datetime = NINE) -> Standing:
    found = standing(duty(state), clock, now)
    assert found is not None
    return found


def woken(state: Duties, until: datetime) -> tuple[Duties, list[Event]]:
    """Woken at each alarm until then, as the engine would."""
    told: list[Event] = []
    while (at := OBLIGATIONS.due(state)) is not None and at <= until:
        events = list(OBLIGATIONS.wake(state, at))
        assert events, "an alarm that says nothing would ring for ever"
        state, told = then(state, events), told + events
    return state, told


def test_before_the_answer_the_earliest_end_is_only_suggested() -> None:
    found = stands(asked(), now=NINE + hours(100))
    assert (found.state, found.due, found.sure) == ("to assess", NINE + hours(4), False)
    assert duty(asked()).answer_by == NINE + hours(1), "a quarter of the shortest time"


def test_after_the_answer_a_clock_waits_for_the_instant_that_somebody_attests() -> None:
    found = stands(notifiable(asked()), now=NINE + hours(100))
    assert (found.state, found.sure, found.missing) == ("not begun", False, ("Aware of the outage",))
    running = attested(notifiable(asked()), NINE + hours(1))
    assert stands(running, now=NINE + hours(5)).state == "running"
    assert stands(running, now=NINE + hours(5) + timedelta(seconds=1)).state == "overdue"


def test_a_correction_moves_the_end_and_takes_the_overdue_back() -> None:
    state = attested(notifiable(asked()))
    state, told = woken(state, NINE + hours(5))
    assert isinstance(told[-1], ev.ClockMissed)
    assert stands(state, now=NINE + hours(5)).state == "overdue"
    state = attested(state, NINE + hours(2), NINE + hours(5))
    assert stands(state, now=NINE + hours(5)).state == "running"
    assert duty(state).missed == {"call": (NINE + hours(4),)}, "that it was thought missed stays on record"
    _, again = woken(state, NINE + hours(9))
    assert isinstance(again[-1], ev.ClockMissed), "and the new end can be missed in turn"


def test_handed_in_counts_by_its_first_and_is_late_by_what_it_was() -> None:
    state = handed_in(attested(notifiable(asked())), "call", NINE + hours(3))
    state = handed_in(state, "call", NINE + hours(30))
    found = stands(state, now=NINE + hours(40))
    assert (found.state, found.late_by, found.handed_in) == ("handed in", None, NINE + hours(3))
    late = handed_in(attested(notifiable(asked())), "call", NINE + hours(5))
    assert stands(late).late_by == hours(1)


def test_a_clock_that_follows_another_begins_when_that_was_handed_in() -> None:
    state = attested(notifiable(asked()))
    assert stands(state, "report").missing == ("Call handed in",)
    state = handed_in(state, "call", NINE + hours(1))
    assert stands(state, "report").due == datetime(2026, 3, 4, 23, 59, 59, tzinfo=UTC)


def test_without_undue_delay_is_wanted_at_once_and_never_overdue() -> None:
    state = attested(notifiable(asked()), NINE, NINE, "verdict")
    found = stands(state, "apology", NINE + timedelta(days=400))
    assert (found.state, found.due, found.start) == ("running", None, NINE)
    _, told = woken(state, NINE + timedelta(days=400))
    mine = [one for one in told if isinstance(one, ev.ReminderDue) and one.clock == "apology"]
    assert [(one.step, one.sure) for one in mine] == [(1, True)]


def test_an_option_of_the_scope_takes_the_shorter_limb() -> None:
    assert stands(attested(notifiable(asked(strict=True)))).due == NINE + hours(1)


def test_classified_late_is_not_overdue_before_it_could_begin() -> None:
    """DORA, Article 5(2): classified more than 24 hours after awareness, only the four hours count."""
    state = notifiable(asked(shipped()["dora-19"]))
    state = attested(state, NINE)
    later = NINE + hours(77)
    assert stands(state, "initial", later).state == "not begun", "aware but not classified: nothing is owed yet"
    state = attested(state, later, later, "classified")
    assert stands(state, "initial", later).due == later + hours(4)


def test_not_notifiable_waived_and_fallen_away_say_why() -> None:
    state = asked()
    no = then(state, deciding.assess(state, "bob", NINE, regime=ID, notifiable=False, reason="It was up."))
    assert (stands(no).state, stands(no).reason) == ("fell away", "Not to be notified: It was up.")
    yes = attested(notifiable(state))
    waived = then(yes, deciding.waive(yes, "alice", NINE, regime=ID, clock="call", reason="They were told by us."))
    assert (stands(waived).state, stands(waived).reason) == ("waived", "They were told by us.")
    over = then(yes, deciding.fall_away(yes, NINE, reason="INC-7 was cancelled"))
    assert stands(over, now=NINE + hours(99)).state == "fell away"
    assert all(OBLIGATIONS.due(each) is None for each in (no, over))
    with pytest.raises(Refused, match="Nothing is owed"):
        deciding.assess(over, "bob", NINE, regime=ID, notifiable=True, reason="Yes.")


def test_somebody_is_reminded_at_half_and_three_quarters_and_told_when_it_is_missed() -> None:
    _, told = woken(attested(notifiable(asked())), NINE + hours(100))
    call = [one for one in told if getattr(one, "clock", "") == "call"]
    assert [(type(one).__name__, one.at) for one in call] == [
        ("ReminderDue", NINE + hours(2)),
        ("ReminderDue", NINE + hours(3)),
        ("ClockMissed", NINE + hours(4) + timedelta(seconds=1)),
    ]


def test_the_last_reminder_comes_an_hour_before_or_at_once() -> None:
    assert waking.reminders(NINE, NINE + hours(2)) == (NINE + hours(1), NINE + hours(1))
    assert waking.reminders(NINE, NINE + hours(1)) == (NINE, NINE)
    assert waking.reminders(NINE, NINE + hours(72)) == (NINE + hours(36), NINE + hours(54))


def test_an_unanswered_question_is_asked_again_and_never_missed() -> None:
    state, told = woken(asked(), NINE + timedelta(days=90))
    assert [(type(one), getattr(one, "step", None)) for one in told] == [
        (ev.ReminderDue, 0),
        (ev.ReminderDue, 1),
        (ev.ReminderDue, waking.END),
    ]
    assert OBLIGATIONS.due(state) is None


def test_a_yes_without_any_instant_is_asked_since_when() -> None:
    """SEC: the four days count from a determination that only a person can state."""
    state = asked(shipped()["sec-8k"])
    assert stands(state, next(iter(shipped()["sec-8k"].clocks))).due is None
    _, told = woken(notifiable(state), NINE + timedelta(days=30))
    assert [(one.step, one.at) for one in told if isinstance(one, ev.ReminderDue)] == [(9, NINE + hours(1))]


def test_a_duty_is_live_while_something_may_have_to_be_done() -> None:
    assert clocks.live(duty(asked())) and clocks.live(duty(notifiable(asked())))
    state = handed_in(attested(notifiable(asked())), "call", NINE + hours(1))
    assert clocks.live(duty(state)), "the report runs"
    state = handed_in(state, "report", NINE + hours(2))
    assert not clocks.live(duty(state)), "the apology waits for what may never come"


def test_after_a_long_silence_each_clock_is_told_once() -> None:
    told = OBLIGATIONS.wake(attested(notifiable(asked())), NINE + hours(50))
    assert [type(one) for one in told] == [ev.ClockMissed]


def test_what_lies_ahead_or_is_unknown_is_refused() -> None:
    state = notifiable(asked())
    with pytest.raises(Invalid, match="lies ahead"):
        attested(state, NINE + hours(1), NINE)
    with pytest.raises(NotFound):
        attested(state, anchor="nothing")
    said = deciding.assess(state, "bob", NINE, regime=ID, notifiable=True, reason="Red \x1b[31m text")
    assert isinstance(said[0], ev.RegimeAssessed) and "\x1b" not in said[0].reason
    with pytest.raises(Refused, match="Say first"):
        handed_in(asked(), "call", NINE)
    with pytest.raises(Invalid, match="say why"):
        deciding.assess(state, "bob", NINE, regime=ID, notifiable=False, reason=" ")


def test_a_merged_incident_leaves_its_duties_to_the_other() -> None:
    state = handed_in(attested(notifiable(asked())), "call", NINE + hours(1))
    ((left, said),) = deciding.handed_over(state, None, NINE + hours(2), because="INC-7 was merged into it")
    into = then(asked(left.regime), said)
    assert stands(into).handed_in == NINE + hours(1)
    assert "INC-7 was merged into it" in duty(into).anchors["aware"].source


def test_outside_of_its_days_a_regime_asks_nothing_and_no_clock_begins() -> None:
    early = NINE.replace(year=2019)
    times = {"detected": early}
    assert deciding.ask(None, NINE, number=7, regime=REGIME, scope=scope(), severity="SEV1", times=times) == []
    assert stands(attested(notifiable(asked()), early, NINE)).state == "not begun"


def test_the_scope_is_declared_with_a_reason_and_a_draft_cannot_be() -> None:
    assert scope().severities == ("SEV1", "SEV2")
    with pytest.raises(Invalid) as caught:
        scope(options={"lax": True}, severities=["SEV9"], post="nobody")
    assert len(caught.value.errors) == 3
    regime = msgspec.structs.replace(REGIME, draft=True)
    with pytest.raises(Refused, match="no final text"):
        scoping.declare(None, "alice", NINE, regime=regime, applies=True, reason="r")
    state = scoping.Scope(declared=scope())
    assert scoping.declare(state, "alice", NINE + hours(1), regime=REGIME, applies=True, reason="We sell.") == []
    with pytest.raises(Refused, match="another id"):
        scoping.add(None, "alice", NINE, regime=REGIME, text=TEXT, shipped=[ID])


MOMENTS = st.integers(-200, 400).map(lambda half: NINE + timedelta(minutes=30 * half))


@settings(max_examples=120, deadline=None)
@given(
    st.sampled_from(sorted(shipped())),
    st.dictionaries(st.integers(0, 5), MOMENTS, max_size=4),
    st.dictionaries(st.integers(0, 4), MOMENTS, max_size=3),
    st.sets(st.integers(0, 2)),
    st.booleans(),
)
def test_no_clock_is_overdue_without_an_attested_instant_behind_it(
    id: str, anchors: dict[int, datetime], sent: dict[int, datetime], options: set[int], answered: bool
) -> None:
    """Whatever was attested, handed in and opted: overdue means that all of it is known and the end has passed."""
    regime, now = shipped()[id], NINE + timedelta(days=400)
    chosen = {name: index in options for index, name in enumerate(regime.options)}
    found = OBLIGATIONS.fold(
        [
            *deciding.ask(
                None,
                NINE,
                number=7,
                regime=regime,
                scope=ev.ScopeDeclared(at=NINE, regime=id, applies=True, reason="r", options=chosen, by="a"),
                severity="SEV1",
                times={"detected": NINE, "declared": NINE, "started": NINE},
            )
        ]
    )
    if found is None:
        return
    state = notifiable(found, now) if answered else found
    for index, name in enumerate(regime.anchors):
        if index in anchors and answered:
            state = attested(state, anchors[index], now, name)
    for index, name in enumerate(regime.clocks):
        if index in sent and answered:
            state = then(state, deciding.hand_in(state, "bob", now, regime=id, clock=name, instant=sent[index]))
    for name in regime.clocks:
        found_ = standing(duty(state), name, now)
        if found_ is None or found_.state != "overdue":
            continue
        assert answered and found_.sure and found_.due is not None and found_.due < now
        known = {*duty(state).anchors, *(f"submitted:{clock}" for clock in duty(state).notices)}
        starts = {limb.start.split("+")[0].replace("resubmitted:", "submitted:") for limb in regime.clocks[name].due}
        assert known, "nothing is known, and yet something is overdue"
        assert starts & known or any("+" in limb.start for limb in regime.clocks[name].due)
    woken(state, now)
