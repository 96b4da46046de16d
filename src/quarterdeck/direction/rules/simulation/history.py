"""What a simulation knows of the organisation: its own weeks, answers and work, drawn again instead of fitted. Pure.

Whole weeks are drawn, so that hours, weekdays and clusters stay as they were. Answers and work are drawn from the
incidents of the same kind; where a kind has too few, from all of its severity, then from all.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Whole = NDArray[np.int64]

WEEK = 7 * 24 * 60.0
HOURS = 7 * 24
FEWEST = 20
"""Incidents of a kind from which its own work times are drawn."""
NIGHT = (22, 7)
"""From when until when, on the organisation's clock, answers are drawn from those at night."""


@dataclass(frozen=True)
class Seen:
    """An incident as it was. Minutes; `came` counts from a Monday 00:00 on the organisation's clock."""

    came: float
    severity: str
    team: str
    work: float | None
    """From the acknowledgement to the end of the impact; None: not known yet."""
    acknowledged: float | None = None
    """From the declaration; None: never."""


@dataclass(frozen=True)
class Answered:
    """A page and its answer: minutes until whoever was paged acknowledged; None if they never did."""

    hour: int
    """Of the week, 0 to 167."""
    minutes: float | None


@dataclass(frozen=True)
class World:
    """All that is drawn from. `weeks`: for each week of the history the places of its incidents in the arrays."""

    came: Numbers
    """Minutes into its week."""
    severity: Whole
    team: Whole
    weeks: tuple[Whole, ...]
    severities: tuple[str, ...]
    teams: tuple[str, ...]
    work: tuple[tuple[Numbers, ...], ...]
    """By severity and team: what a work time is drawn from."""
    answers: tuple[Numbers, Numbers]
    """By day and by night: minutes until a paged person answered; `inf` for one who never did."""

    @property
    def incidents(self) -> int:
        return int(self.came.size)


class TooLittle(ValueError):
    """Too short a history to simulate from: the message says what is missing."""


def learn(seen: Sequence[Seen], answered: Sequence[Answered], severities: Sequence[str]) -> World:
    """The world of this history. `severities`: the worst first. Raises `TooLittle`."""
    if len(seen) < 2 * FEWEST:
        raise TooLittle(f"{len(seen)} incidents are on record; a simulation needs {2 * FEWEST}.")
    if sum(one.minutes is not None for one in answered) < FEWEST:
        raise TooLittle(f"{len(answered)} pages are on record, too few of them answered; a simulation needs {FEWEST}.")
    ordered = sorted(seen, key=lambda one: one.came)
    names = tuple(name for name in severities if any(one.severity == name for one in ordered))
    teams = tuple(sorted({one.team for one in ordered}))
    severity = np.array([names.index(one.severity) for one in ordered])
    team = np.array([teams.index(one.team) for one in ordered])
    came = np.array([one.came for one in ordered])
    week = (came // WEEK).astype(np.int64)
    first, last = int(week[0]), int(week[-1])
    # The first and the last week are cut off somewhere in their middle, unless there is nothing else.
    span = range(first + 1, last) if last - first > 3 else range(first, last + 1)
    return World(
        came=came % WEEK,
        severity=severity,
        team=team,
        weeks=tuple(np.flatnonzero(week == one) for one in span),
        severities=names,
        teams=teams,
        work=_work(ordered, names, teams),
        answers=_answers(answered),
    )


def _work(seen: Sequence[Seen], severities: Sequence[str], teams: Sequence[str]) -> tuple[tuple[Numbers, ...], ...]:
    def of(fits: Callable[[Seen], bool]) -> Numbers:
        return np.array([one.work for one in seen if one.work is not None and one.work >= 0 and fits(one)])

    everything = of(lambda one: True)
    if not everything.size:
        raise TooLittle("No incident on record has ended, so nothing is known of how long work takes.")

    def pool(severity: str, team: str) -> Numbers:
        own = of(lambda one: one.severity == severity and one.team == team)
        if own.size >= FEWEST:
            return own
        wider = of(lambda one: one.severity == severity)
        return wider if wider.size >= FEWEST else everything

    return tuple(tuple(pool(severity, team) for team in teams) for severity in severities)


def _answers(answered: Sequence[Answered]) -> tuple[Numbers, Numbers]:
    every = np.array([inf if one.minutes is None else max(0.0, one.minutes) for one in answered])
    night = np.array([at_night(one.hour) for one in answered], dtype=bool)
    day, dark = every[~night], every[night]
    return day if day.size >= FEWEST else every, dark if dark.size >= FEWEST else every


def at_night(hour: int) -> bool:
    return hour % 24 >= NIGHT[0] or hour % 24 < NIGHT[1]
