"""What can happen to a lesson: identified, validated, closed by what it changed, and reopened if that did not help."""

from typing import Literal

from quarterdeck.kernel.events import Event

Closing = Literal["revision", "improvement", "rejection"]


class LessonIdentified(Event, frozen=True, kw_only=True):
    """Somebody saw something worth keeping; `source` is `INC-12`, `EX-3`, `deviation:INC-12:step` or `import`."""

    number: int
    by: str
    source: str
    observation: str
    insight: str = ""
    change: str = ""
    factors: tuple[str, ...] = ()
    clause: str | None = None
    owner: str | None = None


class LessonValidated(Event, frozen=True, kw_only=True):
    by: str


class LessonClosed(Event, frozen=True, kw_only=True):
    """Closed by a published revision, a verified improvement action, or a rejection with its reason."""

    by: str
    closing: Closing
    ref: str
    """The revision's number or `A-7`; of a rejection, its reason."""


class LessonReopened(Event, frozen=True, kw_only=True):
    """What it changed did not help, or the same factor returned."""

    by: str
    reason: str
