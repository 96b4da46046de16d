"""When a month's digest is due, and what it says. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.lifecycle import Lifecycle
from quarterdeck.kernel.time import Instant
from quarterdeck.learning.events import digesting as ev
from quarterdeck.plan.rules.model import Calendar
from quarterdeck.plan.rules.values import DAYS

KEY = "main"
_MORNING = time(9)
"""When it is sent where the plan has no support hours."""
_FURTHEST = 366
LONGEST = 2_800
"""Characters of a message."""


@dataclass(frozen=True)
class Digest:
    """`due` None: the day has come, and sending it is under way or done."""

    month: str
    due: Instant | None


def evolve(state: Digest | None, event: Event) -> Digest:
    if isinstance(event, ev.DigestPlanned):
        return Digest(event.month, event.due)
    assert state is not None, f"{type(event).__name__} before DigestPlanned"
    return Digest(state.month, None)


def due(state: Digest) -> Instant | None:
    return state.due


def wake(state: Digest, now: Instant) -> list[Event]:
    if state.due is None or state.due > now:
        return []
    return [ev.DigestDue(at=state.due, month=state.month)]


def plan_next(state: Digest | None, now: Instant, calendar: Calendar) -> list[Event]:
    """Set the day for this month's digest; nothing if it is set so already, or if one is about to be sent."""
    if state is not None and state.due is not None and state.due <= now:
        return []
    local = now.astimezone(ZoneInfo(calendar.zone))
    month = f"{local:%Y-%m}"
    when = first_working_day(calendar, month)
    if state is not None and (state.month, state.due) == (month, when):
        return []
    return [ev.DigestPlanned(at=now, month=month, due=when)]


def sent(state: Digest, now: Instant, people: Sequence[str]) -> list[Event]:
    return [ev.DigestSent(at=now, month=state.month, people=tuple(people))]


def first_working_day(calendar: Calendar, month: str) -> Instant:
    """When the first working day after the month begins."""
    zone = ZoneInfo(calendar.zone)
    day = first = _next(_first(month))
    while DAYS[day.weekday()] not in calendar.working_days or day in calendar.holidays:
        day += timedelta(days=1)
        if day - first > timedelta(days=_FURTHEST):
            day = first
            break
    return datetime.combine(day, opening(calendar), zone).astimezone(ZoneInfo("UTC"))


def opening(calendar: Calendar) -> time:
    """When support opens; in the morning, where the plan has no support hours."""
    return time.fromisoformat(calendar.opens) if calendar.opens else _MORNING


def bounds(month: str, zone: str) -> tuple[Instant, Instant]:
    """When a month begins and ends in this zone. Raises `Invalid` if it is none."""
    first = _first(month)
    where = ZoneInfo(zone)
    begins, ends = (datetime.combine(day, time(), where).astimezone(ZoneInfo("UTC")) for day in (first, _next(first)))
    return begins, ends


def _first(month: str) -> date:
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        first = date(1, 1, 1)
    if len(month) != 7 or not 1971 <= first.year <= 8999:
        raise Invalid("That is no month.", (f"month: {month[:40]!r}; write it as 2026-03",))
    return first


def _next(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)


def message(lines: Sequence[str]) -> str:
    """The lines as far as they fit; the rest stands on the page."""
    said = ""
    for line in lines:
        if len(said) + len(line) > LONGEST:
            return f"{said}… and more, on the page."
        said += f"{line}\n"
    return said.rstrip()


DIGEST = Lifecycle("digest", evolve, due, wake)
