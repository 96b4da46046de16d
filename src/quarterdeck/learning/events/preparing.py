"""What can happen to the reading lists: their hour is set, it comes, they are sent. Stream `reading/main`."""

from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import Instant


class ReadingPlanned(Event, frozen=True, kw_only=True):
    """Whoever goes on call within a day is next told at `due` what is new."""

    due: Instant


class ReadingDue(Event, frozen=True, kw_only=True):
    """That hour has come."""


class ReadingSent(Event, frozen=True, kw_only=True):
    """These people were told, and `due` is the next hour; nobody, if no shift begins or nothing is new.

    None: there is no schedule; the first one sets the hour again.
    """

    due: Instant | None
    people: tuple[str, ...] = ()
