"""What can be recorded of telling people about an incident: stream `comms/{incident number}`.

`by` is a person's id, or the principal's (`engine`, `key/…`, `local`) where no person acted.
"""

import msgspec

from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import Instant

# -- what is copied from the plan ----------------------------------------------------------------


class Cadence(msgspec.Struct, frozen=True, kw_only=True):
    """Minutes until an audience hears first, and between two updates afterwards."""

    first_within: int
    every: int


class AudienceCopied(msgspec.Struct, frozen=True, kw_only=True):
    """An audience as the pinned revision has it; `cadence` by severity, of those at which it is told."""

    title: str
    by: str
    """The role that tells them."""
    to: tuple[str, ...] = ()
    outside: str | None = None
    cadence: dict[str, Cadence]
    subject: str
    says: str
    approver: str | None = None
    """The role that agrees before this audience gets an update."""


class RuleCopied(msgspec.Struct, frozen=True, kw_only=True):
    """When and to which posts an incident is elevated; every condition given must hold. Times in minutes."""

    name: str
    title: str
    severities: tuple[str, ...] | None = None
    open_longer_than: int | None = None
    tolerance_breached: bool = False
    update_overdue_by: int | None = None
    by: str
    to: tuple[str, ...]
    acknowledge_within: int
    says: str
    decision: str | None = None


class PostCopied(msgspec.Struct, frozen=True, kw_only=True):
    """A post and the login of who held it."""

    title: str
    login: str


class RoleCopied(msgspec.Struct, frozen=True, kw_only=True):
    """A role that tells or agrees: who takes it when nobody has been named, and the posts that stand in."""

    title: str
    filled_by: str | None = None
    deputies: tuple[str, ...] = ()


# -- the clocks ----------------------------------------------------------------------------------


class CommunicationBegun(Event, frozen=True, kw_only=True):
    """The clocks run: audiences, paces and elevation rules copied, so that later revisions do not change them.

    Recorded again when the incident is reopened.
    """

    number: int
    severity: str
    drill: bool = False
    plan_revision: int
    declared_at: Instant
    since: Instant
    """When the impact began, as far as known; the service's tolerance counts from it."""
    tolerance: int | None = None
    """Minutes that the service's owner tolerates."""
    zone: str = "UTC"
    """In which texts say times."""
    commander: str
    """The role that directs the incident."""
    owner: str
    """The post that keeps the plan: where an overdue update ends."""
    audiences: dict[str, AudienceCopied]
    rules: tuple[RuleCopied, ...] = ()
    posts: dict[str, PostCopied] = msgspec.field(default_factory=dict)
    roles: dict[str, RoleCopied] = msgspec.field(default_factory=dict)
    due: dict[str, Instant] = msgspec.field(default_factory=dict)
    """Audience → when its first update is due; those that the severity does not concern are missing."""
    reason: str = "declared"
    public: tuple[str, ...] = ()
    """The audiences whose texts anybody may read, on the status page. None of a drill."""


class PaceChanged(Event, frozen=True, kw_only=True):
    """What the clocks follow has changed: the severity, when the impact began, or what the service tolerates."""

    severity: str
    was: str
    since: Instant
    tolerance: int | None = None
    due: dict[str, Instant] = msgspec.field(default_factory=dict)


class CommunicationStopped(Event, frozen=True, kw_only=True):
    """No more deadlines. `last_update_wanted`: somebody has been told before and should hear that it is over."""

    reason: str
    last_update_wanted: bool = False


# -- updates -------------------------------------------------------------------------------------


class Rendered(msgspec.Struct, frozen=True, kw_only=True):
    """What one audience reads, and to whom it went. `waits_for`: the role that has to agree first."""

    subject: str
    text: str
    people: tuple[str, ...] = ()
    unreached: tuple[str, ...] = ()
    """Targets that gave nobody who can be told, each with the reason."""
    outside: str | None = None
    """How it is told outside Quarterdeck; somebody has to carry the text there."""
    waits_for: str | None = None


class UpdateSent(Event, frozen=True, kw_only=True):
    """One form, a text for each audience. `fields`: what was known; the others were written "not known yet"."""

    update: int
    fields: dict[str, str]
    next_update: Instant | None = None
    """None only in the last one."""
    texts: dict[str, Rendered]
    unchanged: bool = False
    """Nothing new: the update before, with a new time."""
    last: bool = False
    """The incident is over; no other will follow."""
    by: str
    public: tuple[str, ...] = ()
    """The audiences whose texts stand on the status page once they have gone out."""


class UpdateApproved(Event, frozen=True, kw_only=True):
    """The holder of the role agreed, and the audience got its text."""

    update: int
    audience: str
    people: tuple[str, ...] = ()
    unreached: tuple[str, ...] = ()
    due: Instant | None = None
    by: str


class NoticePublished(Event, frozen=True, kw_only=True):
    """A word after the incident, for the public status page: what its review makes known. `text` is Markdown."""

    audience: str
    text: str
    by: str


class UpdateOverdue(Event, frozen=True, kw_only=True):
    """These audiences have not been told in time. `step` 0, 1, 2 …: whose turn it is to be told so."""

    audiences: tuple[str, ...]
    due: Instant
    """The earliest of their deadlines."""
    step: int


class ReminderSent(Event, frozen=True, kw_only=True):
    """Who was told that an update is overdue: as the `rung` role, commander or owner. `people` empty: nobody could."""

    audiences: tuple[str, ...]
    step: int
    rung: str
    people: tuple[str, ...] = ()


# -- elevation -----------------------------------------------------------------------------------


class ElevationDue(Event, frozen=True, kw_only=True):
    """The conditions of a rule of the plan hold. Once per rule and incident."""

    rule: str


class Elevated(Event, frozen=True, kw_only=True):
    """The incident is brought before these posts, one after another, with one paragraph and the decision wanted."""

    elevation: str
    title: str
    to: tuple[str, ...]
    acknowledge_within: int
    text: str
    decision: str | None = None
    by: str


class ElevationTold(Event, frozen=True, kw_only=True):
    """A post had its turn. `delivery` None: its holder could not be told, and `unreached` says why."""

    elevation: str
    step: int
    post: str
    person: str | None = None
    delivery: str | None = None
    unreached: str | None = None


class ElevationClimbed(Event, frozen=True, kw_only=True):
    """Nobody acknowledged: it is the next post's turn, and after the last one the first's again."""

    elevation: str
    step: int
    reason: str
    """`unacknowledged`, `passed on` or `nobody reached`."""


class ElevationAcknowledged(Event, frozen=True, kw_only=True):
    """Somebody of higher management has taken note."""

    elevation: str
    by: str
    how: str


class ElevationExhausted(Event, frozen=True, kw_only=True):
    """Every post was told time and again without an answer; somebody has to see to it."""

    elevation: str
    rounds: int


class DecisionTaken(Event, frozen=True, kw_only=True):
    """The answer to the decision that was wanted."""

    elevation: str
    decision: str
    by: str
