"""The losses on record: which incidents count, what each cost in a unit, over how many years, at whose rates."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection

from quarterdeck.catalog.views import services
from quarterdeck.direction.rules.exposure import PLAIN, Losses, Rate, losses, most_telling, outlasted, too_short, units
from quarterdeck.direction.rules.measures import MISSING, Asked, chosen
from quarterdeck.direction.rules.measures.figures import eligible
from quarterdeck.direction.rules.statistics import Flags
from quarterdeck.direction.views.measuring import Population, asked, population
from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.time import Instant, micros

DAYS = 1096
"""Looked back unless asked otherwise: what seldom happens needs a long memory."""
_YEAR = 365.25 * 86_400e6


@dataclass(frozen=True)
class Ledger:
    """`known`: units with the number of incidents whose loss is known in them. `counted`: the rows that count.

    `years`: of watching, from the first incident on record or the beginning of the period, whichever is later.
    """

    population: Population
    asked: Asked
    counted: Flags
    rates: Mapping[str, Rate]
    known: Mapping[str, int]
    losses: Losses
    years: float
    left_out: Mapping[str, int]

    @property
    def unit(self) -> str:
        return self.losses.unit

    @property
    def too_short(self) -> bool:
        return too_short(self.years)


def ledger(
    conn: Connection,
    now: Instant,
    unit: str | None = None,
    days: int = DAYS,
    filters: Mapping[str, str] | None = None,
) -> Ledger:
    """`unit` None: the most telling one that is known of at least half the incidents."""
    found = population(conn, "incidents")
    columns, question = found.columns, asked(now, days=days, filters=filters)
    rows = chosen(columns, question, found.causes)
    counted, left_out = eligible(columns, rows)
    rates = rates_of(conn)
    known = units(columns, counted, rates)
    if unit is not None and unit not in known and unit not in PLAIN:
        there = ", ".join(known)
        hint = "Money needs a service with `loss` in the catalogue."
        raise Invalid("No loss is known in this unit.", (f"unit: {unit[:40]!r}; use one of {there}. {hint}",))
    when = columns["when"]
    past = when[when != MISSING]
    first = int(past.min()) if len(past) else question.until
    reckoned = losses(columns, counted, unit or most_telling(known), rates, micros(now))
    return Ledger(
        found,
        question,
        counted,
        rates,
        known,
        reckoned,
        max(0.0, (question.until - max(question.since, first)) / _YEAR),
        {why: len(one) for why, one in left_out.items() if len(one)} | dict(reckoned.left_out),
    )


def rates_of(conn: Connection) -> dict[str, Rate]:
    """What an hour without each service costs, as the catalogue says now."""
    return {
        one.id: Rate(one.loss.amount, one.loss.currency, one.loss.source)
        for one in services(conn, retired=True)
        if one.loss is not None
    }


def past_tolerance(conn: Connection, ledger: Ledger, now: Instant) -> tuple[Flags, Flags]:
    """Beside the losses: the incidents of services with a tolerance, and those that lasted longer."""
    tolerances = {one.id: float(one.tolerance) for one in services(conn, retired=True) if one.tolerance is not None}
    known, longer = outlasted(ledger.population.columns, tolerances, micros(now))
    return known[ledger.losses.rows], longer[ledger.losses.rows]


def flags(ledger: Ledger, rows: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> Flags:
    found = np.zeros(len(ledger.population.columns), dtype=np.bool_)
    found[rows] = True
    return found
