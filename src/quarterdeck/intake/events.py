"""What can be recorded here: what became of a signal, of a group of signals that belong together, and of a change."""

import msgspec

from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import Instant


class Link(msgspec.Struct, frozen=True):
    """An http(s) address that a monitor gave along, with the words to show for it."""

    href: str
    text: str = ""


class SignalRaised(Event, frozen=True, kw_only=True):
    """A monitor says that something is wrong: for the first time, again after a resolution, or after its group ended.

    Repeats while the signal is open are counted, not recorded. Stream `signal/{hash of source and dedup_key}`.
    """

    source: str
    dedup_key: str
    title: str
    severity: str
    """critical, error, warning or info."""
    labels: dict[str, str]
    links: tuple[Link, ...] = ()
    body: str = ""
    """The monitor's own details as JSON text, at most 64 KB."""
    service: str | None = None
    route: str | None = None
    group: str | None = None
    """None: suppressed."""
    suppressed_by: str | None = None
    """The plan's reason for which no group was opened."""
    started_at: Instant | None = None
    """When it began, as the monitor claims."""
    sender: str = ""
    """The principal whose key brought it."""
    drill: str = ""
    """The exercise that let it happen; empty: it is real."""


class SignalWorsened(Event, frozen=True, kw_only=True):
    """An open signal repeated itself with a worse severity."""

    severity: str


class SignalAcknowledged(Event, frozen=True, kw_only=True):
    """The source says that somebody has seen it."""

    by: str


class SignalResolved(Event, frozen=True, kw_only=True):
    """The source says that it is over."""

    by: str


class GroupHeld(Event, frozen=True, kw_only=True):
    """Signals belong together but no plan is in force: `GroupOpened` follows as soon as one is published."""

    group: str
    title: str
    severity: str
    source: str
    labels: dict[str, str]


class GroupOpened(Event, frozen=True, kw_only=True):
    """The first signal of a group: command declares an incident for it. Stream `group/{group}`."""

    group: str
    route: str
    """The plan's route; `(none)` if none matched and the plan's defaults hold."""
    title: str
    incident_type: str
    impact: str
    urgency: str
    source: str
    labels: dict[str, str]
    """Those of the first signal."""
    service: str | None = None
    """Known to the catalogue, or None."""
    severity: str = "error"
    """Of the worst signal so far."""
    plan_revision: int = 0
    auto_resolve: bool = True
    """Whether the incident may be resolved when the group clears."""
    clear_after: int = 5
    """Minutes for which all signals must have been resolved."""
    drill: str = ""
    """The exercise whose signals these are; empty: they are real."""


class GroupGrew(Event, frozen=True, kw_only=True):
    """The group has reached 10, 100, 1,000 … signals."""

    signals: int


class GroupWorsened(Event, frozen=True, kw_only=True):
    """A worse signal than any before gives the group a graver impact or urgency."""

    impact: str
    urgency: str
    severity: str = "error"


class GroupAcknowledged(Event, frozen=True, kw_only=True):
    """A source acknowledged one of the group's signals, the first time."""

    by: str


class GroupFellQuiet(Event, frozen=True, kw_only=True):
    """No signal of the group is open any more; it clears unless one is raised again in time."""


class GroupStirred(Event, frozen=True, kw_only=True):
    """A signal was raised after the group had fallen quiet."""


class GroupCleared(Event, frozen=True, kw_only=True):
    """The group stayed quiet for as long as its route asks. With `auto_resolve` it takes no further signals."""


class GroupAttached(Event, frozen=True, kw_only=True):
    """The group's signals are handled by this incident."""

    number: int


class GroupClosed(Event, frozen=True, kw_only=True):
    """Handled, declined or overtaken: the group takes no further signals."""

    reason: str
    hush: bool = False
    """True: signals that go on firing stay with this group, counted, until they have been resolved once."""


class ChangeObserved(Event, frozen=True, kw_only=True):
    """A deployment or another change, told by a pipeline: where to look for a cause. Stream `change/{id}`."""

    source: str
    title: str
    links: tuple[Link, ...] = ()
    body: str = ""
    changed_at: Instant | None = None
    """When it was made, as the sender claims."""
    sender: str = ""
