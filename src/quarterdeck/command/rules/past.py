"""An incident that ended before it came here: its whole life as events, at the times at which it happened. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from quarterdeck.command import events as ev
from quarterdeck.command.rules.words import line, text
from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import Instant, reachable
from quarterdeck.plan.rules import SEVERITIES

MOST_NOTES = 2_000


@dataclass(frozen=True, kw_only=True)
class Past:
    """What is known about a past incident. `source` says where it was written down; `notes`: instant and Markdown."""

    source: str
    title: str
    severity: str
    declared_at: Instant
    ended_at: Instant
    """When it was closed where it was kept, or else resolved."""
    detected_at: Instant | None = None
    impact_started: Instant | None = None
    acknowledged_at: Instant | None = None
    mitigated_at: Instant | None = None
    resolved_at: Instant | None = None
    type: str | None = None
    service: str | None = None
    summary: str = ""
    commander: str = ""
    """A person's id; empty: nobody knows."""
    how: str = ""
    """How it was mitigated."""
    reason: str = ""
    """What resolved it."""
    notes: Sequence[tuple[Instant, str]] = ()


def past(facts: Past, number: int, by: str, now: Instant) -> list[Event]:
    """The events, in the order of time. Its plan is not known, so nothing is asked of it: no tasks, no review.

    Raises `Invalid` with every fault: what contradicts itself has to be settled before it is recorded.
    """
    _check(facts, now)
    source = line("source", facts.source, 200)
    told: list[Event] = [ev.NoteAdded(at=at, text=text("notes", said, 10_000), by=by) for at, said in facts.notes]
    if facts.acknowledged_at is not None:
        told.append(ev.IncidentAcknowledged(at=facts.acknowledged_at, by=facts.commander or by))
    if facts.mitigated_at is not None:
        told.append(ev.IncidentMitigated(at=facts.mitigated_at, by=facts.commander or by, how=_part("how", facts.how)))
    if facts.resolved_at is not None:
        told.append(
            ev.IncidentResolved(
                at=facts.resolved_at,
                by=facts.commander or by,
                reason=_part("reason", facts.reason) or f"as told by {source}",
                severity=facts.severity,
                commander=facts.commander,
            )
        )
    told.sort(key=lambda event: event.at)
    activated = [ev.IncidentActivated(at=facts.declared_at, by=by)]
    return [_declared(facts, number, by, source), *activated, *told, ev.IncidentClosed(at=facts.ended_at, by=by)]


def _declared(facts: Past, number: int, by: str, source: str) -> ev.IncidentDeclared:
    return ev.IncidentDeclared(
        at=facts.declared_at,
        number=number,
        title=line("title", facts.title, 200),
        type=facts.type,
        severity=facts.severity,
        computed_severity=facts.severity,
        service=facts.service,
        commander=facts.commander,
        declared_by=by,
        detected_at=facts.detected_at or facts.declared_at,
        impact_started=facts.impact_started,
        summary=_part("summary", facts.summary, 500),
        source=source,
    )


def _part(field: str, value: str, longest: int = 2_000) -> str:
    """What is too long for the place stands in full in the notes, so that here the beginning suffices."""
    value = value.strip()
    return text(field, value if len(value) <= longest else value[: longest - 2].rstrip() + " …", longest)


def _check(facts: Past, now: Instant) -> None:
    errors = []
    if facts.severity not in SEVERITIES:
        errors.append(f"severity: {facts.severity!r}; use one of {', '.join(SEVERITIES)}")
    if len(facts.notes) > MOST_NOTES:
        errors.append(f"notes: {len(facts.notes)}; at most {MOST_NOTES}")
    named = (
        ("impact_started", facts.impact_started),
        ("detected_at", facts.detected_at),
        ("declared_at", facts.declared_at),
        ("acknowledged_at", facts.acknowledged_at),
        ("mitigated_at", facts.mitigated_at),
        ("resolved_at", facts.resolved_at),
        ("ended_at", facts.ended_at),
        *(("notes", at) for at, _ in facts.notes),
    )
    known = {name: reachable(name, at) for name, at in named if at is not None}
    errors += [f"{name}: lies in the future" for name, at in known.items() if at > now]
    for before, after in (
        ("impact_started", "detected_at"),
        ("declared_at", "acknowledged_at"),
        ("declared_at", "mitigated_at"),
        ("declared_at", "resolved_at"),
        ("mitigated_at", "resolved_at"),
        ("declared_at", "ended_at"),
        ("resolved_at", "ended_at"),
    ):
        if before in known and after in known and known[after] < known[before]:
            errors.append(f"{after}: lies before {before}")
    if errors:
        raise Invalid(f"The past incident {facts.title[:80]!r} contradicts itself.", tuple(errors))
