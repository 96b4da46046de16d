"""What can be recorded of contact methods, deliveries and replies; an address, a code or a token never is."""

from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import Instant


class ContactMethodAdded(Event, frozen=True, kw_only=True):
    """`kind`: email, webhook, ntfy, slack or demo. The address itself is kept outside the record."""

    person: str
    method: str
    kind: str


class ContactMethodVerified(Event, frozen=True, kw_only=True):
    """`how`: `code` (it came back from the method) or `assumed` (set up together with the house)."""

    person: str
    method: str
    how: str = "code"


class ContactMethodRemoved(Event, frozen=True, kw_only=True):
    person: str
    method: str


class ContactOrderChanged(Event, frozen=True, kw_only=True):
    """All of the person's methods, the one to try first first."""

    person: str
    methods: tuple[str, ...]


class DeliveryRequested(Event, frozen=True, kw_only=True):
    """`methods` copies the person's verified methods in order: later changes do not move a delivery under way.

    `purpose`: page, update, resolved, elevation, reminder, verification, test, exercise, contact-test. `urgency` 0 is
    SEV1. `title` is the part of `text` that may be shortened first. `about` is the stream it concerns, as in
    `incident/214`.
    """

    delivery: str
    person: str
    about: str
    purpose: str
    urgency: int
    subject: str
    text: str
    url_path: str = ""
    title: str = ""
    methods: tuple[str, ...] = ()
    attachment: str = ""
    """A stream whose document goes along by mail, such as `board-page/3`; made when it is sent."""
    drill: bool = False
    """It is of an exercise: it never holds up what is real."""


class DeliveryHeld(Event, frozen=True, kw_only=True):
    """The person has had as many messages by `method` as the pacing allows; looked at again at `until`."""

    delivery: str
    method: str
    until: Instant


class AttemptFailed(Event, frozen=True, kw_only=True):
    """`exhausted`: this method is given up for this round. `next_round`: all were; begin again at `next_at`."""

    delivery: str
    method: str
    channel: str
    round: int
    error: str
    permanent: bool
    elapsed_ms: int
    next_at: Instant | None = None
    exhausted: bool = False
    next_round: bool = False


class DeliverySucceeded(Event, frozen=True, kw_only=True):
    """The provider took it. `carried` are the held deliveries that went along in the same message."""

    delivery: str
    person: str
    about: str
    purpose: str
    method: str
    channel: str
    round: int
    detail: str
    elapsed_ms: int
    carried: tuple[str, ...] = ()


class DeliveryCombined(Event, frozen=True, kw_only=True):
    """It was told as part of the message of the delivery `into`."""

    delivery: str
    person: str
    about: str
    purpose: str
    into: str
    method: str


class DeliveryWithdrawn(Event, frozen=True, kw_only=True):
    """It is no longer wanted: `reason` as in `acknowledged`. What is already on its way may still arrive."""

    delivery: str
    reason: str


class DeliveryAbandoned(Event, frozen=True, kw_only=True):
    """Given up, loudly: `NoVerifiedMethod`, `PersonInactive`, `AllMethodsFailed`, `CodeExpired`."""

    delivery: str
    person: str
    about: str
    purpose: str
    reason: str


class ReplyReceived(Event, frozen=True, kw_only=True):
    """`answer`: ack, escalate or decline, given on the page behind the message's link."""

    delivery: str
    about: str
    person: str
    answer: str
