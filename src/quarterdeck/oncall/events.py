"""What can be recorded of schedules (`schedule/{id}`) and of escalations (`escalation/{incident number}`).

`by` is a person's id, or the principal's (`engine`, `key/…`) where no person acted.
"""

from datetime import date
from typing import Any, Literal

import msgspec

from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import Instant


class Restriction(msgspec.Struct, frozen=True, kw_only=True):
    """A layer is only on call on these days (0 is Monday) from `start` until `end`, in minutes of the local day.

    `end` above 1440 means the next day: 22:00-06:00 is 1320 to 1800 and belongs to the day on which it starts.
    """

    days: tuple[int, ...]
    start: int
    end: int


class Layer(msgspec.Struct, frozen=True, kw_only=True):
    """One rotation: people take turns of `every` weeks or days; turns change at `minute` of the local day."""

    name: str
    rotation: Literal["weekly", "daily"]
    every: int = 1
    weekday: int | None = None
    """On which turns change, 0 is Monday; None for daily turns."""
    minute: int
    starts: date
    ends: date | None = None
    """The layer is over at the handover time of this date."""
    participants: tuple[str, ...]
    """Person ids, in turn."""
    only: tuple[Restriction, ...] = ()
    """On call in any of these; none: always."""


class ScheduleRevised(Event, frozen=True, kw_only=True):
    """The schedule as it is from now on, whole. A later layer has precedence over the ones before it."""

    schedule: str
    title: str
    zone: str
    layers: tuple[Layer, ...]
    round_the_clock: bool = True
    """Somebody ought to be on call at every moment, so a gap is worth a warning."""
    document: dict[str, Any]
    """As it was written, with logins."""
    by: str


class CoverArranged(Event, frozen=True, kw_only=True):
    """`person` is on call from `start` until `end`, whatever the layers say; the cover arranged last wins."""

    cover: str
    person: str
    start: Instant
    end: Instant
    by: str
    reason: str = ""


class CoverCancelled(Event, frozen=True, kw_only=True):
    """What of the cover has already passed stays as it was."""

    cover: str
    by: str


StartReason = Literal["declared", "severity raised", "reopened", "asked for"]


class Rung(msgspec.Struct, frozen=True, kw_only=True):
    """One level of the path: these targets at once, then so many minutes to acknowledge."""

    notify: tuple[str, ...]
    acknowledge_within: int


class Final(msgspec.Struct, frozen=True, kw_only=True):
    """The senior manager in whom the path ends: the plan's post and who holds it."""

    post: str
    title: str
    login: str


class SupportHours(msgspec.Struct, frozen=True, kw_only=True):
    """When a severity that can wait is paged: on working days, from `opens` to `closes` (minutes of the day)."""

    zone: str
    days: tuple[int, ...]
    """Monday is 0."""
    opens: int
    closes: int
    holidays: tuple[date, ...] = ()
    waits: tuple[str, ...]
    """The severities that are not urgent."""


class EscalationStarted(Event, frozen=True, kw_only=True):
    """Opens an escalation, or starts it afresh, with its path copied: later revisions of the plan do not change it."""

    number: int
    severity: str
    path: str
    levels: tuple[Rung, ...]
    repeat: int
    final: Final
    posts: dict[str, str] = msgspec.field(default_factory=dict)
    """Post → login, of the posts that the levels name."""
    plan_revision: int
    reason: StartReason = "declared"
    acknowledged: bool = False
    """Somebody has the incident already: the first level is paged to help, and the path is not climbed."""
    hours: SupportHours | None = None
    """Copied from the plan as the path is; None: every page goes out at any hour."""
    by: str


TurnReason = Literal[
    "started",
    "unacknowledged",
    "nobody reached",
    "escalated",
    "declined",
    "undeliverable",
    "overdue",
    "support hours",
    "severity raised",
]
"""Why it is a step's turn; `support hours`: they have begun, and it had waited for them."""


class LevelDue(Event, frozen=True, kw_only=True):
    """It is this step's turn. `step` counts from 0 through every level of every round, then the final rounds."""

    step: int
    level: int
    """1, 2, 3 …; 0: the final post."""
    round: int
    reason: TurnReason
    by: str | None = None


class PagingPostponed(Event, frozen=True, kw_only=True):
    """It would be the next step's turn for `reason`; its severity can wait, and support hours begin at `until`."""

    until: Instant
    reason: TurnReason


class Reached(msgspec.Struct, frozen=True, kw_only=True):
    """A person to be paged, and the first target that led to them."""

    person: str
    target: str


class Unreached(msgspec.Struct, frozen=True, kw_only=True):
    """A target that gave nobody, or somebody who cannot be paged, and why: `NobodyOnCall`, `NoContactMethod` …"""

    target: str
    reason: str
    person: str | None = None


class LevelReached(Event, frozen=True, kw_only=True):
    """Whom the step's targets stood for at that instant; they are paged in the same transaction."""

    step: int
    level: int
    round: int
    people: tuple[Reached, ...] = ()
    unreached: tuple[Unreached, ...] = ()


class PageRequested(Event, frozen=True, kw_only=True):
    """A page was given to `notify` as `delivery`."""

    step: int
    person: str
    target: str
    delivery: str


class PageDeclined(Event, frozen=True, kw_only=True):
    """Somebody who was paged said: I can't."""

    by: str
    step: int


class PageFailed(Event, frozen=True, kw_only=True):
    """Every contact method of a person was tried and none took the page."""

    person: str
    delivery: str
    step: int


class EscalationAcknowledged(Event, frozen=True, kw_only=True):
    """Somebody has it; pages stop."""

    by: str
    how: str
    """`link`, `console`, `api`, `cli` or `incident` (acknowledged there, for example by the source of the alerts)."""
    level: int


class AcknowledgedAgain(Event, frozen=True, kw_only=True):
    """A second person acknowledged what somebody already has; once per person."""

    by: str
    how: str


class SeverityFollowed(Event, frozen=True, kw_only=True):
    """The incident's severity changed and the path stays: later pages name the new severity."""

    severity: str


class DeadlineMended(Event, frozen=True, kw_only=True):
    """The clock was set back, so the time to acknowledge would have lasted too long; it runs from now again."""

    until: Instant


class EscalationStopped(Event, frozen=True, kw_only=True):
    """No more pages: the incident was resolved, declined, merged or cancelled, or its severity pages nobody."""

    reason: str


class EscalationExhausted(Event, frozen=True, kw_only=True):
    """The senior manager was paged time and again without an answer; a person has to see to it."""

    rounds: int
