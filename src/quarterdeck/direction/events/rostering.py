"""What can happen to a roster: it was built, and then accepted or given up. Stream `roster/{n}`."""

from typing import Any

from quarterdeck.kernel.events import Event


class RosterBuilt(Event, frozen=True, kw_only=True):
    """A roster for a task, written down whole, with what was proved about it."""

    number: int
    title: str
    task: dict[str, Any]
    """What was asked for, as it would be written."""
    weeks: tuple[tuple[tuple[str | None, ...], ...], ...]
    """By week, rotation and place: a login, or None for a place that nobody fills."""
    unfilled: int
    without_seniors: int
    unfairness: float
    unwelcome: int
    cost: float
    bound: float
    """No roster for this task costs less."""
    seed: int
    steps: int
    why: tuple[str, ...] = ()
    """What cannot be filled whatever the order, in words."""
    by: str


class RosterAccepted(Event, frozen=True, kw_only=True):
    """It became these schedules, which are paged from its first week on."""

    schedules: tuple[str, ...]
    by: str


class RosterGivenUp(Event, frozen=True, kw_only=True):
    by: str
    reason: str
