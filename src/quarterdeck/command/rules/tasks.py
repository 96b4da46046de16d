"""Tasks: made of the plan's steps or on the spot, done with evidence or skipped with a reason, overdue once."""

from collections.abc import Iterable
from datetime import timedelta

from quarterdeck.command import events as ev
from quarterdeck.command.rules.state import LIVE, Incident, Task
from quarterdeck.command.rules.words import happened, line, text
from quarterdeck.kernel.errors import Invalid, NotFound, Refused
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import Instant
from quarterdeck.plan.rules import Step

MOST_TASKS = 500


def tasks_from(steps: Iterable[Step], by: str, start: Instant) -> list[Event]:
    """One task for each step, due `within` minutes of `start`. A step's id is its task's id."""
    return [
        ev.TaskAdded(
            at=start,
            task=step.id,
            title=step.title,
            step=step.id,
            role=step.role,
            due=None if step.within is None else start + timedelta(minutes=step.within),
            mandatory=step.mandatory,
            evidence=step.evidence,
            details=step.details or "",
            by=by,
        )
        for step in steps
    ]


def add_task(
    incident: Incident,
    task: str,
    title: str,
    by: str,
    now: Instant,
    *,
    assignee: str | None = None,
    due_at: Instant | None = None,
    details: str = "",
) -> list[Event]:
    _allow(incident)
    if len(incident.tasks) >= MOST_TASKS:
        raise Refused("TooManyTasks", f"INC-{incident.number} has {MOST_TASKS} tasks; finish some first.")
    if due_at is not None and (due_at.tzinfo is None or due_at <= now):
        raise Invalid("A time is not right.", ("due: give an instant in the future, with its offset from UTC",))
    title, details = line("title", title, 200), text("details", details, 10_000)
    return [ev.TaskAdded(at=now, task=task, title=title, assignee=assignee, due=due_at, details=details, by=by)]


def assign_task(incident: Incident, task: str, person: str, by: str, now: Instant) -> list[Event]:
    found = _open(incident, task)
    if found.assignee == person:
        raise Refused("AlreadyAssigned", "That person has this task already.")
    return [ev.TaskAssigned(at=now, task=task, person=person, by=by)]


def complete_task(
    incident: Incident, task: str, by: str, now: Instant, *, evidence: str | None = None, at: Instant | None = None
) -> list[Event]:
    found = _open(incident, task)
    shown = text("evidence", evidence or "", 10_000) or None
    if found.evidence and not shown:
        raise Refused("EvidenceNeeded", f"“{found.title}” is done when there is evidence: {found.evidence}")
    when = happened("at", at, now, not_before=incident.detected_at)
    return [ev.TaskDone(at=when, task=task, evidence=shown, by=by)]


def skip_task(incident: Incident, task: str, by: str, now: Instant, *, reason: str) -> list[Event]:
    _open(incident, task)
    return [ev.TaskSkipped(at=now, task=task, reason=text("reason", reason, 2_000, needed=True), by=by)]


def missing_mandatory(incident: Incident) -> list[Task]:
    """The mandatory tasks that are neither done nor skipped."""
    return [task for task in incident.tasks.values() if task.mandatory and task.state == "open"]


def due(incident: Incident) -> Instant | None:
    """The earliest deadline of an open task that has not been reported as overdue."""
    if incident.state not in LIVE:
        return None
    return min((task.due for task in _waiting(incident) if task.due is not None), default=None)


def wake(incident: Incident, now: Instant) -> list[Event]:
    """A deadline occurred when it was due, however late somebody looks."""
    if incident.state not in LIVE:
        return []
    passed = [task for task in _waiting(incident) if task.due is not None and task.due <= now]
    return [ev.TaskOverdue(at=task.due or now, task=task.id) for task in passed]


def owned_by(incident: Incident, task: Task) -> str:
    """Whose task it is: the assignee's, else the role's, else the commander's, who holds every function not given."""
    return task.assignee or incident.roles.get(task.role or "") or incident.commander


def _waiting(incident: Incident) -> Iterable[Task]:
    return (task for task in incident.tasks.values() if task.state == "open" and not task.overdue)


def _allow(incident: Incident) -> None:
    if incident.state not in LIVE:
        raise Refused("IncidentEnded", f"INC-{incident.number} is {incident.state}: its tasks no longer change.")


def _open(incident: Incident, id: str) -> Task:
    task = incident.tasks.get(id)
    if task is None:
        raise NotFound(f"task {id} of INC-{incident.number}")
    _allow(incident)
    if task.state != "open":
        raise Refused("AlreadyDone" if task.state == "done" else "AlreadySkipped", f"“{task.title}” is {task.state}.")
    return task
