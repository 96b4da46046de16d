"""When those who go on call are told what is new since their last shift, and in which words. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from quarterdeck.kernel.events import Event
from quarterdeck.kernel.lifecycle import Lifecycle
from quarterdeck.kernel.time import Instant
from quarterdeck.learning.events import preparing as ev
from quarterdeck.learning.rules.digesting import message, opening
from quarterdeck.plan.rules.model import Calendar

KEY = "main"


@dataclass(frozen=True)
class Reading:
    """`due` None: telling is `under_way`, or nobody is ever on call."""

    due: Instant | None
    under_way: bool = False


def evolve(state: Reading | None, event: Event) -> Reading:
    if isinstance(event, ev.ReadingPlanned | ev.ReadingSent):
        return Reading(event.due)
    assert state is not None, f"{type(event).__name__} before ReadingPlanned"
    return replace(state, due=None, under_way=True)


def due(state: Reading) -> Instant | None:
    return state.due


def wake(state: Reading, now: Instant) -> list[Event]:
    """After a long sleep once, not once for each day that was missed."""
    return [ev.ReadingDue(at=now)] if state.due is not None and state.due <= now else []


def plan_next(state: Reading | None, now: Instant, calendar: Calendar) -> list[Event]:
    """Set the hour by this calendar; nothing if it is set so already, or if telling is under way."""
    when = next_hour(calendar, now)
    if state is not None and (state.under_way or (state.due is not None and (state.due <= now or state.due == when))):
        return []
    return [ev.ReadingPlanned(at=now, due=when)]


def sent(now: Instant, calendar: Calendar, people: Sequence[str], *, schedules: bool) -> list[Event]:
    """`schedules`: there is at least one, so it is worth asking again."""
    return [ev.ReadingSent(at=now, due=next_hour(calendar, now) if schedules else None, people=tuple(people))]


def next_hour(calendar: Calendar, now: Instant) -> Instant:
    """When support opens next, on any day: shifts begin on Sundays, too."""
    zone = ZoneInfo(calendar.zone)
    today = now.astimezone(zone).date()
    hours = (datetime.combine(today + timedelta(days=ahead), opening(calendar), zone) for ahead in (0, 1))
    return next(hour.astimezone(ZoneInfo("UTC")) for hour in hours if hour > now)


def words(begins: str, since: str, lines: Sequence[str]) -> str:
    """The text for one person: when the shift begins, and line by line what is new since then."""
    return message([f"Your shift begins {begins}. New {since}:", *(f"- {line}" for line in lines)])


READING: Lifecycle[Reading] = Lifecycle("reading", evolve, due, wake)
