"""An incident as its events have made it: the state every decision is taken on, and the fold that makes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from quarterdeck.command import events as ev
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import Instant

State = Literal["triage", "active", "mitigated", "resolved", "reviewing", "closed", "declined", "merged", "cancelled"]
STATES: tuple[State, ...] = (
    "triage",
    "active",
    "mitigated",
    "resolved",
    "reviewing",
    "closed",
    "declined",
    "merged",
    "cancelled",
)
OPEN: tuple[State, ...] = ("triage", "active", "mitigated")
"""Somebody has to do something about the trouble itself."""
LIVE: tuple[State, ...] = (*OPEN, "resolved", "reviewing")
"""Not over yet: tasks and severity still count."""
ENDED: tuple[State, ...] = ("closed", "declined", "merged", "cancelled")


@dataclass(frozen=True)
class Task:
    """One thing to do. `overdue` stays true once its deadline has passed while it was open."""

    id: str
    title: str
    step: str | None = None
    role: str | None = None
    assignee: str | None = None
    due: Instant | None = None
    mandatory: bool = False
    evidence: str | None = None
    details: str = ""
    state: Literal["open", "done", "skipped", "fallen"] = "open"
    """`fallen`: another way was chosen, and it no longer applies."""
    overdue: bool = False
    added_at: Instant | None = None
    settled_at: Instant | None = None
    after: tuple[str, ...] = ()
    only_if: Mapping[str, tuple[str, ...]] | None = None
    question: str | None = None
    answers: Mapping[str, str] | None = None
    answer: str | None = None
    within: int | None = None
    counted_from: str = "declared"
    skip: str = "with-reason"
    explained: bool = False
    """Why the plan was not followed here has been said."""
    out_of_order: bool = False
    entitled: bool = True
    """It was done by whose task it was."""

    @property
    def on_severity(self) -> None:
        """A task was made because its step applied; it stays when the severity changes."""


@dataclass(frozen=True)
class Incident:
    """`roles` is role → person, the commander's apart; `groups` is group of alerts → all cleared."""

    number: int
    title: str
    type: str | None
    state: State
    severity: str
    computed_severity: str
    impact: str | None
    urgency: str | None
    service: str | None
    plan_revision: int | None
    commander: str
    commander_by_default: bool
    declared_by: str
    declared_at: Instant
    detected_at: Instant
    impact_started: Instant | None = None
    acknowledged_at: Instant | None = None
    mitigated_at: Instant | None = None
    resolved_at: Instant | None = None
    closed_at: Instant | None = None
    statement: str = ""
    auto_resolve: bool = False
    drill: bool = False
    roles: Mapping[str, str] = field(default_factory=dict)
    tasks: Mapping[str, Task] = field(default_factory=dict)
    groups: Mapping[str, bool] = field(default_factory=dict)
    review: Literal["none", "owed", "settled"] = "none"
    merged_into: int | None = None
    reopened: int = 0
    source: str | None = None
    """Where it was brought in from; None: it was declared here."""

    @property
    def imported(self) -> bool:
        """Managed elsewhere: told as it was there, and nothing follows from it here."""
        return self.source is not None


def evolve(state: Incident | None, event: Event) -> Incident:
    """Fold one event; an event of a later version that is not known here changes nothing."""
    if isinstance(event, ev.IncidentDeclared):
        return _declared(event)
    assert state is not None, f"{type(event).__name__} before IncidentDeclared"
    step = _STEPS.get(type(event))
    return step(state, event) if step else state


def _declared(e: ev.IncidentDeclared) -> Incident:
    return Incident(
        number=e.number,
        title=e.title,
        type=e.type,
        state="triage",
        severity=e.severity,
        computed_severity=e.computed_severity,
        impact=e.impact,
        urgency=e.urgency,
        service=e.service,
        plan_revision=e.plan_revision,
        commander=e.commander,
        commander_by_default=e.commander_by_default,
        declared_by=e.declared_by,
        declared_at=e.at,
        detected_at=e.detected_at,
        impact_started=e.impact_started,
        statement=e.summary,
        auto_resolve=e.auto_resolve,
        drill=e.drill,
        source=e.source,
        groups={e.group: False} if e.group else {},
    )


def _severity(s: Incident, e: ev.SeverityChanged) -> Incident:
    review = "owed" if e.review_owed and s.review == "none" and s.state in ("resolved", "reviewing") else s.review
    return replace(
        s,
        severity=e.severity,
        computed_severity=e.computed_severity,
        impact=e.impact,
        urgency=e.urgency,
        review=review,
    )


