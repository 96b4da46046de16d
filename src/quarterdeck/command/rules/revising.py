"""What was thought at first and turned out otherwise: severity, type, impact in words, times."""

from collections.abc import Iterable, Sequence

from quarterdeck.command import events as ev
from quarterdeck.command.rules.state import ENDED, LIVE, Incident
from quarterdeck.command.rules.tasks import tasks_from
from quarterdeck.command.rules.words import happened, text
from quarterdeck.kernel.errors import Invalid, Refused
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import Instant
from quarterdeck.plan.rules import Step

MOST_CUSTOMERS = 10_000_000_000


def change_severity(
    incident: Incident,
    severity: str,
    by: str,
    now: Instant,
    *,
    computed: str,
    floor: str | None,
    reason: str,
    impact: str | None,
    urgency: str | None,
    steps: Sequence[Step] = (),
    review_owed: bool = False,
) -> list[Event]:
    """Also adds the `steps` that apply at the new severity and are no tasks yet. A less severe grade than the floor
    of the type is refused; nothing new at all is refused."""
    if incident.state not in LIVE:
        raise Refused("IncidentEnded", f"INC-{incident.number} is {incident.state}: its severity no longer changes.")
    if floor is not None and severity > floor:
        raise Refused("BelowFloor", f"The plan sets {floor} as the least for this type of incident.")
    if (severity, impact, urgency) == (incident.severity, incident.impact, incident.urgency):
        raise Refused("AlreadySo", f"INC-{incident.number} is {severity} already, with this impact and urgency.")
    changed = ev.SeverityChanged(
        at=now,
        severity=severity,
        was=incident.severity,
        computed_severity=computed,
        impact=impact,
        urgency=urgency,
        reason=text("reason", reason, 2_000, needed=True),
        by=by,
        review_owed=review_owed,
    )
    return [changed, *_new_tasks(incident, steps, by, now)]


def classify(
    incident: Incident, type_: str | None, service: str | None, by: str, now: Instant, *, steps: Sequence[Step] = ()
) -> list[Event]:
    """Set the type or the service; the steps of the new type's procedure are added, those begun stay."""
    if incident.state not in LIVE:
        raise Refused("IncidentEnded", f"INC-{incident.number} is {incident.state}: its type no longer changes.")
    if (type_, service) == (incident.type, incident.service):
        raise Refused("AlreadySo", f"INC-{incident.number} has this type and service already.")
    return [
        ev.IncidentClassified(at=now, type=type_, service=service, by=by),
        *_new_tasks(incident, steps, by, now),
    ]


def _new_tasks(incident: Incident, steps: Iterable[Step], by: str, now: Instant) -> list[Event]:
    """Their deadlines run from now: a duty that begins late is not overdue from the start."""
    return tasks_from([step for step in steps if step.id not in incident.tasks], by, now)


def state_impact(
    incident: Incident, statement: str, by: str, now: Instant, customers: int | None = None
) -> list[Event]:
    """`customers`: how many are hit, if it is known."""
    if incident.state in ENDED:
        raise Refused("IncidentEnded", f"INC-{incident.number} is {incident.state}.")
    if customers is not None and not 0 <= customers <= MOST_CUSTOMERS:
        raise Invalid("The impact is not right.", (f"customers: 0 to {MOST_CUSTOMERS:,}",))
    said = text("statement", statement, 500, needed=True)
    return [ev.ImpactStated(at=now, statement=said, by=by, customers=customers)]


def correct_times(
    incident: Incident,
    by: str,
    now: Instant,
    *,
    impact_started: Instant | None,
    detected_at: Instant | None,
    reason: str,
) -> list[Event]:
    """Allowed at any time; the impact cannot begin after it was detected, nor be detected after declaration."""
    if impact_started is None and detected_at is None:
        raise Refused("NothingToCorrect", "Give impact_started or detected_at.")
    detected = detected_at or incident.detected_at
    started = impact_started or incident.impact_started
    if detected_at is not None:
        happened("detected_at", detected_at, incident.declared_at)
    if started is not None:
        happened("impact_started", started, detected)
    return [
        ev.TimesCorrected(
            at=now,
            impact_started=impact_started,
            detected_at=detected_at,
            reason=text("reason", reason, 2_000, needed=True),
            by=by,
        )
    ]
