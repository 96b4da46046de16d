"""The questions put to a measure: what is it, is it getting better, where does it hurt, which incidents are these?"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import numpy as np
from sqlalchemy import Connection

from quarterdeck.direction.rules.measures import (
    BY,
    DAY,
    MISSING,
    AnyMeasure,
    Asked,
    By,
    Clock,
    Figure,
    Trend,
    chosen,
    evaluate,
    slices,
    trend,
)
from quarterdeck.direction.rules.measures.figures import eligible
from quarterdeck.direction.rules.statistics import Counts, Flags
from quarterdeck.direction.views.measuring.population import Population, population
from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.time import Instant, from_micros, micros

DAYS = 180
"""Looked back unless asked otherwise."""
_SEED = 20260301
"""Of the shuffling: the same question gets the same answer."""


@dataclass(frozen=True)
class Answer:
    """A figure, the same for the period of the same length before, and whether the one differs from the other.

    `on_record`: where the period has nothing to measure, the first and the last day that have something, if any.
    """

    asked: Asked
    figure: Figure
    before: Figure
    trend: Trend
    on_record: tuple[date, date] | None = None


@dataclass(frozen=True)
class Sliced:
    """The figure in slices, the largest first, months in order; `more`: how many smaller ones are not shown."""

    by: By
    rows: tuple[tuple[str | None, Figure], ...]
    more: int


def asked(
    now: Instant,
    since: date | None = None,
    until: date | None = None,
    days: int = DAYS,
    filters: Mapping[str, str] | None = None,
) -> Asked:
    """A period and what the incidents have to be: filters that are empty ask for everything, `-` for those without.

    `until` is the day after the last; without it the period ends now. Days are those of UTC.
    """
    end = _midnight(until) if until else micros(now) + 1
    start = _midnight(since) if since else end - days * DAY
    if start >= end:
        raise Invalid("The period ends before it begins: `from` has to be earlier than `to`.")
    given = ((by, (filters or {}).get(by, "")) for by in BY)
    return Asked(start, end, tuple((by, value) for by, value in given if value))


def _midnight(day: date) -> int:
    return micros(datetime(day.year, day.month, day.day, tzinfo=UTC))


class Question:
    """One measure on one clock, with the rows it is taken of: asked once, answered in several ways."""

    def __init__(self, conn: Connection, measure: AnyMeasure, asked: Asked, now: Instant, clock: Clock = "occurred"):
        self.measure, self.clock, self.now = measure, clock, micros(now)
        self.population: Population = population(conn, measure.of, measure.needs)
        first = self.population.first
        self._first = self.now if first is None else first
        self.asked = asked

    def figure(self, asked: Asked | None = None) -> Figure:
        asked = asked or self.asked
        return self._of(np.flatnonzero(self.rows(asked)), self._days(asked))

    def answer(self) -> Answer:
        """The period against the one before; of a rate only what lies after the first incident on record counts."""
        after, then = self.asked, self.asked.before()
        figure, before = self.figure(after), self.figure(then)
        die = np.random.default_rng(_SEED)
        changed = trend(before, figure, self._days(after), die, self._days(then))
        return Answer(after, figure, before, changed, None if figure.n else self._on_record())

    def _on_record(self) -> tuple[date, date] | None:
        """Of the rows that fit the filters, whenever."""
        when = self.population.columns["when"][self.rows(replace(self.asked, since=MISSING + 1, until=-MISSING))]
        return (from_micros(int(when.min())).date(), from_micros(int(when.max())).date()) if len(when) else None

    def sliced(self, by: By) -> Sliced:
        columns, causes = self.population.columns, self.population.causes
        asked = replace(self.asked, since=max(self.asked.since, min(self._first, self.asked.until - 1)))
        found, more = slices(columns, self.rows(self.asked), by, asked, causes)
        return Sliced(by, tuple((one.name, self._of(one.rows, one.days)) for one in found), more)

    def counted(self) -> Flags:
        """The rows of the period that count: drills and what was no incident left out."""
        return eligible(self.population.columns, self.rows(self.asked))[0]

    def rows(self, asked: Asked) -> Flags:
        return chosen(self.population.columns, asked, self.population.causes)

    def _of(self, rows: Counts, days: float) -> Figure:
        columns = self.population.columns.taken(rows)
        return evaluate(self.measure, columns, np.ones(len(rows), dtype=np.bool_), self.now, days, self.clock)

    def _days(self, asked: Asked) -> float:
        return max(0.0, (min(asked.until, self.now + 1) - max(asked.since, self._first)) / DAY)
