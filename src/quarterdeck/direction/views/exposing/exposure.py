"""Where does it hurt most, in a year: the expected loss by service, type or factor, and how bad a year may be."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from sqlalchemy import Connection

from quarterdeck.command.views import choices
from quarterdeck.direction.rules.exposure import Exposure, few_make_most, too_short, weigh
from quarterdeck.direction.rules.exposure.wording import bad_year, meaning, sentence
from quarterdeck.direction.rules.measures import Causes, Slice, slices
from quarterdeck.direction.rules.statistics import Counts, Flags
from quarterdeck.direction.views.exposing.ledger import DAYS, Ledger, flags, ledger, past_tolerance
from quarterdeck.direction.views.measuring import names_of
from quarterdeck.direction.views.measuring.documents import estimate
from quarterdeck.kernel.time import Instant, from_micros
from quarterdeck.learning.rules.taxonomy import words_for

Kind = Literal["service", "type", "cause", "severity", "team"]
KINDS: tuple[Kind, ...] = get_args(Kind)
SEED = 20260301
"""Of the drawing: the same question gets the same answer."""


@dataclass(frozen=True)
class Row:
    """One kind: its id (None: incidents without one), its name, and what it costs a year."""

    id: str | None
    name: str
    exposure: Exposure


@dataclass(frozen=True)
class Outlasted:
    """Of `of` incidents whose service's owner said what he tolerates, `n` lasted longer; `share` of the whole loss."""

    n: int
    of: int
    share: float

    @property
    def sentence(self) -> str:
        """Empty where no owner has said anything."""
        if not self.of:
            return ""
        borne = "lasted longer than its owner tolerates" if self.n == 1 else "lasted longer than their owners tolerate"
        if not self.n:
            return "No incident lasted longer than the owner of its service tolerates."
        makes = "it makes" if self.n == 1 else "they make"
        return f"{self.n:,} of {self.of:,} incidents {borne}; {makes} {self.share * 100:.0f} % of the loss."


@dataclass(frozen=True)
class Exposed:
    """`whole`: all incidents together. `rows`: the largest expected loss first; `more`: kinds that are not shown.

    `too_short`: less than four weeks on record, of which no year is made; the figures are what was lost so far.
    """

    ledger: Ledger
    by: Kind
    whole: Exposure
    rows: tuple[Row, ...]
    more: int
    outlasted: "Outlasted"

    @property
    def unit(self) -> str:
        return self.ledger.unit

    @property
    def top(self) -> tuple[Row, ...]:
        """The few that make up four fifths of the loss."""
        return self.rows[: few_make_most([one.exposure.annual.value or 0.0 for one in self.rows])]


def exposure(
    conn: Connection,
    now: Instant,
    by: Kind = "service",
    unit: str | None = None,
    days: int = DAYS,
    filters: Mapping[str, str] | None = None,
    seed: int = SEED,
) -> Exposed:
    found = ledger(conn, now, unit, days, filters)
    die = np.random.default_rng(seed)
    years = found.years if found.years > 0 else 1.0
    draw = not found.too_short
    whole = weigh(found.losses.values, years, die, simulate=draw)
    columns, causes = found.population.columns, found.population.causes
    known = flags(found, found.losses.rows)
    groups, more = slices(columns, known, by, found.asked, causes)
    if by == "cause" and len(unnamed := _without(known, causes)):
        groups = [*groups, Slice(None, unnamed, found.asked.days)]
    names = dict(choices(conn).types) if by == "type" else names_of(conn, by)
    rows = [
        Row(
            one.name,
            _named(one.name, by, names),
            weigh(found.losses.of(flags(found, one.rows)), years, die, simulate=draw),
        )
        for one in groups
    ]
    rows.sort(key=lambda row: (-(row.exposure.annual.value or 0.0), row.name))
    return Exposed(found, by, whole, tuple(rows), more, _outlasted(conn, found, now))


def _outlasted(conn: Connection, book: Ledger, now: Instant) -> Outlasted:
    known, longer = past_tolerance(conn, book, now)
    values = book.losses.values
    share = float(values[longer].sum() / values.sum()) if values.sum() > 0 else 0.0
    return Outlasted(int(np.count_nonzero(longer)), int(np.count_nonzero(known)), share)


def _without(rows: Flags, causes: Causes) -> Counts:
    """Those in which no factor was agreed on."""
    found = rows.copy()
    for inside in causes.values():
        found[inside] = False
    return np.flatnonzero(found)


def _named(id: str | None, by: Kind, names: Mapping[str, str]) -> str:
    if id is None:
        return {"cause": "no factor agreed on"}.get(by, f"no {by}")
    return words_for(id) if by == "cause" else names.get(id, id)


def document(found: Exposed) -> dict[str, Any]:
    """For programs: every loss in the unit named; a year of 365.25 days."""
    book = found.ledger
    rates = {
        service: {
            "an_hour": rate.an_hour,
            "currency": rate.currency,
            "source": rate.source,
        }
        for service, rate in book.rates.items()
        if rate.currency == book.unit
    }
    return {
        "by": found.by,
        "unit": book.unit,
        "meaning": meaning(book.unit),
        "units": dict(book.known),
        "from": from_micros(book.asked.since),
        "to": from_micros(book.asked.until),
        "years": round(book.years, 4),
        "too_short": book.too_short,
        "incidents": int(np.count_nonzero(book.counted)),
        "unknown": book.losses.unknown,
        "still_open": book.losses.still_open,
        "left_out": dict(book.left_out),
        "rates": rates,
        "outlasted": {"n": found.outlasted.n, "of": found.outlasted.of, "share": round(found.outlasted.share, 4)},
        "whole": one(found.whole, book.unit),
        "items": [{"id": row.id, "name": row.name, **one(row.exposure, book.unit)} for row in found.rows],
        "more": found.more,
        "next": None,
    }


def one(found: Exposure, unit: str) -> dict[str, Any]:
    return {
        "n": found.n,
        "so_far": round(found.so_far, 4),
        "a_year": None if too_short(found.years) else estimate(found.annual),
        "incidents_a_year": estimate(found.often),
        "largest": round(found.largest, 4),
        "bad_year": None if found.bad_year is None else round(found.bad_year, 4),
        "sentence": sentence(found, unit),
        "bad_year_sentence": bad_year(found, unit),
    }
