"""Our own facts in somebody's file: only what a history may hold, every text within its limit, nobody of ours. Pure."""

from collections.abc import Iterable
from typing import Any

import msgspec

from quarterdeck.command import events as ev
from quarterdeck.command.rules.telling import tell
from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.events import Event, type_name
from quarterdeck.kernel.time import Instant, reachable
from quarterdeck.migration.rules.naming import SOURCE, Names
from quarterdeck.migration.rules.told import Rejection, Told, line_of, long_text
from quarterdeck.plan.rules import SEVERITIES

_TOLD: tuple[type[Event], ...] = (
    ev.IncidentAcknowledged,
    ev.IncidentActivated,
    ev.IncidentClassified,
    ev.SeverityChanged,
    ev.ImpactStated,
    ev.TimesCorrected,
    ev.CommandTransferred,
    ev.RoleAssigned,
    ev.RoleReleased,
    ev.NoteAdded,
    ev.IncidentMitigated,
    ev.IncidentResolved,
    ev.IncidentReopened,
    ev.IncidentClosed,
    ev.IncidentDeclined,
    ev.IncidentCancelled,
    ev.TeamAssigned,
    ev.ReassignmentsCounted,
    ev.StageEntered,
    ev.ServiceLevelJudged,
)
_ALL: tuple[type[Event], ...] = (*_TOLD, ev.IncidentDeclared)
KNOWN = {type_name(event): event for event in _ALL}
PEOPLE = ("by", "person", "to", "commander", "declared_by")
_LINES = {
    **dict.fromkeys(("type", "impact", "urgency", "role"), 64),
    **dict.fromkeys(("service", "stage", "target"), 100),
    **dict.fromkeys(("team", "title", "severity_reason"), 200),
}
_TEXTS = {"summary": 500, "statement": 500, "reason": 2_000, "how": 2_000, "text": 10_000}
_DOUBT = type_name(ev.DoubtRaised)

Fact = tuple[int, str, str]
"""The line, the stored name of the event, and its data as JSON."""


def told_natively(system: str, number: str, facts: Iterable[Fact], names: Names) -> Told | Rejection:
    """The incident of these facts, the first of them its declaration. What a history cannot hold becomes a note."""
    first: ev.IncidentDeclared | None = None
    line, steps = 0, []
    for line, name, data in facts:
        if name == _DOUBT:
            continue  # raised anew
        try:
            event = _event(name, data, names)
        except (msgspec.MsgspecError, Invalid, ValueError) as error:
            return Rejection(line, f"{number}: {name[:60]}: {str(error)[:200]}")
        if first is not None:
            steps.append(event)
        elif isinstance(event, ev.IncidentDeclared):
            first, begins = event, line
        else:
            return Rejection(line, f"{number}: its first fact is {name[:60]}, no declaration")
    if first is None:
        return Rejection(line, f"{number}: nothing says that it was declared")
    return Told(
        system=system,
        number=number,
        line=begins,
        title=first.title,
        at=first.at,
        severity=first.severity,
        computed_severity=first.computed_severity,
        by=first.declared_by,
        detected_at=first.detected_at,
        impact_started=first.impact_started,
        type=first.type,
        service=first.service,
        impact=first.impact,
        urgency=first.urgency,
        severity_reason=first.severity_reason,
        summary=first.summary,
        commander=first.commander,
        drill=first.drill,
        steps=steps,
    )


def _event(name: str, data: str, names: Names) -> Event:
    kind = KNOWN.get(name)
    if kind is None:
        return _note(name, data, names)
    event: Event = msgspec.json.decode(data, type=kind)
    bounded: Event = msgspec.structs.replace(event, **dict(_bounded(event, names)))
    return bounded


def _bounded(event: Event, names: Names) -> Iterable[tuple[str, Any]]:
    """Every field as a history may hold it."""
    people = [_plain(getattr(event, name, None)) for name in PEOPLE]
    for name in event.__struct_fields__:
        value = getattr(event, name)
        if isinstance(value, Instant):
            yield name, reachable(name, value)
        elif name in PEOPLE or (name == "was" and isinstance(event, ev.CommandTransferred)):
            yield name, names(_plain(value))
        elif name in ("severity", "computed_severity") or (name == "was" and isinstance(event, ev.SeverityChanged)):
            yield name, _severity(value)
        elif name in ("plan_revision", "group", "source"):
            yield name, None
        elif name in ("review_owed", "auto_resolve", "commander_by_default"):
            yield name, False
        elif isinstance(value, str) and name in _TEXTS:
            yield name, long_text(names.text(value, people), _TEXTS[name])
        elif isinstance(value, str):
            yield name, line_of(names.text(value, people), _LINES.get(name, 200))


def _plain(person: Any) -> str:
    return str(person or "").removeprefix(SOURCE).removeprefix("person/")


def _severity(value: str) -> str:
    if value not in SEVERITIES:
        raise ValueError(f"{value[:20]!r} is no severity")
    return value


def _note(name: str, data: str, names: Names) -> ev.NoteAdded:
    """What only its own home can follow up, as a task or a page, in the words of its timeline."""
    found: dict[str, Any] = msgspec.json.decode(data, type=dict[str, Any])
    at = msgspec.convert(found.get("at"), Instant)
    by = names(_plain(found.get("by")))
    try:
        told = tell(name).say(found, lambda one: names(_plain(one)).removeprefix(SOURCE) or "somebody")
    except (KeyError, TypeError, ValueError, AttributeError):
        told = name.rpartition(".")[2]
    return ev.NoteAdded(at=reachable("at", at), text=long_text(told, 2_000) or name[:60], by=by)
