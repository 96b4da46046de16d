"""What can happen to the monthly digest: a day is set for it, the day comes, it is sent. Stream `digest/main`."""

from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import Instant


class DigestPlanned(Event, frozen=True, kw_only=True):
    """What is learnt in `month` (`2026-03`) is to be told at `due`, the first working day after it."""

    month: str
    due: Instant


class DigestDue(Event, frozen=True, kw_only=True):
    """That day has come."""

    month: str


class DigestSent(Event, frozen=True, kw_only=True):
    """These people were told; nobody if nothing was learnt."""

    month: str
    people: tuple[str, ...] = ()
