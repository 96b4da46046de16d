"""One year run through paging, waiting for a responder, and work; its incidents drawn from the history. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from math import inf

import numpy as np

from quarterdeck.direction.rules.simulation.history import HOURS, WEEK, Numbers, Whole, World, at_night

Turns = Sequence[tuple[float, int]]
"""A path's turns if nobody answers: (minutes since the declaration, people paged)."""
LAST = 12
"""Turns that are simulated at most."""


@dataclass(frozen=True)
class Response:
    """What is decided: whom a severity pages when, how many work at which hour; how much comes, how long it takes."""

    turns: Mapping[str, Sequence[Turns]]
    """By severity: one for every hour of the week, or one that holds for all. None: nobody is paged."""
    responders: Mapping[str, Sequence[int]] = field(default_factory=dict)
    """By team: one number for every hour of the week. A team that is not named never makes anybody wait."""
    arrivals: float = 1.0
    """Factor on how many come."""
    work: float = 1.0
    """Factor on how long work takes."""


@dataclass(frozen=True)
class Year:
    """What came of each incident, in minutes since its declaration; `inf`: never within reach."""

    hour: Whole
    """Of the week, in which it came."""
    severity: Whole
    team: Whole
    acknowledged: Numbers
    pages: Whole
    """Until somebody acknowledged."""
    waited: Numbers
    """For a free responder, after the acknowledgement."""
    ended: Numbers


@dataclass(frozen=True)
class Drawn:
    """The luck of one year: the same for every process that is compared, so that only the process differs."""

    at: Whole
    """Which incidents of the world come, in order."""
    came: Numbers
    """Minutes since the year began, rising."""
    luck: Numbers
    """For each incident numbers between 0 and 1: for its work, then for each answer."""


def draw(world: World, weeks: int, rng: np.random.Generator, arrivals: float = 1.0) -> Drawn:
    """Weeks of the history in a new order, with repeats. `arrivals`: factor on how many incidents of each come."""
    chosen = rng.integers(0, len(world.weeks), weeks)
    parts = [world.weeks[week] for week in chosen]
    at = np.concatenate([*parts, np.zeros(0, np.int64)]).astype(np.int64)
    start = np.repeat(np.arange(weeks) * WEEK, [part.size for part in parts])
    copies = np.floor(arrivals + rng.random(at.size)).astype(np.int64)
    at, start = np.repeat(at, copies), np.repeat(start, copies)
    came = start + world.came[at]
    if arrivals != 1.0:  # a copy does not come in the same instant
        came = came + rng.random(came.size) * 60
    order = np.argsort(came, kind="stable")
    return Drawn(at[order], came[order], rng.random((at.size, 1 + 2 * LAST)))


def run(world: World, process: Response, drawn: Drawn) -> Year:
    """What this process makes of the year. `process.arrivals` was taken account of when the year was drawn."""
    severity, team = world.severity[drawn.at], world.team[drawn.at]
    hour = (drawn.came // 60).astype(np.int64) % HOURS
    acknowledged, pages = _paged(world, process, drawn, severity, hour)
    work = np.empty(drawn.came.size)
    for s in range(len(world.severities)):
        for t in range(len(world.teams)):
            pool, here = world.work[s][t], (severity == s) & (team == t)
            work[here] = pool[(drawn.luck[here, 0] * pool.size).astype(np.int64)] * process.work
    waited = np.zeros(drawn.came.size)
    for t, name in enumerate(world.teams):
        if name in process.responders:
            here = np.flatnonzero((team == t) & np.isfinite(acknowledged))
            ready = drawn.came[here] + acknowledged[here]
            waited[here] = _queue(ready, severity[here], work[here], process.responders[name])
    return Year(hour, severity, team, acknowledged, pages, waited, acknowledged + waited + work)


def _paged(world: World, process: Response, drawn: Drawn, severity: Whole, hour: Whole) -> tuple[Numbers, Whole]:
    """The first answer of all who are paged, turn after turn, and how many pages went out until then."""
    acknowledged = np.full(drawn.came.size, inf)
    pages = np.zeros(drawn.came.size, np.int64)
    night = np.array([at_night(h) for h in range(HOURS)])
    for s, name in enumerate(world.severities):
        choices = process.turns.get(name, ())
        for h in range(HOURS) if len(choices) > 1 else [None] if choices else []:
            here = np.flatnonzero(severity == s if h is None else (severity == s) & (hour == h))
            if not here.size:
                continue
            place = 1
            for minute, people in list(choices[h or 0])[:LAST]:
                asked = acknowledged[here] > minute
                pages[here] += np.where(asked, people, 0)
                dark = night[(hour[here] + int(minute // 60)) % HOURS]
                for _ in range(min(people, 2)):  # of many at once, two draws stand for the quickest
                    luck = drawn.luck[here, place % drawn.luck.shape[1]]
                    place += 1
                    answer = np.where(dark, _pick(world.answers[1], luck), _pick(world.answers[0], luck))
                    first = minute + answer
                    acknowledged[here] = np.where(asked & (first < acknowledged[here]), first, acknowledged[here])
    return acknowledged, pages


def _pick(pool: Numbers, luck: Numbers) -> Numbers:
    return pool[(luck * pool.size).astype(np.int64)]


def _queue(ready: Numbers, rank: Whole, work: Numbers, responders: Sequence[int]) -> Numbers:
    """Minutes that each waits for a responder: the worst severity first, then whoever was ready first.

    Nobody is taken away from what they are at; at the end of a shift the next one takes over.
    """
    waited = np.zeros(ready.size)
    if not any(responders):
        waited[:] = inf
        return waited
    came, ranks, lasts = ready.tolist(), rank.tolist(), work.tolist()
    order = np.argsort(ready, kind="stable").tolist()
    waiting: list[tuple[int, float, int]] = []
    busy: list[float] = []
    at, now, count = 0, 0.0, len(order)
    while at < count or waiting:
        if not waiting:
            now = max(now, came[order[at]])
        while at < count and came[order[at]] <= now:
            i = order[at]
            heappush(waiting, (ranks[i], came[i], i))
            at += 1
        while busy and busy[0] <= now:
            heappop(busy)
        if len(busy) < responders[int(now // 60) % HOURS]:
            _, since, i = heappop(waiting)
            waited[i] = now - since
            heappush(busy, now + lasts[i])
            continue
        following = _more_than(responders, len(busy), now)
        now = min(following, busy[0]) if busy else following
    return waited


def _more_than(responders: Sequence[int], busy: int, now: float) -> float:
    """When the next hour begins in which more are on duty than are busy; `inf` if none does."""
    first = int(now // 60) + 1
    if busy >= max(responders):
        return inf
    return next(hour * 60.0 for hour in range(first, first + HOURS) if responders[hour % HOURS] > busy)
