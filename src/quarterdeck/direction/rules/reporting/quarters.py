"""Quarters of the year as people name them. Pure."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.time import Instant

_NAME = re.compile(r"(\d{4})-?Q([1-4])", re.IGNORECASE)
FIRST, LAST = 1971, 8999


@dataclass(frozen=True)
class Quarter:
    """`2026Q3`: from the first instant of July up to the first of October, in UTC."""

    year: int
    number: int

    @property
    def name(self) -> str:
        return f"{self.year}Q{self.number}"

    @property
    def begins(self) -> Instant:
        return datetime(self.year, 3 * self.number - 2, 1, tzinfo=UTC)

    @property
    def ends(self) -> Instant:
        return self.after.begins

    @property
    def after(self) -> "Quarter":
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def before(self) -> "Quarter":
        return Quarter(self.year - (self.number == 1), (self.number - 2) % 4 + 1)


def quarter_of(at: Instant) -> Quarter:
    return Quarter(at.year, (at.month + 2) // 3)


def quarter_named(text: str, now: Instant) -> Quarter:
    """`2026Q3` or `2026-Q3`; empty is the running one. Raises `Invalid` for one that has not begun."""
    if not text.strip():
        return quarter_of(now)
    found = _NAME.fullmatch(text.strip())
    if found is None or not FIRST <= int(found[1]) <= LAST:
        raise Invalid("That is no quarter.", (f"quarter: {text[:40]!r}; write it as 2026Q3",))
    quarter = Quarter(int(found[1]), int(found[2]))
    if quarter.begins > now:
        raise Invalid(f"{quarter.name} has not begun.", (f"quarter: {quarter.name}; name one that has",))
    return quarter


def last_quarters(now: Instant, count: int = 4) -> list[Quarter]:
    """The running one first."""
    found = [quarter_of(now)]
    while len(found) < count:
        found.append(found[-1].before)
    return found
