"""Days as people name them: the end of one, and until when a page looks. Pure."""

from datetime import UTC, date, datetime, timedelta

from quarterdeck.kernel.time import Instant


def end_of_day(day: date) -> Instant:
    """Its last second, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=23, minutes=59, seconds=59)


def looked_at(day: date | None, now: Instant) -> Instant | None:
    """Until when a page of that day looks: its end, or now if it is today; None: now."""
    if day is None:
        return None
    return now if day == now.date() else end_of_day(day)
