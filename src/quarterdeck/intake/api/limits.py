"""How much the door takes: sizes, what may wait, and a quota for each key."""

from dataclasses import dataclass, fields
from math import ceil
from typing import Any

from quarterdeck.kernel.errors import Invalid


@dataclass(frozen=True)
class Limits:
    """`[intake]` in quarterdeck.toml."""

    per_minute: int = 600_000
    """Signals that one key may send in a minute, all at once if it likes."""
    waiting: int = 50_000
    """Signals that may wait for the writer before the door says 503."""
    batch: int = 1000
    """Signals in one transaction; one request is never split."""


def read_limits(settings: dict[str, Any]) -> Limits:
    """Raises `Invalid` for unknown settings and for anything but positive whole numbers."""
    known = [field.name for field in fields(Limits)]
    errors = [f"intake.{name}: not a setting; there are {', '.join(known)}" for name in settings if name not in known]
    for name in known:
        value = settings.get(name, 1)
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            errors.append(f"intake.{name}: must be a whole number above 0")
    if errors:
        raise Invalid("The settings of [intake] make no sense.", tuple(errors))
    return Limits(**settings)


class Quota:
    """A token bucket per key: `per_minute` signals, refilled evenly."""

    def __init__(self, per_minute: int) -> None:
        self._size = float(per_minute)
        self._rate = per_minute / 60
        self._buckets: dict[str, tuple[float, float]] = {}

    def wait(self, key: str, signals: int, now: float) -> int:
        """0 if the signals may pass (and are counted), else the seconds to wait. `now`: monotonic seconds.

        More signals at once than a whole bucket pass when the bucket is full.
        """
        level, then = self._buckets.get(key, (self._size, now))
        level = min(self._size, level + (now - then) * self._rate)
        needed = min(float(signals), self._size)
        if level >= needed:
            self._buckets[key] = (level - signals, now)
            return 0
        self._buckets[key] = (level, now)
        return max(1, ceil((needed - level) / self._rate))
