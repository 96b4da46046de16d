"""The rules by themselves: given what was recorded, when the clock or a person acts, then this is recorded."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from quarterdeck.comms import events as ev
from quarterdeck.comms.rules import COMMS, Comms, cadence, due, elevating, wake
from quarterdeck.comms.rules.state import ROUNDS, STUCK
from quarterdeck.kernel.errors import Refused
from quarterdeck.kernel.events import Event

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def after(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def audience(first: int, every: int, by: str = "lead", **more: Any) -> ev.AudienceCopied:
    pace = {"SEV1": ev.Cadence(first_within=first, every=every)}
    return ev.AudienceCopied(title="Some", by=by, cadence=pace, subject="s", says="{impact}", **more)


def rule(**more: Any) -> ev.RuleCopied:
    facts = {"name": "r", "title": "R", "by": "lead", "to": ("chief", "deputy"), "acknowledge_within": 15, "says": "x"}
    return ev.RuleCopied(**{**facts, **more})


def begun(*rules: ev.RuleCopied, **more: Any) -> ev.CommunicationBegun:
    audiences = more.pop("audiences", {"it": audience(5, 30), "press": audience(5, 60)})
    return ev.CommunicationBegun(
        at=NOON,
        number=7,
        severity="SEV1",
        plan_revision=1,
        declared_at=NOON,
        since=NOON - timedelta(minutes=10),
        commander="commander",
        owner="boss",
        audiences=audiences,
        rules=rules,
        due=cadence.first_due(audiences, "SEV1", NOON),
        **more,
    )


def given(*events: Event) -> Comms:
    state = COMMS.fold(events)
    assert state is not None
    return state


def sent(minutes: float, following: float, *audiences: str, **more: Any) -> ev.UpdateSent:
    texts = {name: ev.Rendered(subject="s", text="t") for name in audiences}
    facts: dict[str, Any] = {"update": 1, "fields": {}, "next_update": after(following), "texts": texts, "by": "alice"}
    return ev.UpdateSent(at=after(minutes), **{**facts, **more})


def test_what_the_same_role_owes_at_the_same_time_is_one_reminder() -> None:
    state = given(begun())
    assert due(state) == after(5)
    assert wake(state, after(4)) == []
    late = ev.UpdateOverdue(at=after(6), audiences=("it", "press"), due=after(5), step=0)
    assert wake(state, after(6)) == [late]


def test_turns_lie_a_pace_apart_and_end_some_time() -> None:
    events: list[Event] = [begun(audiences={"it": audience(5, 30)})]
    while (at := due(given(*events))) is not None:
        turn = len(events) - 1
        (event,) = wake(given(*events), at)
        assert isinstance(event, ev.UpdateOverdue) and event.step == turn
        assert at == after(5 + 30 * turn)
        events.append(event)
    assert len(events) - 1 == ROUNDS


def test_an_update_to_some_leaves_the_others_deadlines() -> None:
    state = given(begun(), sent(2, 32, "it"))
    assert {name: clock.due for name, clock in state.clocks.items()} == {"it": after(32), "press": after(5)}
    assert due(state) == after(5)


def test_what_waits_for_an_agreement_has_not_been_told() -> None:
    text = ev.Rendered(subject="s", text="t", waits_for="commander")
    state = given(begun(), sent(2, 32, "it", texts={"press": text}))
    assert state.waiting == {"press": 1}
    assert state.clocks["press"].due == after(5)
    agreed = cadence.approve(state, after(3), update=1, audience="press", by="alice", people=("dana",), unreached=())
    assert agreed == [
        ev.UpdateApproved(at=after(3), update=1, audience="press", people=("dana",), due=after(32), by="alice")
    ]
    with pytest.raises(Refused):
        cadence.check_waiting(given(begun(), sent(2, 32, "it")), update=1, audience="press")


def test_every_condition_of_a_rule_has_to_hold() -> None:
    long = rule(open_longer_than=60, tolerance_breached=True, severities=("SEV1",))
    assert elevating.fires_at(given(begun(long)), long) is None, "nobody has said what is tolerated"
    assert elevating.fires_at(given(begun(long, tolerance=30)), long) == after(60)
    assert elevating.fires_at(given(begun(long, tolerance=90)), long) == after(80), "counted from the impact"
    mild = rule(severities=("SEV2",))
    assert elevating.fires_at(given(begun(mild)), mild) is None


def test_a_rule_about_silence_follows_the_earliest_deadline() -> None:
    silence = rule(update_overdue_by=20)
    assert elevating.fires_at(given(begun(silence)), silence) == after(25)
    kept = given(begun(silence), sent(3, 33, "it", "press"))
    assert elevating.fires_at(kept, silence) == after(53)


def test_a_rule_fires_once_and_never_again_after_a_reopening() -> None:
    state = given(begun(rule()))
    assert wake(state, NOON) == [ev.ElevationDue(at=NOON, rule="r")]
    stopped = ev.CommunicationStopped(at=after(9), reason="resolved")
    again = given(begun(rule()), ev.ElevationDue(at=NOON, rule="r"), stopped, begun(rule()))
    assert wake(again, after(1)) == []


def test_a_turn_that_nobody_could_work_out_is_passed_over() -> None:
    raised = ev.Elevated(
        at=NOON, elevation="r", title="R", to=("chief", "deputy"), acknowledge_within=15, text="x", by="engine"
    )
    state = given(begun(audiences={}), raised)
    assert due(state) == NOON + STUCK
    told = ev.ElevationTold(at=NOON, elevation="r", step=0, post="chief", person="dana", delivery="d")
    state = given(begun(audiences={}), raised, told)
    assert due(state) == after(15)
    climbed = ev.ElevationClimbed(at=after(15), elevation="r", step=1, reason="unacknowledged")
    assert wake(state, after(15)) == [climbed]
    noted = elevating.acknowledge(state, after(4), elevation="r", by="dana", how="link")
    assert due(given(begun(audiences={}), raised, told, *noted)) is None
    assert elevating.pass_on(state, after(4), elevation="r", person="carol") == [], "not carol's turn"
