"""What can happen to a review: owed, prepared, submitted, approved, published; or overdue, waived, no longer owed."""

import msgspec

from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import Instant


class ReviewOpened(Event, frozen=True, kw_only=True):
    """The plan's rule for the incident's severity asks for a review by `due`. Texts of an earlier one are kept."""

    number: int
    due: Instant
    rule: str
    """The rule in words, as in `within 5 working days (SEV1, plan revision 3)`."""
    severity: str
    commander: str
    """Who commanded at resolution: may not lead the review."""
    facilitator: str | None = None
    """The post that the plan wants to lead the review; None: anybody entitled."""
    commander_may_lead: bool = False
    """The plan permits it, as small organisations have to."""


class ReviewOverdue(Event, frozen=True, kw_only=True):
    """The due instant (`at`) passed without a review. Once per opening."""


class FacilitatorAssigned(Event, frozen=True, kw_only=True):
    by: str
    person: str


class ParticipantsNamed(Event, frozen=True, kw_only=True):
    """Who takes part, whole. Until then those are proposed who were there."""

    by: str
    people: tuple[str, ...]


class ReviewScheduled(Event, frozen=True, kw_only=True):
    """When those who take part meet; None: no longer."""

    by: str
    meets_at: Instant | None


class ReviewSubmitted(Event, frozen=True, kw_only=True):
    by: str
    version: int


class ReviewReturned(Event, frozen=True, kw_only=True):
    """Whoever read it wants something else; it is a draft again."""

    by: str
    comment: str


class ReviewApproved(Event, frozen=True, kw_only=True):
    """Approved is this version and no other: what is written later has to be approved again."""

    by: str
    """The person who approved; the record's actor differs when the operator at the host wrote it down."""
    version: int
    comment: str = ""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """An audience of the communication plan: who of it was sent the text, and where somebody has to carry it."""

    title: str
    people: tuple[str, ...] = ()
    outside: str | None = None


class ReviewPublished(Event, frozen=True, kw_only=True):
    """Everybody may know. `text` is what those told were sent beside the link."""

    by: str
    version: int
    text: str
    people: tuple[str, ...] = ()
    """Those who were there."""
    audiences: dict[str, Told] = msgspec.field(default_factory=dict)
    public: tuple[str, ...] = ()
    """Of these, who reads it on the public status page."""


class ReviewHeld(Event, frozen=True, kw_only=True):
    """Held elsewhere and recorded in one step, with what came of it: nobody else approved it."""

    by: str
    facilitator: str
    summary: str


class ReviewWaived(Event, frozen=True, kw_only=True):
    by: str
    reason: str


class ReviewCancelled(Event, frozen=True, kw_only=True):
    """The incident was reopened: this review is no longer owed; the next resolution asks again."""

    reason: str
