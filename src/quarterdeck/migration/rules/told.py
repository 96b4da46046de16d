"""An incident as another system tells it → the facts of its life here, contradictions kept and named. Pure."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import msgspec

from quarterdeck.command import events as ev
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import Instant
from quarterdeck.migration.rules.naming import SOURCE

LONGEST_NUMBER = 100
MOST_EVENTS = 20_000
_SLACK = timedelta(minutes=5)


@dataclass(frozen=True)
class Rejection:
    """What was not brought in, and why. `line` 0: the file as a whole. `apart`: rightly so, as planned maintenance."""

    line: int
    reason: str
    apart: bool = False


@dataclass(kw_only=True)
class Told:
    """One incident of another system. `line`: where it stands there; `steps`: what happened to it after it was opened,
    in the order of its life, whatever its clocks say."""

    system: str
    number: str
    line: int
    title: str
    at: Instant
    severity: str
    computed_severity: str | None = None
    by: str = SOURCE
    detected_at: Instant | None = None
    impact_started: Instant | None = None
    type: str | None = None
    service: str | None = None
    impact: str | None = None
    urgency: str | None = None
    severity_reason: str | None = None
    summary: str = ""
    commander: str = SOURCE
    drill: bool = False
    steps: list[Event] = field(default_factory=list)

    @property
    def source(self) -> str:
        return f"{self.system}:{self.number}"


def declared(told: Told, number: int) -> ev.IncidentDeclared:
    """Its first event; `number` is ours. No plan of ours was in force for it."""
    return ev.IncidentDeclared(
        at=told.at,
        number=number,
        title=_clipped(told.title, 200) or told.source,
        type=_short(told.type, 64),
        impact=_short(told.impact, 64),
        urgency=_short(told.urgency, 64),
        severity=told.severity,
        computed_severity=told.computed_severity or told.severity,
        severity_reason=_short(told.severity_reason, 200),
        service=_short(told.service, 100),
        commander=told.commander,
        declared_by=told.by,
        detected_at=told.detected_at or told.at,
        impact_started=told.impact_started,
        summary=long_text(told.summary, 500),
        drill=told.drill,
        source=told.source,
    )


def facts(told: Told, number: int) -> list[Event]:
    """Its whole life as the source tells it."""
    return [declared(told, number), *told.steps]


def with_doubts(facts: Sequence[Event], now: Instant, start: int = 0) -> Iterator[Event]:
    """The facts from `start` on, each doubt right behind what raises it."""
    first = facts[0]
    assert isinstance(first, ev.IncidentDeclared)
    resolved: Instant | None = None
    for index, fact in enumerate(facts):
        raised = list(_doubts(first, fact, resolved, now))
        if isinstance(fact, ev.IncidentResolved):
            resolved = fact.at
        elif isinstance(fact, ev.IncidentReopened):
            resolved = None
        if index >= start:
            yield fact
            yield from raised


def _doubts(first: ev.IncidentDeclared, fact: Event, resolved: Instant | None, now: Instant) -> Iterator[Event]:
    what = _TURNS.get(type(fact))
    if what is None:
        return
    over = what in ("closed", "cancelled")
    if over and resolved is not None and resolved < first.at:
        return  # said of its resolution already
    if fact is not first and fact.at < first.at:
        yield _doubt(fact.at, f"{what}-before-declared", what, "opened", first.at)
    elif over and resolved is not None and fact.at < resolved:
        yield _doubt(fact.at, "closed-before-resolved", what, "resolved", resolved)
    if fact is first and first.impact_started is not None and first.impact_started > first.detected_at:
        yield _doubt(first.detected_at, "detected-before-begun", "detected", "begun", first.impact_started)
    if fact.at > now + _SLACK:
        said = f"{_minute(fact.at)} had not come when it was brought in."
        yield ev.DoubtRaised(at=fact.at, doubt="lies-in-the-future", text=said)


_TURNS: dict[type[Event], str] = {
    ev.IncidentDeclared: "opened",
    ev.IncidentAcknowledged: "acknowledged",
    ev.IncidentMitigated: "mitigated",
    ev.IncidentResolved: "resolved",
    ev.IncidentClosed: "closed",
    ev.IncidentCancelled: "cancelled",
}


def _doubt(at: Instant, doubt: str, what: str, other: str, then: Instant) -> ev.DoubtRaised:
    said = f"{what.capitalize()} {_minute(at)}, which is before it was {other} ({_minute(then)})."
    return ev.DoubtRaised(at=at, doubt=doubt, text=said)


def _minute(at: Instant) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def digest(events: Sequence[Event]) -> str:
    """Of a life as it was told: a later telling that begins alike goes on with it. Our own number is left out."""
    hashed = hashlib.sha256()
    for event in events:
        if isinstance(event, ev.IncidentDeclared):
            event = msgspec.structs.replace(event, number=0)
        hashed.update(type(event).__name__.encode())
        hashed.update(msgspec.json.encode(event))
    return hashed.hexdigest()[:32]


def _clipped(text: str, longest: int) -> str:
    """One line, of printable characters."""
    some = text[: 4 * longest]
    plain = " ".join((some if some.isprintable() else "".join(c if c.isprintable() else " " for c in some)).split())
    return plain if len(plain) <= longest else plain[: longest - 2].rstrip() + " …"


def _short(text: str | None, longest: int) -> str | None:
    return (_clipped(text, longest) or None) if text else None


def long_text(text: str, longest: int) -> str:
    """Several lines, without what would move a terminal or cannot be stored; the beginning of what is too long."""
    kept = "".join(c if c.isprintable() or c in "\n\t" else "\ufffd" for c in text[: 2 * longest].replace("\r\n", "\n"))
    kept = kept.strip()
    return kept if len(kept) <= longest else kept[: longest - 2].rstrip() + " …"


def line_of(text: str, longest: int = 200) -> str:
    return _clipped(text, longest)
