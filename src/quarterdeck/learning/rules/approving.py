"""A review's way to everybody: submitted, returned, approved by somebody else, published. Pure."""

from collections.abc import Mapping, Sequence

from quarterdeck.command.rules.words import text
from quarterdeck.kernel.errors import Refused
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import Instant
from quarterdeck.learning.events import reviewing as ev
from quarterdeck.learning.rules.review import Review
from quarterdeck.learning.rules.reviewing import alive

LONGEST_MESSAGE = 3_000


def submit(state: Review, by: str, now: Instant) -> list[Event]:
    """Half-written is told, not refused; a review in which nobody wrote anything is no review."""
    alive(state)
    if state.state != "draft":
        raise Refused("AlreadySubmitted", f"The review of INC-{state.number} is {state.state}.")
    if not any(saved[-1].text for saved in state.texts.values()) and not _observations(state):
        raise Refused(
            "NothingWritten",
            "Nobody has written anything yet: answer at least one prompt, or waive the review.",
        )
    return [ev.ReviewSubmitted(at=now, by=by, version=state.version)]


def send_back(state: Review, by: str, now: Instant, *, comment: str) -> list[Event]:
    alive(state)
    if state.state != "in review":
        raise Refused("NotInReview", f"The review of INC-{state.number} is {_said(state)}: there is nothing to return.")
    return [ev.ReviewReturned(at=now, by=by, comment=text("comment", comment, 2_000, needed=True))]


def approve(state: Review, by: str, now: Instant, *, seen: int | None, comment: str = "") -> list[Event]:
    """`seen`: the version that was read. Never by whoever wrote it alone."""
    alive(state)
    if seen is not None and seen != state.version:
        raise Refused(
            "ReviewMovedOn",
            f"You read version {seen} of this review, and version {state.version} has been saved since. "
            "Read that one first.",
        )
    if state.state != "in review":
        raise Refused(
            "NotInReview",
            f"The review of INC-{state.number} is {_said(state)}"
            + (": submit it first." if state.state == "draft" else ": there is nothing to approve."),
        )
    if state.authors == (by,):
        raise Refused("SoleAuthor", "You wrote this review alone: somebody else approves it.")
    return [ev.ReviewApproved(at=now, by=by, version=state.version, comment=text("comment", comment, 2_000))]


def publish(
    state: Review,
    by: str,
    now: Instant,
    *,
    message: str,
    people: Sequence[str],
    audiences: Mapping[str, ev.Told],
    public: Sequence[str] = (),
) -> list[Event]:
    alive(state)
    if state.state != "approved":
        problem = "was published" if state.state == "published" else "has not been approved yet"
        raise Refused("NotApproved", f"The review of INC-{state.number} {problem}.")
    return [
        ev.ReviewPublished(
            at=now,
            by=by,
            version=state.version,
            text=text("text", message, LONGEST_MESSAGE, needed=True),
            people=tuple(people),
            audiences=dict(audiences),
            public=tuple(public),
        )
    ]


def _observations(state: Review) -> bool:
    return any(not one.withdrawn for one in state.observations.values())


def _said(state: Review) -> str:
    return "a draft" if state.state == "draft" else state.state
