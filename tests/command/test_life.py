"""The life of an incident: every decision in every state, allowed or refused with its reason."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from quarterdeck.command import events as ev
from quarterdeck.command import rules
from quarterdeck.command.rules import INCIDENT, STATES, Incident
from quarterdeck.kernel.errors import Invalid, Refused
from quarterdeck.kernel.events import Event
from tests.command.situations import NOON, given, in_state

LATER = NOON + timedelta(minutes=10)
OTHER = given(number=3, title="The same")

DECISIONS: dict[str, Callable[[Incident], list[Event]]] = {
    "activate": lambda s: rules.activate(s, "bob", LATER),
    "acknowledge": lambda s: rules.acknowledge(s, "bob", LATER, commands=True),
    "mitigate": lambda s: rules.mitigate(s, "bob", LATER),
    "resolve": lambda s: rules.resolve(s, "bob", LATER, reason="fixed", review_owed=False),
    "reopen": lambda s: rules.reopen(s, "bob", LATER, reason="back"),
    "begin_review": lambda s: rules.begin_review(s, "engine", LATER),
    "close": lambda s: rules.close(s, "bob", LATER),
    "decline": lambda s: rules.decline(s, "bob", LATER, reason="noise"),
    "cancel": lambda s: rules.cancel(s, "bob", LATER, reason="error"),
    "merge": lambda s: rules.merge(s, OTHER, "bob", LATER),
    "note": lambda s: rules.note(s, "bob", LATER, text_="seen"),
}
NEXT: dict[str, dict[str, str]] = {
    "activate": {"triage": "active"},
    "mitigate": {"triage": "mitigated", "active": "mitigated"},
    "resolve": dict.fromkeys(("triage", "active", "mitigated"), "resolved"),
    "reopen": dict.fromkeys(("mitigated", "resolved", "reviewing", "closed"), "active"),
    "begin_review": {"resolved": "reviewing"},
    "close": {"resolved": "closed", "reviewing": "closed"},
    "decline": {"triage": "declined"},
    "cancel": dict.fromkeys(("triage", "active", "mitigated"), "cancelled"),
    "merge": dict.fromkeys(("triage", "active", "mitigated"), "merged"),
    "note": {state: state for state in STATES},
    "acknowledge": {**{state: state for state in STATES}, "triage": "active"},
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("decision", DECISIONS)
def test_every_decision_leads_where_the_life_says_or_is_refused_by_name(decision: str, state: str) -> None:
    before = in_state(state)
    expected = NEXT[decision].get(state)
    if expected is None:
        with pytest.raises(Refused) as refusal:
            DECISIONS[decision](before)
        assert refusal.value.reason
        assert refusal.value.detail
    else:
        after = INCIDENT.fold(DECISIONS[decision](before), before)
        assert after is not None
        assert after.state == expected


def test_refusals_are_named() -> None:
    for decision, state, reason in (
        ("mitigate", "resolved", "AlreadyResolved"),
        ("mitigate", "mitigated", "AlreadyMitigated"),
        ("close", "active", "NotResolved"),
        ("close", "closed", "AlreadyClosed"),
        ("decline", "active", "AlreadyActive"),
        ("resolve", "merged", "AlreadyMerged"),
        ("reopen", "declined", "NotResolved"),
    ):
        with pytest.raises(Refused) as refusal:
            DECISIONS[decision](in_state(state))
        assert refusal.value.reason == reason


def test_an_acknowledgement_by_someone_else_takes_command_from_a_commander_by_default() -> None:
    events = rules.acknowledge(given(commander_by_default=True), "bob", LATER, commands=True)
    assert events == [
        ev.IncidentAcknowledged(at=LATER, by="bob"),
        ev.CommandTransferred(at=LATER, to="bob", was="alice", by="bob", reason="acknowledged first"),
        ev.IncidentActivated(at=LATER, by="bob"),
    ]


@pytest.mark.parametrize(
    ("by_default", "by", "commands"),
    [(False, "bob", True), (True, "alertmanager", False), (True, "alice", True)],
    ids=["the commander was chosen", "a source acknowledged", "the commander acknowledged"],
)
def test_an_acknowledgement_leaves_command_where_it_is(by_default: bool, by: str, commands: bool) -> None:
    state = given(commander_by_default=by_default)
    events = rules.acknowledge(state, by, LATER, commands=commands)
    assert [type(event) for event in events] == [ev.IncidentAcknowledged, ev.IncidentActivated]


def test_only_the_first_acknowledgement_counts() -> None:
    state = given(ev.IncidentAcknowledged(at=NOON, by="bob"))
    assert rules.acknowledge(state, "carol", LATER, commands=True) == []


def test_resolution_in_triage_ends_triage_at_the_same_instant() -> None:
    when = NOON + timedelta(minutes=4)
    events = rules.resolve(given(), "bob", LATER, reason="fixed", review_owed=True, at=when)
    assert events[0] == ev.IncidentActivated(at=when, by="bob")
    assert events[1].at == when
    assert isinstance(events[1], ev.IncidentResolved)
    assert events[1].review_owed


@pytest.mark.parametrize("minutes", [-1, 11])
def test_a_mitigation_lies_between_detection_and_now(minutes: int) -> None:
    with pytest.raises(Invalid):
        rules.mitigate(in_state("active"), "bob", LATER, at=NOON + timedelta(minutes=minutes))


def test_closing_waits_for_mandatory_tasks_and_names_them() -> None:
    task = ev.TaskAdded(at=NOON, task="tell", title="Tell the customers", mandatory=True, by="engine")
    resolved = given(task, *_resolution(owed=False))
    with pytest.raises(Refused) as refusal:
        rules.close(resolved, "bob", LATER)
    assert refusal.value.reason == "MandatoryTasksOpen"
    assert "Tell the customers" in refusal.value.detail
    skipped = INCIDENT.fold(rules.skip_task(resolved, "tell", "bob", LATER, reason="none concerned"), resolved)
    assert skipped is not None
    assert rules.close(skipped, "bob", LATER) == [ev.IncidentClosed(at=LATER, by="bob")]


def test_closing_waits_for_the_review_that_is_owed() -> None:
    resolved = given(*_resolution(owed=True))
    with pytest.raises(Refused) as refusal:
        rules.close(resolved, "bob", LATER)
    assert refusal.value.reason == "ReviewOwed"
    settled = INCIDENT.fold(rules.settle_review(resolved, "carol", LATER, outcome="held"), resolved)
    assert settled is not None
    assert rules.close(settled, "bob", LATER)


def test_a_reopened_incident_owes_nothing_until_it_is_resolved_again() -> None:
    resolved = given(*_resolution(owed=True))
    again = INCIDENT.fold(rules.reopen(resolved, "bob", LATER, reason="back"), resolved)
    assert again is not None
    assert (again.review, again.resolved_at, again.mitigated_at, again.reopened) == ("none", None, None, 1)


def test_a_merger_takes_the_waiting_groups_along() -> None:
    source = given(ev.AlertsCleared(at=NOON, group="g1"), group="g1")
    source = (
        INCIDENT.fold([ev.IncidentAbsorbed(at=NOON, number=9, title="x", groups=("g2",), by="bob")], source) or source
    )
    assert rules.absorb(OTHER, source, "bob", LATER) == [
        ev.IncidentAbsorbed(at=LATER, number=7, title="Card payments fail", groups=("g2",), by="bob")
    ]


def test_an_incident_is_not_merged_into_itself_or_into_an_ended_one() -> None:
    with pytest.raises(Refused) as refusal:
        rules.merge(given(), given(), "bob", LATER)
    assert refusal.value.reason == "SameIncident"
    with pytest.raises(Refused) as refusal:
        rules.merge(given(), in_state("closed", number=3), "bob", LATER)
    assert refusal.value.reason == "TargetNotOpen"


def test_the_last_group_to_clear_resolves_the_incident_if_its_route_says_so() -> None:
    two = given(
        ev.IncidentAbsorbed(at=NOON, number=9, title="x", groups=("g2",), by="bob"), group="g1", auto_resolve=True
    )
    first = rules.groups_cleared(two, "g1", "engine", LATER, at=LATER, review_owed=False)
    assert [type(event) for event in first] == [ev.AlertsCleared]
    one = INCIDENT.fold(first, two)
    assert one is not None
    second = rules.groups_cleared(one, "g2", "engine", LATER, at=LATER, review_owed=False)
    assert isinstance(second[-1], ev.IncidentResolved)
    assert second[-1].reason == "all alerts cleared"
    assert rules.groups_cleared(one, "g1", "engine", LATER, at=LATER, review_owed=False) == []


def test_without_auto_resolve_cleared_alerts_are_only_noted() -> None:
    events = rules.groups_cleared(given(group="g1"), "g1", "engine", LATER, at=LATER, review_owed=False)
    assert events == [ev.AlertsCleared(at=LATER, group="g1")]


def test_a_note_is_bounded_and_never_in_the_future() -> None:
    with pytest.raises(Invalid):
        rules.note(given(), "bob", LATER, text_="x" * 10_001)
    with pytest.raises(Invalid):
        rules.note(given(), "bob", LATER, text_="soon", at=LATER + timedelta(minutes=1))
    with pytest.raises(Invalid):
        rules.note(given(), "bob", LATER, text_="  ")
    assert rules.note(given(), "bob", LATER, text_="x" * 10_000)


def _resolution(*, owed: bool) -> list[Event]:
    return [
        ev.IncidentResolved(
            at=NOON, by="bob", reason="fixed", severity="SEV2", plan_revision=1, commander="alice", review_owed=owed
        )
    ]
