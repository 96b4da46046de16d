"""What a status page published about an incident → the incident as it was told to the world. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from quarterdeck.command import events as ev
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import Instant
from quarterdeck.migration.rules.naming import SOURCE, Names
from quarterdeck.migration.rules.told import LONGEST_NUMBER, Rejection, Told, line_of, long_text


@dataclass(frozen=True)
class Update:
    """One update. `stage`: the page's own word; `means`: identified, mitigated, resolved or nothing of these."""

    at: Instant
    text: str
    stage: str = ""
    means: str = ""


@dataclass(frozen=True, kw_only=True)
class Published:
    """An incident of a status page. `ended`: when the page says that it was over; None: it does not say."""

    system: str
    number: str
    line: int
    title: str
    began: Instant
    opened: Instant | None = None
    mitigated: Instant | None = None
    ended: Instant | None = None
    severity: str
    impact: str = ""
    services: Sequence[str] = ()
    summary: str = ""
    updates: Sequence[Update] = ()


def told_to_the_world(found: Published, names: Names) -> Told | Rejection:
    """Whoever publishes has seen it: the first update acknowledges, and several services become a note."""
    if not 0 < len(found.number) <= LONGEST_NUMBER:
        return Rejection(found.line, f"its id has {len(found.number)} characters; 1 to {LONGEST_NUMBER} are wanted")
    opened = found.opened or found.began
    told = Told(
        system=found.system,
        number=found.number,
        line=found.line,
        title=names.text(found.title),
        at=opened,
        severity=found.severity,
        severity_reason=found.impact or None,
        detected_at=opened,
        impact_started=found.began if found.began <= opened else None,
        impact=found.impact or None,
        service=found.services[0] if found.services else None,
        summary=names.text(found.summary),
    )
    told.steps = _steps(found, names)
    return told


def _steps(found: Published, names: Names) -> list[Event]:
    steps: list[Event] = []
    updates = sorted(found.updates, key=lambda update: update.at)
    if len(found.services) > 1:
        affected = f"Affected: {', '.join(line_of(one, 100) for one in found.services[:50])}"
        steps.append(ev.NoteAdded(at=found.opened or found.began, text=affected, by=SOURCE))
    mitigated, ended, active = found.mitigated, found.ended, False
    if updates:
        steps += [
            ev.IncidentAcknowledged(at=updates[0].at, by=SOURCE),
            ev.IncidentActivated(at=updates[0].at, by=SOURCE),
        ]
        active = True
    for update in updates:
        if update.stage:
            steps.append(ev.StageEntered(at=update.at, stage=line_of(update.stage, 100), by=SOURCE))
        if update.text:
            text = long_text(names.text(update.text), 10_000)
            steps.append(ev.NoteAdded(at=update.at, text=text, by=SOURCE))
        if update.means == "mitigated" and mitigated is None:
            mitigated = update.at
        if update.means == "resolved" and ended is None:
            ended = update.at
    if not active and (mitigated or ended):
        steps.append(ev.IncidentActivated(at=found.opened or found.began, by=SOURCE))
    if mitigated is not None:
        steps.append(ev.IncidentMitigated(at=mitigated, by=SOURCE))
    if ended is not None:
        reason, severity = "as published", found.severity
        steps += [
            ev.IncidentResolved(at=ended, by=SOURCE, reason=reason, severity=severity, commander=SOURCE),
            ev.IncidentClosed(at=ended, by=SOURCE),
        ]
    return steps
