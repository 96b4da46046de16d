"""What each incident cost in money, customer-minutes, person-hours or hours of harm; of how many nobody knows. Pure.

Hours of harm run from the beginning of the impact (where nobody said when, from the detection) to its end (where nobody
said that it had ended, to the resolution or the closure), and of one that is open until now.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from quarterdeck.direction.rules.measures.columns import MISSING, Columns
from quarterdeck.direction.rules.statistics import Counts, Flags, Values

HOURS, PEOPLE, CUSTOMERS = "hours", "person-hours", "customer-minutes"
PLAIN = (CUSTOMERS, PEOPLE, HOURS)
"""Units other than money, the more telling first."""
_HOUR, _MINUTES = 3_600e6, 60.0
ENDS = ("mitigated", "resolved", "closed")
BACKWARDS = "ended before they began, by their own times"


@dataclass(frozen=True)
class Rate:
    """What an hour without a service costs, and who says so."""

    an_hour: float
    currency: str
    source: str


@dataclass(frozen=True)
class Losses:
    """Of each incident whose loss is known in `unit`, its row and the loss.

    `unknown`: incidents whose loss is not known in this unit. `still_open`: of those known, what they cost so far.
    """

    unit: str
    rows: Counts
    values: Values
    unknown: int
    still_open: int
    left_out: Mapping[str, int]

    def of(self, rows: Flags) -> Values:
        """The losses of those of these rows whose loss is known."""
        return self.values[rows[self.rows]]


def losses(columns: Columns, counted: Flags, unit: str, rates: Mapping[str, Rate], now: int) -> Losses:
    """`unit`: a currency, or one of `PLAIN`. `rates`: by service. `now` in microseconds."""
    begun, ended = columns.first_known(("started", "detected")), columns.first_known(ENDS)
    hours = _hours(columns, now)
    there = counted & (begun != MISSING)
    backwards = there & (hours < 0)
    there &= ~backwards
    if unit == HOURS:
        values, known = hours, there
    elif unit == PEOPLE:
        values, known = columns["worked"] / _HOUR, there & (columns["worked"] > 0)
    elif unit == CUSTOMERS:
        values, known = columns["customers"] * hours * _MINUTES, there & columns.known("customers")
    else:
        an_hour = _by_service(columns, {id: one.an_hour for id, one in rates.items() if one.currency == unit})
        values, known = an_hour * hours, there & (an_hour >= 0)
    rows = np.flatnonzero(known)
    return Losses(
        unit,
        rows,
        values[rows].astype(np.float64),
        int(np.count_nonzero(counted) - len(rows) - np.count_nonzero(backwards)),
        int(np.count_nonzero(ended[rows] == MISSING)),
        {BACKWARDS: int(np.count_nonzero(backwards))} if np.any(backwards) else {},
    )


def _hours(columns: Columns, now: int) -> Values:
    begun, ended = columns.first_known(("started", "detected")), columns.first_known(ENDS)
    hours: Values = (np.where(ended == MISSING, now, ended) - begun) / _HOUR
    return hours


def _by_service(columns: Columns, known: Mapping[str, float]) -> Values:
    """What is known of the service of each row; -1 where nothing is."""
    service = columns.words["service"]
    found: Values = np.array([*(known.get(name, -1.0) for name in service.names), -1.0])[service.codes]
    return found


def outlasted(columns: Columns, tolerances: Mapping[str, float], now: int) -> tuple[Flags, Flags]:
    """The rows whose service's owner said how many minutes he tolerates, and those of them that lasted longer."""
    tolerated = _by_service(columns, tolerances)
    known: Flags = tolerated >= 0
    return known, known & (_hours(columns, now) * _MINUTES > tolerated)


def units(columns: Columns, counted: Flags, rates: Mapping[str, Rate]) -> dict[str, int]:
    """Every unit that something is known in, the most telling first, with the number of incidents."""
    service, all_of = columns.words["service"], int(np.count_nonzero(counted))
    priced: dict[str, int] = {}
    for code, name in enumerate(service.names):
        if name in rates:
            currency = rates[name].currency
            priced[currency] = priced.get(currency, 0) + int(np.count_nonzero(counted & (service.codes == code)))
    found = dict(sorted(priced.items(), key=lambda one: (-one[1], one[0])))
    found[CUSTOMERS] = int(np.count_nonzero(counted & columns.known("customers")))
    found[PEOPLE] = int(np.count_nonzero(counted & (columns["worked"] > 0)))
    return {unit: n for unit, n in found.items() if n} | {HOURS: all_of}


def most_telling(known: Mapping[str, int]) -> str:
    """The first unit in which the loss of at least half the incidents is known."""
    half = known.get(HOURS, 0) / 2
    return next((unit for unit, n in known.items() if n and n >= half), HOURS)
