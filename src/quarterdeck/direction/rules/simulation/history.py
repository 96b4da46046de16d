"""What a simulation knows of the organisation: its own weeks, answers and work, drawn again instead of fitted. Pure.

Whole weeks are drawn, so that hours, weekdays and clusters stay as they were. Answers and work are drawn from the
incidents of the same kind; where a kind has too few, from all of its severity, then from all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
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
    hour: Whole
    """Of the week."""
    severity: Whole
    team: Whole
    weeks: tuple[Whole, ...]
    severities: tuple[str, ...]
    teams: tuple[str, ...]
    work: "Pools"
    """Work times of each severity and team: kind severity · teams + team."""
    answers: "Pools"
    """By day (0) and by night (1): minutes until a paged person answered; `inf` for one who never did."""

    @property
    def incidents(self) -> int:
        return int(self.came.size)


@dataclass(frozen=True)
class Pools:
    """What is drawn from, one kind after the other in one array, so that all kinds are drawn from in one go."""

    values: Numbers
    begins: Whole
    sizes: Numbers

    def pick(self, kind: Whole, luck: Numbers) -> Numbers:
        """One of its kind for each. `luck`: from 0 to below 1."""
        return self.values[self.begins[kind] + (luck * self.sizes[kind]).astype(np.int64)]


class TooLittle(ValueError):
    """Too short a history to simulate from: the message says what is missing."""


def learn(seen: Sequence[Seen], answered: Sequence[Answered], severities: Sequence[str]) -> World:
    """The world of this history. `severities`: the worst first. Raises `TooLittle`."""
    if len(seen) < 2 * FEWEST:
        raise TooLittle(f"{len(seen)} incidents are on record; a simulation needs {2 * FEWEST}.")
    if sum(one.minutes is not None for one in answered) < FEWEST:
        raise TooLittle(f"{len(answered)} pages are on record, too few of them answered; a simulation needs {FEWEST}.")
    ordered = sorted(seen, key=lambda one: one.came)
    there = {one.severity for one in ordered}
    names = tuple(name for name in severities if name in there)
    teams = tuple(sorted({one.team for one in ordered}))
    ranks = {name: place for place, name in enumerate(names)}
    places = {name: place for place, name in enumerate(teams)}
    severity = np.array([ranks[one.severity] for one in ordered])
    team = np.array([places[one.team] for one in ordered])
    came = np.array([one.came for one in ordered])
    week = (came // WEEK).astype(np.int64)
    first, last = int(week[0]), int(week[-1])
    # The first and the last week are cut off somewhere in their middle, unless there is nothing else.
    span = range(first + 1, last) if last - first > 3 else range(first, last + 1)
    edges = np.searchsorted(week, [*span, span.stop])
    return World(
        came=came % WEEK,
        hour=(came // 60).astype(np.int64) % HOURS,
        severity=severity,
        team=team,
        weeks=tuple(np.arange(begin, end) for begin, end in pairwise(edges)),
        severities=names,
        teams=teams,
        work=_work(ordered, severity, team, len(names), len(teams)),
        answers=_answers(answered),
    )


def _work(seen: Sequence[Seen], severity: Whole, team: Whole, severities: int, teams: int) -> Pools:
    work = np.array([-1.0 if one.work is None else one.work for one in seen])
    known = work >= 0
    everything = work[known]
    if not everything.size:
        raise TooLittle("No incident on record has ended, so nothing is known of how long work takes.")
    kinds = []
    for s in range(severities):
        of_severity = known & (severity == s)
        wider = work[of_severity]
        for t in range(teams):
            own = work[of_severity & (team == t)]
            kinds.append(own if own.size >= FEWEST else wider if wider.size >= FEWEST else everything)
    return _pools(kinds)


def _answers(answered: Sequence[Answered]) -> Pools:
    every = np.array([inf if one.minutes is None else max(0.0, one.minutes) for one in answered])
    night = NIGHTLY[np.array([one.hour for one in answered]) % HOURS] > 0
    day, dark = every[~night], every[night]
    return _pools([day if day.size >= FEWEST else every, dark if dark.size >= FEWEST else every])


def _pools(kinds: Sequence[Numbers]) -> Pools:
    sizes = np.array([kind.size for kind in kinds])
    return Pools(np.concatenate(kinds), np.cumsum(sizes) - sizes, sizes.astype(np.float64))


def at_night(hour: int) -> bool:
    return hour % 24 >= NIGHT[0] or hour % 24 < NIGHT[1]


NIGHTLY: Whole = np.array([int(at_night(hour)) for hour in range(HOURS)])
"""By hour of the week: 1 at night."""
