"""What can happen to a review: owed, overdue, held, waived or no longer owed."""

from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import Instant


class ReviewOpened(Event, frozen=True, kw_only=True):
    """The plan's rule for the incident's severity asks for a review by `due`."""

    number: int
    due: Instant
    rule: str
    """The rule in words, as in `within 5 working days (SEV1, plan revision 3)`."""
    severity: str
    commander: str
    """Who commanded at resolution: may not lead the review."""
    facilitator: str | None = None
    """The post that the plan wants to lead the review; None: anybody entitled."""


class ReviewOverdue(Event, frozen=True, kw_only=True):
    """The due instant (`at`) passed without a review. Once per opening."""


class ReviewHeld(Event, frozen=True, kw_only=True):
    by: str
    facilitator: str
    summary: str


class ReviewWaived(Event, frozen=True, kw_only=True):
    by: str
    reason: str


class ReviewCancelled(Event, frozen=True, kw_only=True):
    """The incident was reopened: this review is no longer owed; the next resolution asks again."""

    reason: str
