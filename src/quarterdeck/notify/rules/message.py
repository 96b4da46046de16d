"""What a channel is given and what it answers."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Attachment:
    """A document that goes along by mail. `media_type` as in `application/pdf`."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Message:
    """`key` is the idempotency key: the same on each resend. `short` fits one text message, link included."""

    key: str
    delivery: str
    about: str
    purpose: str
    urgency: int
    subject: str
    text: str
    short: str
    link: str = ""
    secret: str = field(default="", repr=False)
    """What a webhook's requests are signed with."""
    attachment: Attachment | None = None
    """Carried by mail; the other ways have the link."""


@dataclass(frozen=True)
class Delivered:
    """The provider took it; `detail` is what it said, for the record."""

    detail: str


@dataclass(frozen=True)
class Failed:
    """`permanent`: trying the same again is pointless (a 4xx other than 408, 425 and 429); fall over at once.

    `unsure`: it may have arrived all the same (no answer in time), so it counts against the pacing.
    """

    error: str
    permanent: bool = False
    unsure: bool = False


Outcome = Delivered | Failed
