"""Local times in real time zones: the only module that knows `whenever`."""

from datetime import date, datetime

from whenever import Instant as ExactInstant
from whenever import PlainDateTime

from quarterdeck.kernel.time import Instant

DAY = 24 * 60


def instant_of(zone: str, day: date, minute: int) -> Instant:
    """The instant of a local time, `minute` counting from the day's midnight (1440 and more: the days after).

    Never decreasing in the local time: one that the clocks skip is the moment at which they jump, one that
    occurs twice is the first. So neighbouring spans stay neighbours through every change of the clocks.
    """
    days, rest = divmod(minute, DAY)
    day = date.fromordinal(day.toordinal() + days)
    plain = PlainDateTime(day.year, day.month, day.day, rest // 60, rest % 60)
    exact = plain.assume_tz(zone, disambiguation="earlier")
    if exact.to_plain() != plain:
        jump = exact.next_transition()
        assert jump is not None, "a local time is only skipped where the clocks jump"
        exact = jump
    return exact.to_instant().to_stdlib()


def local(zone: str, at: Instant) -> datetime:
    """The wall clock's reading at an instant, aware."""
    return ExactInstant(at).to_tz(zone).to_stdlib()
