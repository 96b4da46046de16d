"""Tasks: from the plan's steps, with deadlines that wake the incident once; done with evidence, skipped with reason."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from quarterdeck.command import events as ev
from quarterdeck.command import rules
from quarterdeck.command.rules import INCIDENT, Incident
from quarterdeck.kernel.errors import Invalid, NotFound, Refused
from quarterdeck.kernel.events import Event
from quarterdeck.plan.rules import Step
from tests.command.situations import NOON, given

STEPS = (
    Step(id="look", title="Look", role="operations-lead", within=10, mandatory=True, evidence="What was seen"),
    Step(id="tell", title="Tell", role="communications-lead", within=30),
    Step(id="think", title="Think", role="incident-commander"),
)


def working(*more: Event) -> Incident:
    return given(*rules.tasks_from(STEPS, "engine", NOON), *more)


def test_steps_become_tasks_due_so_many_minutes_after_the_declaration() -> None:
    tasks = working().tasks
    assert [(task.id, task.due) for task in tasks.values()] == [
        ("look", NOON + timedelta(minutes=10)),
        ("tell", NOON + timedelta(minutes=30)),
        ("think", None),
    ]


def test_the_incident_wants_attention_at_its_earliest_open_deadline() -> None:
    state = working()
    assert rules.due(state) == NOON + timedelta(minutes=10)
    done = INCIDENT.fold(rules.complete_task(state, "look", "bob", NOON, evidence="a dead disk"), state)
    assert done is not None
    assert rules.due(done) == NOON + timedelta(minutes=30)


def test_a_passed_deadline_is_recorded_once_at_the_instant_it_passed() -> None:
    state, late = working(), NOON + timedelta(hours=3)
    events = rules.wake(state, late)
    assert events == [
        ev.TaskOverdue(at=NOON + timedelta(minutes=10), task="look"),
        ev.TaskOverdue(at=NOON + timedelta(minutes=30), task="tell"),
    ]
    after = INCIDENT.fold(events, state)
    assert after is not None
    assert rules.due(after) is None
    assert rules.wake(after, late) == []


def test_an_ended_incident_wants_no_attention() -> None:
    assert rules.due(working(ev.IncidentDeclined(at=NOON, by="bob", reason="noise"))) is None


def test_a_step_that_wants_evidence_is_not_done_without() -> None:
    with pytest.raises(Refused) as refusal:
        rules.complete_task(working(), "look", "bob", NOON, evidence="  ")
    assert refusal.value.reason == "EvidenceNeeded"
    assert "What was seen" in refusal.value.detail
    assert rules.complete_task(working(), "tell", "bob", NOON)


def test_a_task_is_settled_only_once() -> None:
    state = working(ev.TaskSkipped(at=NOON, task="tell", reason="nobody to tell", by="bob"))
    again: Callable[[], object]
    for again in (
        lambda: rules.complete_task(state, "tell", "bob", NOON),
        lambda: rules.skip_task(state, "tell", "bob", NOON, reason="why not"),
        lambda: rules.assign_task(state, "tell", "bob", "bob", NOON),
    ):
        with pytest.raises(Refused) as refusal:
            again()
        assert refusal.value.reason == "AlreadySkipped"


def test_skipping_wants_a_reason_and_a_task_that_exists() -> None:
    with pytest.raises(Invalid):
        rules.skip_task(working(), "tell", "bob", NOON, reason=" ")
    with pytest.raises(NotFound):
        rules.skip_task(working(), "sing", "bob", NOON, reason="no voice")


def test_a_task_thought_of_on_the_spot_is_due_in_the_future() -> None:
    with pytest.raises(Invalid):
        rules.add_task(given(), "t1", "Call the bank", "bob", NOON, due_at=NOON)
    added = rules.add_task(given(), "t1", "  Call\nthe bank ", "bob", NOON, due_at=NOON + timedelta(minutes=1))
    assert isinstance(added[0], ev.TaskAdded)
    assert added[0].title == "Call the bank"


def test_whoever_has_the_role_owns_its_tasks_else_the_commander() -> None:
    from quarterdeck.command.rules.tasks import owned_by

    state = working(
        ev.RoleAssigned(at=NOON, role="operations-lead", person="bob", by="alice"),
        ev.TaskAssigned(at=NOON, task="tell", person="carol", by="alice"),
    )
    owners = {task.id: owned_by(state, task) for task in state.tasks.values()}
    assert owners == {"look": "bob", "tell": "carol", "think": "alice"}


@for_all(minutes=st.lists(st.integers(1, 600), min_size=1, max_size=8), settled=st.sets(st.integers(0, 7)))
def test_waking_at_each_due_instant_reports_every_open_deadline_exactly_once(
    minutes: list[int], settled: set[int]
) -> None:
    steps = [Step(id=f"s{n}", title="s", role="r", within=within) for n, within in enumerate(minutes)]
    state = given(*rules.tasks_from(steps, "engine", NOON))
    for n in settled & set(range(len(steps))):
        state = INCIDENT.fold(rules.skip_task(state, f"s{n}", "bob", NOON, reason="no"), state) or state
    reported: list[str] = []
    while (at := rules.due(state)) is not None:
        events = rules.wake(state, at)
        assert events, "a wake at the due instant makes progress"
        reported += [event.task for event in events if isinstance(event, ev.TaskOverdue)]
        state = INCIDENT.fold(events, state) or state
    assert sorted(reported) == sorted(f"s{n}" for n in range(len(steps)) if n not in settled)
