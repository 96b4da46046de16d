"""Who is overloaded: pages, and the nights that they broke. Of people only how they are spread, never a list."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np

from quarterdeck.direction.rules.measures.columns import Words
from quarterdeck.direction.rules.statistics import Counts, Estimate, Values, share

NIGHT_FROM, NIGHT_TO = 22, 7
"""Local hours of who is paged: from 22:00 until 07:00."""
_HOUR = 3_600_000_000
_DAYS = np.int64(1 << 32)
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True)
class Own:
    """What it was for whoever asks."""

    pages: int
    nights: int


@dataclass(frozen=True)
class Load:
    """`a_week` and `nights`: one number for each person who was paged, sorted. `hours`: by weekday and local hour."""

    pages: int
    people: int
    weeks: float
    at_night: Estimate
    a_week: Values
    nights: Values
    hours: Counts
    own: Own

    @property
    def broken(self) -> int:
        """People of whom a night was broken."""
        return int(np.count_nonzero(self.nights))


def local(at: Counts, people: Words, zones: Mapping[str, str]) -> Counts:
    """Each instant as the clock of that person's wall reads it, in microseconds; those without a zone live in UTC."""
    shifted = at.copy()
    zone_of = [zones.get(name, "UTC") for name in people.names]
    for zone in set(zone_of) - {"UTC"}:
        mine = np.isin(people.codes, [code for code, one in enumerate(zone_of) if one == zone])
        hours, which = np.unique(at[mine] // _HOUR, return_inverse=True)
        info = ZoneInfo(zone)
        offsets = [datetime.fromtimestamp(int(hour) * 3600, UTC).astimezone(info).utcoffset() for hour in hours]
        seconds = np.array([0 if one is None else int(one.total_seconds()) for one in offsets], dtype=np.int64)
        shifted[mine] += seconds[which] * 1_000_000
    return shifted


def load(at: Counts, people: Words, zones: Mapping[str, str], weeks: float, me: str | None = None) -> Load:
    """Of these pages. A night belongs to the evening on which it began, and is broken once however often."""
    wall = local(at, people, zones)
    hour, day = (wall // _HOUR) % 24, wall // (24 * _HOUR)
    weekday = (day + 3) % 7  # 1 January 1970 was a Thursday
    hours = np.bincount(weekday * 24 + hour, minlength=7 * 24).reshape(7, 24)
    night = (hour >= NIGHT_FROM) | (hour < NIGHT_TO)
    evening = np.where(hour < NIGHT_TO, day - 1, day)
    count = len(people.names)
    pages = np.bincount(people.codes, minlength=count)
    evenings = np.unique(people.codes[night] * _DAYS + (evening[night] + _DAYS // 2))  # a person and an evening in one
    nights = np.bincount(evenings // _DAYS, minlength=count)
    paged = pages > 0
    mine = people.names.index(me) if me in people.names else None
    return Load(
        pages=len(at),
        people=int(np.count_nonzero(paged)),
        weeks=weeks,
        at_night=share(int(np.count_nonzero(night)), len(at)),
        a_week=np.sort(pages[paged] / max(weeks, 1 / 7)),
        nights=np.sort(nights[paged].astype(np.float64)),
        hours=hours,
        own=Own(int(pages[mine]), int(nights[mine])) if mine is not None else Own(0, 0),
    )


def sentence(found: Load) -> str:
    """`214 pages to 9 people in 26 weeks, 31 % of them at night (95 %: …); 6 of the 9 had a night broken, …`"""
    if not found.pages:
        return "Nobody was paged."
    share_ = found.at_night
    at_night = f"{(share_.value or 0) * 100:.0f} % of them between 22:00 and 07:00 of their own clocks"
    worst = int(found.nights[-1]) if len(found.nights) else 0
    most = "1 night" if worst == 1 else f"{worst} nights"
    broken = (
        f" {found.broken} of the {found.people} had a night broken, the most {most}."
        if found.broken
        else " Nobody's night was broken."
    )
    pages = "1 page" if found.pages == 1 else f"{found.pages} pages"
    people = "1 person" if found.people == 1 else f"{found.people} people"
    days = round(found.weeks * 7)
    period = f"{found.weeks:.0f} weeks" if days > 10 else f"{days} days" if days > 1 else "one day"
    return f"{pages} to {people} in {period}, {at_night}.{broken}"
