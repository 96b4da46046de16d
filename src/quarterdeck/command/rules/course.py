"""What a decision entails for the other tasks: branches that fall away, deadlines whose anchor has happened."""

from collections.abc import Iterator, Sequence

from quarterdeck.command import events as ev
from quarterdeck.command.rules.state import LIVE, Incident, Task, evolve
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import Instant
from quarterdeck.plan.rules.graph import due_at, fallen_away, predecessors


def with_consequences(incident: Incident | None, events: Sequence[Event], now: Instant) -> list[Event]:
    """The events, and after them what they entail for the tasks."""
    for event in events:
        incident = evolve(incident, event)
    if incident is None or incident.state not in LIVE:
        return list(events)
    fallen = list(_fallen(incident, now))
    for event in fallen:
        incident = evolve(incident, event)
    return [*events, *fallen, *_deadlines(incident, now)]


def waits_for(incident: Incident, task: Task) -> list[Task]:
    """The open tasks that come before this one, by order or by question."""
    first = (incident.tasks[name] for name in (*task.after, *(task.only_if or ())) if name in incident.tasks)
    return [one for one in first if one.state == "open"]


def _settled(incident: Incident) -> set[str]:
    return {task.id for task in incident.tasks.values() if task.state in ("done", "skipped")}


def _fallen(incident: Incident, now: Instant) -> Iterator[Event]:
    answers = {task.id: task.answer for task in incident.tasks.values() if task.answer is not None}
    gone = fallen_away(incident.tasks.values(), incident.severity, _settled(incident), answers)
    for task in incident.tasks.values():
        if task.id in gone and task.state == "open":
            yield ev.TaskFellAway(at=now, task=task.id, because=next(iter(task.only_if or ()), task.id))


def _deadlines(incident: Incident, now: Instant) -> Iterator[Event]:
    for task in incident.tasks.values():
        if task.state != "open" or task.within is None or task.counted_from == "declared":
            continue
        due = due_at(task, _anchors(incident, task))
        if due != task.due:
            yield ev.TaskDueSet(at=now, task=task.id, due=due)


def _anchors(incident: Incident, task: Task) -> dict[str, Instant]:
    known = {
        "detected": incident.detected_at,
        "acknowledged": incident.acknowledged_at,
        "mitigated": incident.mitigated_at,
        "resolved": incident.resolved_at,
        f"ready:{task.id}": _ready_since(incident, task),
    }
    known |= {
        f"step:{other.id}": other.settled_at for other in incident.tasks.values() if other.state in ("done", "skipped")
    }
    return {name: at for name, at in known.items() if at is not None}


def _ready_since(incident: Incident, task: Task) -> Instant | None:
    """When the last task before it was settled or fell away; None while one is open."""
    first = [incident.tasks[name] for name in predecessors(task) if name in incident.tasks]
    if any(one.state == "open" for one in first):
        return None
    return max((at for at in (task.added_at, *(one.settled_at for one in first)) if at is not None), default=None)
