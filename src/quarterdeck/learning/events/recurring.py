"""What can happen to the monthly look at what recurs: begun, due, done with its result, and assessed by a person."""

import msgspec

from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import Instant


class Recurred(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that came up more than once. `kind`: factor, alert, change, type-on-service, service or type."""

    kind: str
    key: str
    words: str
    numbers: tuple[int, ...]
    """The incidents, oldest first; of very many the latest."""
    count: int


class RecurrenceBegun(Event, frozen=True, kw_only=True):
    """From now on it is looked at every month. Stream `recurrence/main`."""


class RecurrenceCheckDue(Event, frozen=True, kw_only=True):
    """A month (`2026-03`) is over."""

    month: str
    since: Instant
    until: Instant


class RecurrenceChecked(Event, frozen=True, kw_only=True):
    """What had recurred in the months up to the end of this one; nothing is a result, too."""

    month: str
    since: Instant
    until: Instant
    incidents: int
    """So many were looked at."""
    found: tuple[Recurred, ...]


class RecurrenceAssessed(Event, frozen=True, kw_only=True):
    """Somebody has read the result and says what follows."""

    month: str
    by: str
    text: str
