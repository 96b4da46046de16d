"""Support hours: when a page that can wait may go out, in the zone of the plan, through every change of the clocks."""

from datetime import timedelta

from quarterdeck.kernel.time import Instant
from quarterdeck.oncall.events import SupportHours
from quarterdeck.oncall.rules.calendar import instant_of, local


def opens_at(hours: SupportHours, at: Instant) -> Instant | None:
    """When support hours begin next; None if they have begun and last still. They end at the closing minute."""
    day = local(hours.zone, at).date()
    while True:
        if day.weekday() in hours.days and day not in hours.holidays:
            opens, closes = instant_of(hours.zone, day, hours.opens), instant_of(hours.zone, day, hours.closes)
            if at < closes:
                return opens if at < opens else None
        day += timedelta(days=1)