def _times(s: Incident, e: ev.TimesCorrected) -> Incident:
    return replace(s, impact_started=e.impact_started or s.impact_started, detected_at=e.detected_at or s.detected_at)


def _without(roles: Mapping[str, str], role: str) -> dict[str, str]:
    return {key: person for key, person in roles.items() if key != role}


def _task_added(s: Incident, e: ev.TaskAdded) -> Incident:
    task = Task(
        id=e.task,
        title=e.title,
        step=e.step,
        role=e.role,
        assignee=e.assignee,
        due=e.due,
        mandatory=e.mandatory,
        evidence=e.evidence,
        details=e.details,
        added_at=e.at,
        after=e.after,
        only_if=e.only_if,
        question=e.question,
        answers=e.answers,
        within=e.within,
        counted_from=e.counted_from,
        skip=e.skip,
    )
    return replace(s, tasks={**s.tasks, e.task: task})


def _task(s: Incident, id: str, **changes: Any) -> Incident:
    return replace(s, tasks={**s.tasks, id: replace(s.tasks[id], **changes)})


def _resolved(s: Incident, e: ev.IncidentResolved) -> Incident:
    return replace(s, state="resolved", resolved_at=e.at, review="owed" if e.review_owed else "none")


def _reopened(s: Incident, e: ev.IncidentReopened) -> Incident:
    return replace(
        s,
        state="active",
        mitigated_at=None,
        resolved_at=None,
        closed_at=None,
        review="none",
        reopened=s.reopened + 1,
    )


_STEPS: dict[type[Event], Any] = {
    ev.IncidentAcknowledged: lambda s, e: replace(s, acknowledged_at=s.acknowledged_at or e.at),
    ev.IncidentActivated: lambda s, e: replace(s, state="active"),
    ev.IncidentClassified: lambda s, e: replace(s, type=e.type, service=e.service),
    ev.SeverityChanged: _severity,
    ev.ImpactStated: lambda s, e: replace(s, statement=e.statement),
    ev.TimesCorrected: _times,
    ev.CommandTransferred: lambda s, e: replace(s, commander=e.to, commander_by_default=False),
    ev.RoleAssigned: lambda s, e: replace(s, roles={**s.roles, e.role: e.person}),
    ev.RoleReleased: lambda s, e: replace(s, roles=_without(s.roles, e.role)),
    ev.TaskAdded: _task_added,
    ev.TaskAssigned: lambda s, e: _task(s, e.task, assignee=e.person),
    ev.TaskDone: lambda s, e: _task(
        s,
        e.task,
        state="done",
        settled_at=e.at,
        answer=e.answer,
        out_of_order=e.out_of_order,
        entitled=e.entitled,
    ),
    ev.TaskSkipped: lambda s, e: _task(s, e.task, state="skipped", settled_at=e.at),
    ev.TaskDueSet: lambda s, e: _task(s, e.task, due=e.due, overdue=False),
    ev.TaskFellAway: lambda s, e: _task(s, e.task, state="fallen", settled_at=e.at),
    ev.DeviationExplained: lambda s, e: _task(s, e.task, explained=True),
    ev.TaskOverdue: lambda s, e: _task(s, e.task, overdue=True),
    ev.AlertsCleared: lambda s, e: replace(s, groups={**s.groups, e.group: True}),
    ev.AlertsReturned: lambda s, e: replace(s, groups={**s.groups, e.group: False}),
    ev.IncidentMitigated: lambda s, e: replace(s, state="mitigated", mitigated_at=e.at),
    ev.IncidentResolved: _resolved,
    ev.IncidentReopened: _reopened,
    ev.ReviewBegun: lambda s, e: replace(s, state="reviewing"),
    ev.ReviewSettled: lambda s, e: replace(s, review="settled"),
    ev.IncidentClosed: lambda s, e: replace(s, state="closed", closed_at=e.at),
    ev.IncidentDeclined: lambda s, e: replace(s, state="declined", closed_at=e.at),
    ev.IncidentMerged: lambda s, e: replace(s, state="merged", merged_into=e.into, closed_at=e.at),
    ev.IncidentAbsorbed: lambda s, e: replace(s, groups={**s.groups, **dict.fromkeys(e.groups, False)}),
    ev.IncidentCancelled: lambda s, e: replace(s, state="cancelled", closed_at=e.at),
}
