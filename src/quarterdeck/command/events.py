"""What can happen to an incident: every fact that its state, its timeline and its measures are read from.

`by` is the id of the person who acted, or the principal (`engine`, `key/…`) where no person did; `source/…` is a name
that another system gave, in a history that was brought in. `at` is when it happened; the record adds when it was
written down, and the two may differ.
"""

from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import Instant


class IncidentDeclared(Event, frozen=True, kw_only=True):
    """Opens the stream and pins the plan revision: what the plan asks of this incident no longer changes."""

    number: int
    title: str
    type: str | None = None
    impact: str | None = None
    """A level of the plan's impact scale; None: not known yet."""
    urgency: str | None = None
    severity: str
    computed_severity: str
    """What the plan's matrix and the type's floor gave; differs from `severity` only with a `severity_reason`."""
    severity_reason: str | None = None
    service: str | None = None
    plan_revision: int | None = None
    """None: no plan was in force."""
    commander: str
    commander_by_default: bool = False
    """The commander is the holder of the plan's post, who has not been asked; whoever acknowledges takes over."""
    declared_by: str
    group: str | None = None
    auto_resolve: bool = False
    detected_at: Instant
    impact_started: Instant | None = None
    summary: str = ""
    drill: bool = False
    source: str | None = None
    """Where it was written down before it was brought in, as `postmortem:PM2020-002` or `servicenow:INC0000045`: it was
    managed elsewhere, so nobody is paged or told, and no review is owed. None: it was declared here."""


class IncidentAcknowledged(Event, frozen=True, kw_only=True):
    """Somebody, or a source of alerts, said: seen, being looked at. Only the first counts."""

    by: str


class IncidentActivated(Event, frozen=True, kw_only=True):
    """Triage is over: this is an incident and it is being worked on."""

    by: str


class IncidentClassified(Event, frozen=True, kw_only=True):
    """The type or the service was set or corrected."""

    type: str | None
    service: str | None
    by: str


class SeverityChanged(Event, frozen=True, kw_only=True):
    severity: str
    was: str
    computed_severity: str
    impact: str | None = None
    urgency: str | None = None
    reason: str
    by: str
    review_owed: bool = False
    """The plan asks for a review at this severity; matters only when the incident has been resolved already."""


class ImpactStated(Event, frozen=True, kw_only=True):
    """Who cannot do what, in plain words and numbers."""

    statement: str
    by: str
    customers: int | None = None
    """How many could not use what they pay for, if somebody counted; what an incident cost is reckoned from it."""


class TimesCorrected(Event, frozen=True, kw_only=True):
    """When the impact began or was detected turned out to be otherwise; None leaves a time as it was."""

    impact_started: Instant | None = None
    detected_at: Instant | None = None
    reason: str = ""
    by: str


class CommandTransferred(Event, frozen=True, kw_only=True):
    """Command passed from `was` to `to`, in one step: there is never none and never two."""

    to: str
    was: str
    by: str
    reason: str = ""


class RoleAssigned(Event, frozen=True, kw_only=True):
    role: str
    person: str
    by: str


class RoleReleased(Event, frozen=True, kw_only=True):
    role: str
    person: str
    by: str


class TaskAdded(Event, frozen=True, kw_only=True):
    """From a step of the pinned procedure (`step` set), or thought of on the spot."""

    task: str
    title: str
    step: str | None = None
    role: str | None = None
    assignee: str | None = None
    due: Instant | None = None
    mandatory: bool = False
    evidence: str | None = None
    """What has to be shown for it to count as done; None: nothing."""
    details: str = ""
    by: str
    after: tuple[str, ...] = ()
    """Tasks that come first."""
    only_if: dict[str, tuple[str, ...]] | None = None
    """Deciding task → answers: it applies only after these."""
    question: str | None = None
    """What has to be decided to do it; `answers` are the choices, id → words."""
    answers: dict[str, str] | None = None
    within: int | None = None
    """Minutes from `counted_from`, which names an instant of the incident or a task."""
    counted_from: str = "declared"
    skip: str = "with-reason"


class TaskAssigned(Event, frozen=True, kw_only=True):
    task: str
    person: str
    by: str


