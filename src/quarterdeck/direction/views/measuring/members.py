"""Down to the incidents: which rows a figure is made of, and which were left out and why."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import Connection

from quarterdeck.command.views import titles
from quarterdeck.direction.rules.measures import MISSING, Count, Duration, Share, spans
from quarterdeck.direction.rules.measures.figures import eligible
from quarterdeck.direction.rules.statistics import Counts, Values
from quarterdeck.direction.views.measuring.asking import Question

MOST = 200


@dataclass(frozen=True)
class Member:
    """One row. `number`: its incident's, if it has one. `seconds`: of a duration, the age so far if not `ended`.

    `some` of `of`: what it counts for in a share. `left_out`: why it does not count.
    """

    number: int | None
    title: str
    when: int
    seconds: float | None = None
    ended: bool = True
    some: int = 0
    of: int = 0
    left_out: str | None = None


@dataclass(frozen=True)
class Members:
    """The most telling first: the longest, those that fell short, the latest. `n` and `n_left_out`: of all."""

    rows: tuple[Member, ...]
    n: int
    left_out: tuple[Member, ...]
    n_left_out: int


def _largest(values: Values, limit: int) -> Counts:
    """The places of the largest so many, the first of equals first."""
    some = np.arange(len(values))
    if len(values) > limit:
        least = np.partition(values, len(values) - limit)[len(values) - limit]
        some = np.flatnonzero(values >= least)
    found: Counts = some[np.argsort(-values[some], kind="stable")][:limit]
    return found


def members(conn: Connection, question: Question, limit: int = MOST) -> Members:
    measure = question.measure
    columns = question.population.columns.taken(np.flatnonzero(question.rows(question.asked)))
    chosen = np.ones(len(columns), dtype=np.bool_)
    match measure:
        case Duration():
            found = spans(measure, columns, chosen, question.now, question.clock)
            order = _largest(found.seconds, limit)
            n, left_out = len(found.rows), found.left_out
            shown = [
                (int(found.rows[i]), {"seconds": float(found.seconds[i]), "ended": bool(found.ended[i])})
                for i in order[:limit]
            ]
        case Share():
            counted, left_out = eligible(columns, chosen)
            part, whole = measure.counted(columns, question.now)
            places = np.flatnonzero(counted & (whole > 0))
            missed = (whole - part)[places] if measure.better == "higher" else part[places]
            n, places = len(places), places[np.lexsort((-columns["when"][places], -missed))]
            shown = [(int(place), {"some": int(part[place]), "of": int(whole[place])}) for place in places[:limit]]
        case Count():
            counted, left_out = eligible(columns, chosen)
            places = np.flatnonzero(counted & measure.counted(columns))
            n, places = len(places), places[np.argsort(-columns["when"][places], kind="stable")]
            shown = [(int(place), {}) for place in places[:limit]]
    out = [(int(row), why) for why, rows in left_out.items() for row in rows[:limit]][:limit]
    numbers = {int(columns["number"][row]) for row, _ in shown} | {int(columns["number"][row]) for row, _ in out}
    named = titles(conn, numbers - {MISSING})

    def member(place: int, **more: Any) -> Member:
        number = int(columns["number"][place])
        known = None if number == MISSING else number
        return Member(known, named.get(number, ""), int(columns["when"][place]), **more)

    return Members(
        tuple(member(place, **more) for place, more in shown),
        n,
        tuple(member(place, left_out=why) for place, why in out),
        sum(len(rows) for rows in left_out.values()),
    )
