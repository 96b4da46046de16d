"""What can happen to a contact test (`contact-test/{number}`): a real message that asks for an answer, no more."""

import msgspec

from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import Instant


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A person to be asked, and the instant: at once, or once their waking hours have begun."""

    person: str
    at: Instant


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """One message: which delivery, and the channel; None: the channels in the person's own order, as a page goes."""

    delivery: str
    method: str | None = None
    channel: str | None = None


class ContactTestStarted(Event, frozen=True, kw_only=True):
    """Opens the stream. `selection` says how the people were picked; with the `seed` anybody can pick them again."""

    number: int
    people: tuple[Asked, ...]
    selection: str
    seed: int | None = None
    within: int
    """Minutes to answer."""
    each_channel: bool = False
    waking_hours: bool = False
    by: str


class AskDue(Event, frozen=True, kw_only=True):
    """It is this person's turn to be asked."""

    person: str


class PersonAsked(Event, frozen=True, kw_only=True):
    """The messages are on their way; none: `reason` says why nobody could be asked."""

    person: str
    messages: tuple[Sent, ...] = ()
    reason: str | None = None


class TestAnswered(Event, frozen=True, kw_only=True):
    """An answer to one message (`at`)."""

    person: str
    delivery: str
    late: bool = False


class MessageLost(Event, frozen=True, kw_only=True):
    """A message could not be delivered."""

    person: str
    delivery: str
    reason: str


class AnswerMissed(Event, frozen=True, kw_only=True):
    """The time to answer (`at`) passed without an answer to any message."""

    person: str


class ContactTestEnded(Event, frozen=True, kw_only=True):
    """Everybody has answered, or had the time to."""

    answered: int
    of: int
