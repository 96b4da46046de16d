"""A fortnight of final shifts as rows of table cells: one column an hour, so that no style sheet has to know widths."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from quarterdeck.kernel.time import Instant
from quarterdeck.oncall import rules
from quarterdeck.oncall.rules import Schedule, Shift

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Cell:
    """So many hours of one person; `kind`: shift, cover, gap (nobody would be paged) or rest (nobody need be)."""

    hours: int
    kind: str
    person: str | None
    name: str
    start: Instant
    end: Instant


@dataclass(frozen=True)
class Day:
    """A day of the schedule's zone: 23, 24 or 25 hours of it lie in the strip, of the first and the last fewer.

    `shown`: as much of its name as there is room for; a screen reader is told all of it.
    """

    hours: int
    name: str
    shown: str
    weekend: bool


@dataclass(frozen=True)
class Strip:
    """One schedule's fortnight. `hours` is the number of columns."""

    hours: int
    days: tuple[Day, ...]
    cells: tuple[Cell, ...]


def strip(schedule: Schedule, start: Instant, end: Instant, names: Mapping[str, str]) -> Strip:
    """The final shifts between two full hours; what is shorter than half an hour is rounded away, the list has it."""
    shifts = rules.shifts(schedule, start, end)
    free = [Shift(begin, finish, "") for begin, finish in rules.uncovered(schedule, start, end)]
    cells, done = [], 0
    empty = "gap" if schedule.round_the_clock else "rest"
    for one in sorted([*shifts, *free], key=lambda span: span.start):
        until = round((one.end - start) / HOUR)
        if until <= done:
            continue
        kind = empty if not one.person else "cover" if one.cover else "shift"
        name = names.get(one.person, one.person) if one.person else ("nobody" if empty == "gap" else "")
        cells.append(Cell(until - done, kind, one.person or None, name, one.start, one.end))
        done = until
    return Strip(round((end - start) / HOUR), tuple(_days(schedule.zone, start, end)), tuple(cells))


def _days(zone: str, start: Instant, end: Instant) -> Iterable[Day]:
    at = start
    while at < end:
        here = rules.local(zone, at)
        midnight = min(rules.instant_of(zone, here.date() + timedelta(days=1), 0), end)
        hours = round((midnight - start) / HOUR) - round((at - start) / HOUR)
        if hours > 0:
            name = f"{here:%a} {here.day}"
            shown = name if hours > 8 else f"{here.day}" if hours > 3 else ""
            yield Day(hours, name, shown, here.weekday() > 4)
        at = midnight


def first_hour(now: Instant) -> Instant:
    return now.replace(minute=0, second=0, microsecond=0)


def sentence(title: str, zone: str, start: Instant, end: Instant) -> str:
    """`Nobody would be paged on Primary, Sat 14 Nov 02:00-06:00 (Europe/Berlin).`"""
    begin, finish = rules.local(zone, start), rules.local(zone, end)
    last = f"{finish:%H:%M}" if begin.date() == finish.date() else f"{_day(finish)} {finish:%H:%M}"
    return f"Nobody would be paged on {title}, {_day(begin)} {begin:%H:%M} to {last} ({zone})."


def _day(at: datetime) -> str:
    return f"{at:%a} {at.day} {at:%b}"


def in_zone(zone: str, text: str) -> Instant | None:
    """What a form's `2026-03-03T18:00` means on the schedule's wall clock; None if it is no such text."""
    try:
        plain = datetime.strptime(text, "%Y-%m-%dT%H:%M")  # noqa: DTZ007  # the zone is given to it below
    except ValueError:
        return None
    if not 1970 <= plain.year <= 2200:
        return None
    return rules.instant_of(zone, date(plain.year, plain.month, plain.day), plain.hour * 60 + plain.minute)


def for_form(zone: str, at: Instant) -> str:
    """The other way round: what a `datetime-local` field shows."""
    return f"{rules.local(zone, at):%Y-%m-%dT%H:%M}"
