"""What people write in a review: texts, observations, how the story is told, comments. On the review's stream."""

from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import Instant
from quarterdeck.learning.events.factoring import Evidence


class ReviewWritten(Event, frozen=True, kw_only=True):
    """Another version of the text: what changed, whole, by the prompt that it answers."""

    by: str
    texts: dict[str, str]


class ObservationMade(Event, frozen=True, kw_only=True):
    """One thing that somebody noticed, under the prompt that it answers."""

    by: str
    observation: str
    """`O1`, `O2` … of this review."""
    prompt: str
    text: str
    evidence: tuple[Evidence, ...] = ()


class ObservationRevised(Event, frozen=True, kw_only=True):
    by: str
    observation: str
    prompt: str
    text: str
    evidence: tuple[Evidence, ...] = ()


class ObservationWithdrawn(Event, frozen=True, kw_only=True):
    by: str
    observation: str


class ObservationGrew(Event, frozen=True, kw_only=True):
    """A lesson was made of it."""

    by: str
    observation: str
    lesson: int


class EntryTold(Event, frozen=True, kw_only=True):
    """How the review tells one fact of the record, whole: whether, under which title, at which time, and why so.

    The fact itself stands as it was recorded.
    """

    by: str
    position: int
    told: bool
    title: str | None = None
    occurred_at: Instant | None = None
    reason: str = ""


class ReviewCommented(Event, frozen=True, kw_only=True):
    by: str
    comment: int
    text: str
    about: str = ""
    """The prompt or the observation that it is about; empty: the whole."""


class CommentSettled(Event, frozen=True, kw_only=True):
    by: str
    comment: int
