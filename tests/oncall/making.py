"""Small makers for tests of being on call: instants, layers, schedules and escalations."""

from datetime import UTC, date, datetime
from typing import Any

from quarterdeck.oncall.events import EscalationStarted, Final, Layer, Restriction, Rung
from quarterdeck.oncall.rules import Schedule

MON_FRI = (0, 1, 2, 3, 4)


def at(text: str) -> datetime:
    """`2026-03-02 09:00`, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def layer(*people: str, **changes: Any) -> Layer:
    values: dict[str, Any] = {
        "name": "Weekly",
        "rotation": "weekly",
        "weekday": 0,
        "minute": 9 * 60,
        "starts": date(2026, 1, 5),
        "participants": people or ("bob", "alice"),
    }
    values.update(changes)
    return Layer(**values)


def hours(start: str, end: str, days: tuple[int, ...] = MON_FRI) -> Restriction:
    begin, finish = (int(text[:2]) * 60 + int(text[3:]) for text in (start, end))
    return Restriction(days=days, start=begin, end=finish if finish > begin else finish + 24 * 60)


def schedule(*layers: Layer, zone: str = "UTC", **changes: Any) -> Schedule:
    return Schedule("primary", "Primary", zone, layers or (layer(),), **changes)


def started(**changes: Any) -> EscalationStarted:
    values: dict[str, Any] = {
        "at": at("2026-03-02 09:00"),
        "number": 214,
        "severity": "SEV1",
        "path": "critical",
        "levels": (
            Rung(notify=("schedule:primary",), acknowledge_within=5),
            Rung(notify=("schedule:secondary", "person:alice"), acknowledge_within=10),
        ),
        "repeat": 1,
        "final": Final(post="chief", title="Chief Information Officer", login="dana"),
        "plan_revision": 1,
        "by": "engine",
    }
    values.update(changes)
    return EscalationStarted(**values)
