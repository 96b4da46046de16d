"""What is recorded of what senior management is told: pages as issued, decisions asked for, and mail on a schedule."""

from typing import Literal

import msgspec

from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import Instant

Every = Literal["weekly", "monthly", "quarterly"]

# -- the executive page, frozen ------------------------------------------------------------------


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One sentence with the address of its evidence in the console. `act`: somebody has to see to it now."""

    text: str
    href: str = ""
    act: bool = False


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """A capability against its tolerance. `state`: beyond (now), open (within so far), broken (it was), kept, unset."""

    name: str
    state: str
    text: str
    href: str = ""
    beneath: tuple[Line, ...] = ()
    """The incidents that stand open."""


class TrendSaid(msgspec.Struct, frozen=True, kw_only=True):
    """One figure of the window against the one before. `direction`: up or down, if it can be told.

    `verdict`: better, worse, no change, or cannot tell yet; `word`: the same as it is said, such as "fewer"; `plain`:
    the sentence for whoever reads no more than the first line.
    """

    title: str
    verdict: str
    word: str = ""
    plain: str = ""
    text: str = ""
    href: str = ""
    direction: str = ""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A decision that is needed: what, by when, what waiting costs, what we advise. `key`: the same next time."""

    key: str
    question: str
    due: Instant | None = None
    waiting: str = ""
    advice: str = ""
    href: str = ""
    number: int | None = None
    """Of a decision that was asked for by hand."""


class Week(msgspec.Struct, frozen=True, kw_only=True):
    """How many incidents were declared in the seven days up to `until`."""

    until: Instant
    count: int
    severe: int = 0


class ExecutivePage(msgspec.Struct, frozen=True, kw_only=True):
    """One page for those who answer for the organisation, as it was at `as_of`: every sentence with its evidence."""

    as_of: Instant
    since: Instant
    """Where the window begins."""
    incidents: int
    """In the window."""
    headline: str
    past: bool = False
    """It looks back: what stood open then is not known here."""
    note: str = ""
    """What the reader has to know first: that nothing happened in the window, or that it is of the past."""
    earlier: Instant | None = None
    """The day for which there would be something to say, if there is nothing for this one."""
    standings: tuple[Standing, ...] = ()
    exposure: Line | None = None
    """What incidents cost in a year."""
    at_ease: str = ""
    """Of the capabilities that are not named."""
    hurting: tuple[Line, ...] = ()
    """Where most incidents were, if there is no catalogue to hold them against."""
    trends: tuple[TrendSaid, ...] = ()
    trend_of: str = ""
    """Which periods are compared."""
    weeks: tuple[Week, ...] = ()
    decisions: tuple[Wanted, ...] = ()
    more_decisions: int = 0
    since_last: tuple[Line, ...] = ()
    last_issue: int | None = None
    last_at: Instant | None = None
    overdue: tuple[Line, ...] = ()
    overdue_of: int = 0
    """High-risk actions that are overdue, in all."""
    debt: tuple[Line, ...] = ()
    clocks: tuple[Line, ...] = ()


class PageIssued(Event, frozen=True, kw_only=True):
    """The page as senior management got it, whole: later changes do not touch it. Stream `board-page/{number}`."""

    number: int
    page: ExecutivePage
    period: str = ""
    """`2026-W10`, `2026-03`, `2026-Q1` if it was issued by the schedule."""
    by: str


# -- decisions: stream `board-decision/{number}` --------------------------------------------------


class BoardDecisionAsked(Event, frozen=True, kw_only=True):
    """Somebody asks senior management to decide. `by`: a principal's id."""

    number: int
    question: str
    due: Instant | None = None
    waiting: str = ""
    advice: str = ""
    href: str = ""
    by: str


class BoardDecisionTaken(Event, frozen=True, kw_only=True):
    """What was decided, and by whom: `decided_by` is the person or body, in words; `by` wrote it down."""

    decision: str
    decided_by: str
    by: str


class BoardDecisionFollowed(Event, frozen=True, kw_only=True):
    """What came of a decision that was taken."""

    text: str
    by: str


class BoardDecisionWithdrawn(Event, frozen=True, kw_only=True):
    """It is no longer asked for."""

    reason: str
    by: str


# -- mail: stream `board-mail/main` ---------------------------------------------------------------


class BoardMailScheduled(Event, frozen=True, kw_only=True):
    """From now on the page goes out by itself. `to`: `post:…`, `role:…`, `team:…`, `person:…` or a mail address."""

    every: Every
    to: tuple[str, ...]
    by: str


class BoardMailStopped(Event, frozen=True, kw_only=True):
    by: str


class BoardMailDue(Event, frozen=True, kw_only=True):
    """A period has begun."""

    period: str


class BoardMailSent(Event, frozen=True, kw_only=True):
    """The page of a period went to these people, each once. `unreached`: recipients that gave nobody, with why."""

    period: str
    issue: int
    people: tuple[str, ...]
    unreached: tuple[str, ...] = ()
