"""Tasks: made of the plan's steps or on the spot, done with evidence or skipped with a reason, overdue once."""

from collections.abc import Iterable

from quarterdeck.command import events as ev
from quarterdeck.command.rules.conformance import VERDICTS
from quarterdeck.command.rules.state import LIVE, Incident, Task
from quarterdeck.command.rules.words import happened, line, text
from quarterdeck.kernel.errors import Invalid, NotFound, Refused
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import Instant, reachable
from quarterdeck.plan.rules import Step
from quarterdeck.plan.rules.graph import due_at

MOST_TASKS = 500


def tasks_from(steps: Iterable[Step], by: str, start: Instant) -> list[Event]:
    """One task for each step; a step's id is its task's. Due `within` minutes of `start` if it counts from that.

    Deadlines that count from anything else follow when that has happened: see `course`.
    """
    return [
        ev.TaskAdded(
            at=start,
            task=step.id,
            title=step.title,
            step=step.id,
            role=step.role,
            due=due_at(step, {"declared": start}),
            mandatory=step.mandatory,
            evidence=step.evidence,
            details=step.details or "",
            by=by,
            after=step.after,
            only_if=step.only_if,
            question=step.decides.question if step.decides else None,
            answers=step.decides.answers if step.decides else None,
            within=step.within,
            counted_from=step.counted_from,
            skip=step.skip,
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
    due_at = reachable("due", due_at) if due_at is not None else None
    title, details = line("title", title, 200), text("details", details, 10_000)
    return [ev.TaskAdded(at=now, task=task, title=title, assignee=assignee, due=due_at, details=details, by=by)]


def assign_task(incident: Incident, task: str, person: str, by: str, now: Instant) -> list[Event]:
    found = _open(incident, task)
    if found.assignee == person:
        raise Refused("AlreadyAssigned", "That person has this task already.")
    return [ev.TaskAssigned(at=now, task=task, person=person, by=by)]


def complete_task(
    incident: Incident,
    task: str,
    by: str,
    now: Instant,
    *,
    evidence: str | None = None,
    answer: str | None = None,
    at: Instant | None = None,
) -> list[Event]:
    """Whoever does it; doing it out of order or for somebody else is allowed, and said."""
    found = _open(incident, task)
    if found.answers and answer not in found.answers:
        choices = "; ".join(f"{id}: {words}" for id, words in found.answers.items())
        raise Refused("AnswerNeeded", f"“{found.title}” decides: {found.question} Give one of {choices}.")
    if answer is not None and not found.answers:
        raise Invalid("Nothing is decided here.", (f"answer: “{found.title}” asks no question; leave it out",))
    shown = text("evidence", evidence or "", 10_000) or None
    if found.evidence and not shown:
        raise Refused("EvidenceNeeded", f"“{found.title}” is done when there is evidence: {found.evidence}")
    when = happened("at", at, now, not_before=incident.detected_at)
    return [
        ev.TaskDone(
            at=when,
            task=task,
            evidence=shown,
            by=by,
            answer=answer,
            out_of_order=bool(unsettled_before(incident, found, when)),
            entitled=by in (owned_by(incident, found), incident.commander),
        )
    ]


def unsettled_before(incident: Incident, task: Task, when: Instant) -> list[Task]:
    """What comes before the task and was still open at that instant."""
    first = (incident.tasks[name] for name in task.after if name in incident.tasks)
    return [one for one in first if one.state == "open" or (one.settled_at is not None and one.settled_at > when)]


def skip_task(incident: Incident, task: str, by: str, now: Instant, *, reason: str) -> list[Event]:
    found = _open(incident, task)
    if found.skip == "never":
        detail = f"The plan never lets “{found.title}” be skipped; explain it as a deviation if it cannot be done."
        raise Refused("NeverSkipped", detail)
    if found.skip == "by-commander" and by != incident.commander:
        raise Refused("CommanderSkips", f"Only the commander may skip “{found.title}”.")
    return [ev.TaskSkipped(at=now, task=task, reason=text("reason", reason, 2_000, needed=True), by=by)]


def explain_deviation(
    incident: Incident, task: str, by: str, now: Instant, *, why: str, verdict: str, draft: int | None = None
) -> list[Event]:
    """At any time, ended incidents included, except where the incident was none. One explanation may follow another."""
    found = incident.tasks.get(task)
    if found is None or found.step is None:
        raise NotFound(f"step {task} of INC-{incident.number}")
    if incident.state in ("declined", "merged", "cancelled"):
        raise Refused("IncidentEnded", f"INC-{incident.number} is {incident.state}: its plan was not to be followed.")
    if verdict not in VERDICTS:
        raise Invalid("There is no such verdict.", (f"verdict: use one of {', '.join(VERDICTS)}",))
    reason = text("why", why, 2_000, needed=True)
    return [ev.DeviationExplained(at=now, task=task, why=reason, verdict=verdict, draft=draft, by=by)]


def missing_mandatory(incident: Incident) -> list[Task]:
    """The mandatory tasks that are neither done nor skipped, and that nobody has explained."""
    open_ = (task for task in incident.tasks.values() if task.mandatory and task.state == "open")
    return [task for task in open_ if not task.explained]


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
