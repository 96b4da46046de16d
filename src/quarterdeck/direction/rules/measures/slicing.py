"""Which incidents a figure is of: a period; one service, type, severity, team, cause or source; and in slices."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, get_args

import numpy as np

from quarterdeck.direction.rules.measures.columns import MISSING, Columns, Words
from quarterdeck.direction.rules.statistics import Counts, Flags
from quarterdeck.kernel.errors import Invalid

By = Literal["service", "type", "severity", "team", "cause", "source", "month"]
BY: tuple[By, ...] = get_args(By)
DAY = 86_400_000_000
"""In microseconds."""
NONE = "-"
"""Asks for the rows that have no service, team, …"""
SLICES = 60
"""The largest so many are shown; how many more there are is said."""


@dataclass(frozen=True)
class Asked:
    """`since` and `until` in microseconds, of the instant at which the incident was declared; `until` is left out.

    Several names of one kind ask for any of them.
    """

    since: int
    until: int
    filters: tuple[tuple[By, str], ...] = ()

    @property
    def days(self) -> float:
        return (self.until - self.since) / DAY

    def before(self) -> "Asked":
        """The period of the same length that came before."""
        return Asked(2 * self.since - self.until, self.since, self.filters)


@dataclass(frozen=True)
class Slice:
    """One group: its name (None: rows that have none), the rows, and the days that it covers."""

    name: str | None
    rows: Counts
    days: float


Causes = Mapping[str, Counts]
"""Factor code → the rows in which it was agreed on. A row may have several."""


def chosen(columns: Columns, asked: Asked, causes: Causes) -> Flags:
    """The rows that were asked for."""
    when = columns["when"]
    rows: Flags = (when != MISSING) & (when >= asked.since) & (when < asked.until)
    for by in dict.fromkeys(by for by, _ in asked.filters):
        fitting = [_has(columns, by, value, causes) for one, value in asked.filters if one == by]
        rows &= np.logical_or.reduce(fitting)
    return rows


def _has(columns: Columns, by: By, value: str, causes: Causes) -> Flags:
    if by == "cause":
        found = np.zeros(len(columns), dtype=np.bool_)
        found[causes.get(value, np.zeros(0, dtype=np.int64))] = True
        return found
    if by == "month":
        first, after = month_bounds(value)
        return (columns["when"] >= first) & (columns["when"] < after)
    return columns.words[by].where(None if value == NONE else value)


def slices(columns: Columns, rows: Flags, by: By, asked: Asked, causes: Causes) -> tuple[list[Slice], int]:
    """The rows in groups, the largest first, months in order; and how many groups more there are."""
    if by == "month":
        return list(_months(columns, rows, asked)), 0
    groups = list(_by_cause(rows, causes) if by == "cause" else _by_word(columns.words[by], rows))
    groups.sort(key=lambda group: (-len(group[1]), group[0] or ""))
    return [Slice(name, found, asked.days) for name, found in groups[:SLICES]], max(0, len(groups) - SLICES)


def _by_cause(rows: Flags, causes: Causes) -> Iterator[tuple[str | None, Counts]]:
    for code, found in causes.items():
        inside = found[rows[found]]
        if len(inside):
            yield code, inside


def _by_word(words: Words, rows: Flags) -> Iterator[tuple[str | None, Counts]]:
    inside = np.flatnonzero(rows)
    if not len(inside):
        return
    codes = words.codes[inside]
    small = codes.astype(np.int16) if len(words.names) <= np.iinfo(np.int16).max else codes  # sorted five times as fast
    ordered = inside[np.argsort(small, kind="stable")]
    ends = np.cumsum(np.bincount(codes + 1, minlength=len(words.names) + 1))
    for code, part in enumerate(np.split(ordered, ends[:-1]), -1):
        if len(part):
            yield (None if code < 0 else words.names[code]), part


def _months(columns: Columns, rows: Flags, asked: Asked) -> Iterator[Slice]:
    """Every month of the period, the empty ones too; the first and the last may be cut."""
    inside = np.flatnonzero(rows)
    when = columns["when"][inside]
    if not len(inside):
        return
    if np.any(when[1:] < when[:-1]):  # incidents are numbered as they come, so that most are in order already
        order = np.argsort(when, kind="stable")
        when, inside = when[order], inside[order]
    month = month_of(max(asked.since, int(when[0])))
    while True:
        first, after = month_bounds(month)
        if first >= asked.until or first > int(when[-1]):
            return
        left, right = np.searchsorted(when, (first, after))
        yield Slice(month, inside[left:right], (min(after, asked.until) - max(first, asked.since)) / DAY)
        month = month_of(after)


def month_of(at: int) -> str:
    """`2026-03`, in UTC."""
    return f"{datetime.fromtimestamp(at / 1e6, UTC):%Y-%m}"


def month_bounds(month: str) -> tuple[int, int]:
    """The first microsecond of a month and that of the next."""
    try:
        first = datetime.strptime(month, "%Y-%m").replace(tzinfo=UTC)
    except ValueError:
        raise Invalid(f"{month[:20]!r} is no month: write it as 2026-03.") from None
    after = first.replace(year=first.year + (first.month == 12), month=first.month % 12 + 1)
    return int(first.timestamp()) * 1_000_000, int(after.timestamp()) * 1_000_000