class TaskDone(Event, frozen=True, kw_only=True):
    task: str
    evidence: str | None = None
    by: str
    answer: str | None = None
    out_of_order: bool = False
    """Something that comes first was still open."""
    entitled: bool = True
    """Done by whose task it was: the assignee, the holder of its role, or the commander."""


class TaskSkipped(Event, frozen=True, kw_only=True):
    task: str
    reason: str
    by: str


class TaskOverdue(Event, frozen=True, kw_only=True):
    """The deadline (`at`) passed with the task still open. Once per task."""

    task: str


class TaskDueSet(Event, frozen=True, kw_only=True):
    """What the deadline counts from has happened, was corrected, or is undone (`due` None)."""

    task: str
    due: Instant | None


class TaskFellAway(Event, frozen=True, kw_only=True):
    """Another way was chosen: the task no longer applies."""

    task: str
    because: str
    """The deciding task."""


class DeviationExplained(Event, frozen=True, kw_only=True):
    """Why a step of the plan was not followed, and what to think of it."""

    task: str
    why: str
    verdict: str
    """`necessary`, `mistake` or `better-than-the-plan`."""
    draft: int | None = None
    """The number of the draft that proposes the change."""
    by: str


class NoteAdded(Event, frozen=True, kw_only=True):
    """Markdown, kept as it was typed."""

    text: str
    by: str


class AlertsCleared(Event, frozen=True, kw_only=True):
    """Every alert of the group has been resolved at its source."""

    group: str


class AlertsReturned(Event, frozen=True, kw_only=True):
    """An alert of a group that had cleared fires again."""

    group: str


class IncidentMitigated(Event, frozen=True, kw_only=True):
    """The impact on users has ended or is bearable; the cause may still be there."""

    by: str
    how: str = ""


class IncidentResolved(Event, frozen=True, kw_only=True):
    by: str
    reason: str
    severity: str
    plan_revision: int | None = None
    commander: str
    review_owed: bool = False


class IncidentReopened(Event, frozen=True, kw_only=True):
    by: str
    reason: str


class ReviewBegun(Event, frozen=True, kw_only=True):
    by: str


class ReviewSettled(Event, frozen=True, kw_only=True):
    """The review that was owed has been held, or waived with a reason; the incident may be closed."""

    outcome: str
    by: str


class IncidentClosed(Event, frozen=True, kw_only=True):
    by: str


class IncidentDeclined(Event, frozen=True, kw_only=True):
    """Triage found that this is not an incident."""

    by: str
    reason: str


class IncidentMerged(Event, frozen=True, kw_only=True):
    """The same trouble as another incident; the work goes on there."""

    into: int
    by: str


class IncidentAbsorbed(Event, frozen=True, kw_only=True):
    """On the target of a merger: which incident, and which groups of alerts, it took over."""

    number: int
    title: str
    groups: tuple[str, ...] = ()
    by: str


class IncidentCancelled(Event, frozen=True, kw_only=True):
    """Declared in error, or overtaken: work stops."""

    by: str
    reason: str


# -- what other systems tell and we do not do ourselves: only in histories that were brought in ---


class TeamAssigned(Event, frozen=True, kw_only=True):
    """It came into the queue of another team (an assignment group); `was` None: it was in none, or nobody says."""

    team: str
    was: str | None = None
    by: str


class ReassignmentsCounted(Event, frozen=True, kw_only=True):
    """How often it had changed teams by then, as the source counts; its log may show fewer."""

    count: int


class StageEntered(Event, frozen=True, kw_only=True):
    """The source's own word for where it stood, as `Awaiting Vendor`; `waiting`: for somebody outside."""

    stage: str
    waiting: bool = False
    by: str


class ServiceLevelJudged(Event, frozen=True, kw_only=True):
    """The source says that its target was met or missed. The last judgement counts."""

    made: bool
    target: str = ""
    """Which target, if the source has several."""


class DoubtRaised(Event, frozen=True, kw_only=True):
    """Two things in the source that cannot both be true, such as an end before the beginning. Both are kept as told."""

    doubt: str
    """`resolved-before-declared`, `closed-before-resolved`, `lies-in-the-future`, …"""
    text: str
