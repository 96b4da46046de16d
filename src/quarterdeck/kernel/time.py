"""Instants are UTC-aware datetimes; this is the only module that may look at a clock."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from quarterdeck.kernel.errors import Invalid

Instant = datetime
"""An aware datetime in UTC. Stored as whole microseconds since 1970 (see `micros`)."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_FIRST_YEAR, _LAST_YEAR = 1970, 9000


class Clock(Protocol):
    """Where `now` comes from. Only doors, the engine and the record hold one; rules get an `Instant`."""

    jump: "Jump | None"

    def now(self) -> Instant: ...


@dataclass(frozen=True)
class Jump:
    """The wall clock was set (or the machine slept): it read `at` afterwards, `by` more than the time that passed."""

    at: Instant
    by: timedelta


_JUMP = timedelta(seconds=30)


class SystemClock:
    """The machine's wall clock. Held against the clock that never jumps, it notices when it is set."""

    def __init__(self) -> None:
        self.jump: Jump | None = None
        """The last jump of more than 30 seconds that was noticed."""
        self._ahead: timedelta | None = None

    def now(self) -> Instant:
        now = datetime.now(UTC)
        ahead = (now - _EPOCH) - timedelta(seconds=time.monotonic())
        if self._ahead is not None and abs(ahead - self._ahead) > _JUMP:
            self.jump = Jump(now, ahead - self._ahead)
        self._ahead = ahead
        return now


class ManualClock:
    """A clock that moves when told to: for journeys, drills and the simulator."""

    jump: Jump | None = None

    def __init__(self, start: Instant) -> None:
        self._now = start

    def now(self) -> Instant:
        return self._now

    def forward(self, **delta: float) -> Instant:
        """Move on by `timedelta(**delta)`, for example `forward(minutes=30)`."""
        self._now += timedelta(**delta)
        return self._now

    def set(self, now: Instant) -> None:
        self._now = now


def micros(instant: Instant) -> int:
    """Whole microseconds since 1970-01-01T00:00Z: how an instant is stored and compared in the database."""
    return (instant - _EPOCH) // _MICROSECOND


def from_micros(value: int) -> Instant:
    return _EPOCH + timedelta(microseconds=value)


def reachable(name: str, at: datetime) -> Instant:
    """An instant from outside, in UTC. `Invalid` without a zone, or too near an end of time to count from."""
    if at.tzinfo is None:
        raise Invalid("This instant names no zone.", (f"{name}: end it with Z or an offset such as +01:00",))
    if not _FIRST_YEAR <= at.year <= _LAST_YEAR:
        raise Invalid("This instant is out of reach.", (f"{name}: give one between {_FIRST_YEAR} and {_LAST_YEAR}",))
    return at.astimezone(UTC)


def monotonic() -> float:
    """Seconds that never jump, for leases and waits; the wall clock may be set back."""
    return time.monotonic()
