"""When a period ends: hours, days, months and working days, by Regulation (EEC, Euratom) 1182/71. Pure."""

import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from quarterdeck.kernel.time import Instant

AT_ONCE = "without undue delay"
LAST = time(23, 59, 59)
"""A day's last second: what is due on a day is late from the second that follows."""
_PERIOD = re.compile(r"([1-9][0-9]{0,3}) ?(h|d|weeks?|months?|bd)")


@dataclass(frozen=True)
class Days:
    """Which days are working days, in which zone: Monday to Friday, holidays apart."""

    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    holidays: frozenset[date] = frozenset()

    def works(self, day: date) -> bool:
        return day.weekday() < 5 and day not in self.holidays

    def next_working(self, day: date) -> date:
        """The day itself if it is one."""
        while not self.works(day):
            day += timedelta(days=1)
        return day

    def nth_working(self, day: date, count: int) -> date:
        """The `count`-th working day after this one."""
        while count:
            day += timedelta(days=1)
            count -= self.works(day)
        return day

    def day_of(self, at: Instant) -> date:
        return at.astimezone(self.zone).date()

    def at(self, day: date, clock: time) -> Instant:
        """This time of a day; of two that the clocks show, the later."""
        return max(datetime.combine(day, clock, self.zone).replace(fold=fold).astimezone(UTC) for fold in (0, 1))


def days(zone: str, holidays: Iterable[date] = ()) -> Days:
    return Days(ZoneInfo(zone), frozenset(holidays))


def period(text: str) -> tuple[int, str] | None:
    """`72 h`, `10 d`, `2 weeks`, `1 month`, `4 bd` as a count and h, d, month or bd; None for anything else."""
    found = _PERIOD.fullmatch(text.strip())
    if found is None:
        return None
    count, unit = int(found[1]), found[2].removesuffix("s")
    return (count * 7, "d") if unit == "week" else (count, unit)


def ends(
    start: Instant,
    within: str,
    calendar: Days,
    until: time | None = None,
    *,
    eu: bool = True,
    two_working: bool = False,
) -> Instant:
    """The last second of the period. Hours are elapsed time; a day is over at `until`, or when it is over.

    `eu`: by Article 3 of 1182/71 the hour or day of the event is not counted; otherwise hours begin at once, and days
    and months end at the time of day at which they began. `two_working`: two days or more hold two working days (3(5)).
    """
    found = period(within)
    assert found is not None, f"{within!r} was not checked"
    count, unit = found
    if unit == "h":
        return start + (_rest_of_hour(start, calendar) if eu else timedelta(0)) + timedelta(hours=count)
    first = calendar.day_of(start)
    if unit == "bd":
        return calendar.at(calendar.nth_working(first, count), until or LAST)
    last = months_after(first, count) if unit == "month" else first + timedelta(days=count)
    if two_working and unit == "d" and count >= 2:
        last = max(last, calendar.nth_working(first, 2))
    same = start.astimezone(calendar.zone).time().replace(microsecond=0)
    return calendar.at(last, until or (LAST if eu else same))


def months_after(day: date, months: int) -> date:
    """The same-numbered day; where the month has none, its last (31 January → 28 February)."""
    total = day.year * 12 + day.month - 1 + months
    year, month = total // 12, total % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def rolled(end: Instant, calendar: Days, to: time = LAST) -> Instant:
    """An end on no working day moves to the next one. Midnight belongs to the day that it ends."""
    last = calendar.day_of(end - timedelta(seconds=1))
    return end if calendar.works(last) else calendar.at(calendar.next_working(last), to)


def _rest_of_hour(start: Instant, calendar: Days) -> timedelta:
    """What is left of the event's own hour, which Article 3(1) of 1182/71 leaves out of a period in hours."""
    local = start.astimezone(calendar.zone)
    into = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    return timedelta(hours=1) - into if into else timedelta(0)
