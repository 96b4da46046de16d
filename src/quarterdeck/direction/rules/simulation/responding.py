"""One year run through paging, waiting for a responder, and work. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import inf

import numpy as np

from quarterdeck.direction.rules.simulation.drawing import Drawn
from quarterdeck.direction.rules.simulation.history import HOURS, NIGHTLY, Numbers, Whole, World
from quarterdeck.direction.rules.simulation.queueing import waits

Turns = Sequence[tuple[float, int]]
"""A path's turns if nobody answers: (minutes since the declaration, people paged)."""
LAST = 12
"""Turns that are simulated at most."""
WORK, FIRST_ANSWER = 0, 1
"""Places of luck; each turn has two from its first on."""


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

    @cached_property
    def paging(self) -> "Mapping[str, Paging]":
        """The turns of each severity as tables of the same size: made once, read in every simulated year."""
        most = max((len(turns) for choices in self.turns.values() for turns in choices), default=0)
        return {name: _tabled(choices, min(most, LAST)) for name, choices in self.turns.items()}


@dataclass(frozen=True)
class Paging:
    """Of one severity, or of several below one another: a row for each turn, in it each hour of the week."""

    minutes: Numbers
    """Since the declaration; `inf`: there is no such turn."""
    people: Whole
    dark: Whole
    """1 if the turn falls into the night."""


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


def run(world: World, process: Response, drawn: Drawn) -> Year:
    """What this process makes of the year. `process.arrivals` was taken account of when the year was drawn."""
    acknowledged, pages = _paged(world, process, drawn)
    kind = drawn.severity * len(world.teams) + drawn.team
    work = world.work.pick(kind, drawn.luck(WORK)) * process.work
    waited = np.zeros(drawn.size)
    if process.responders:
        reached = np.isfinite(acknowledged)
        for t, name in enumerate(world.teams):
            if name in process.responders:
                here = np.flatnonzero((drawn.team == t) & reached)
                ready = drawn.came[here] + acknowledged[here]
                waited[here] = waits(ready, drawn.severity[here], work[here], process.responders[name])
    return Year(drawn.hour, drawn.severity, drawn.team, acknowledged, pages, waited, ended=acknowledged + waited + work)


def _paged(world: World, process: Response, drawn: Drawn) -> tuple[Numbers, Whole]:
    """The first answer of all who are paged, turn after turn, and how many pages went out until then."""
    acknowledged = np.full(drawn.size, inf)
    pages = np.zeros(drawn.size, np.int64)
    # Who is still to be asked: where in the year, which column of the tables, and the soonest answer until now.
    here, column, soonest = np.arange(drawn.size), drawn.severity * HOURS + drawn.hour, acknowledged
    table = _below_one_another(process, world.severities)
    for turn, (minutes, people, dark) in enumerate(zip(table.minutes, table.people, table.dark, strict=True)):
        minute = minutes[column]
        asked = np.flatnonzero(soonest > minute)
        if asked.size < here.size:
            here, column, soonest, minute = here[asked], column[asked], soonest[asked], minute[asked]
        if not here.size:
            break
        paged, night = people[column], dark[column]
        pages[here] += paged
        place = FIRST_ANSWER + 2 * turn
        soonest = np.minimum(soonest, minute + world.answers.pick(night, drawn.luck(place)[here]))
        more = np.flatnonzero(paged > 1)
        if more.size:  # of many at once, two draws stand for the quickest
            second = minute[more] + world.answers.pick(night[more], drawn.luck(place + 1)[here[more]])
            soonest[more] = np.minimum(soonest[more], second)
        acknowledged[here] = soonest
    return acknowledged, pages


def _below_one_another(process: Response, severities: Sequence[str]) -> Paging:
    nobody = _tabled((), max((len(one.minutes) for one in process.paging.values()), default=0))
    of = [process.paging.get(name, nobody) for name in severities]
    return Paging(
        np.concatenate([one.minutes for one in of], axis=1),
        np.concatenate([one.people for one in of], axis=1),
        np.concatenate([one.dark for one in of], axis=1),
    )


def _tabled(choices: Sequence[Turns], most: int) -> Paging:
    minutes, people = np.full((most, HOURS), inf), np.zeros((most, HOURS), np.int64)
    for hour, turns in enumerate(choices):
        where = slice(hour, hour + 1) if len(choices) > 1 else slice(None)
        for turn, (minute, paged) in enumerate(sorted(turns)[:most]):
            minutes[turn, where], people[turn, where] = minute, paged
    finite = np.isfinite(minutes)
    later = (np.where(finite, minutes, 0) // 60).astype(np.int64)
    return Paging(minutes, people, NIGHTLY[(np.arange(HOURS) + later) % HOURS])
