"""What can happen to a lesson: identified, validated, disposed of, closed by what it changed, reopened."""

from typing import Literal

from quarterdeck.kernel.events import Event
from quarterdeck.learning.events.effects import Expectation

Closing = Literal["revision", "improvement", "rejection"]
Way = Literal["revision", "improvement"]


class LessonIdentified(Event, frozen=True, kw_only=True):
    """Somebody saw something worth keeping; `source` is `INC-12`, `EX-3`, `deviation:INC-12:step` or `import`."""

    number: int
    by: str
    """A person's id, or the principal where no person acted; as are all of the following."""
    source: str
    observation: str
    insight: str = ""
    change: str = ""
    factors: tuple[str, ...] = ()
    clause: str | None = None
    owner: str | None = None


class LessonRevised(Event, frozen=True, kw_only=True):
    """Its words were changed; each field stands as it is from here on."""

    by: str
    observation: str
    insight: str = ""
    change: str = ""
    factors: tuple[str, ...] = ()
    clause: str | None = None
    owner: str | None = None


class LessonValidated(Event, frozen=True, kw_only=True):
    by: str


class LessonDisposed(Event, frozen=True, kw_only=True):
    """It is settled how it will close: a change of the plan is proposed, or an improvement action agreed."""

    by: str
    way: Way
    ref: str
    """`draft:4` or `A-7`."""
    expects: Expectation | None = None
    """What it should change, as far as that has been said."""


class LessonReturned(Event, frozen=True, kw_only=True):
    """What was to close it came to nothing: the draft was withdrawn, or the action cancelled. Validated again."""

    by: str
    reason: str


class LessonClosed(Event, frozen=True, kw_only=True):
    """Closed by a published revision, a verified improvement action, or a rejection with its reason."""

    by: str
    closing: Closing
    ref: str
    """The revision's number or `A-7`; of a rejection, its reason."""
    expects: Expectation | None = None
    """What it should change, and when that is looked at. None: a rejection, or nobody could say."""


class LessonReopened(Event, frozen=True, kw_only=True):
    """What it changed did not help, or the same factor returned."""

    by: str
    reason: str
    incident: int | None = None
    """In which it returned."""
