"""What can happen to a tracker, where issues are kept, and to the ticket of an improvement action there."""

import msgspec

from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import Instant


class TrackerAdded(Event, frozen=True, kw_only=True):
    """Stream `tracker/{id}`. The token and the webhook's secret are kept beside the record, never in it."""

    tracker: str
    by: str
    kind: str
    """`github`, `gitlab`, `jira-cloud` or `jira-server`."""
    title: str
    base_url: str
    project: str
    issue_type: str = ""
    account: str = ""
    """Jira Cloud: the mail address that belongs to the token."""
    labels: tuple[str, ...] = ()
    sends: str
    """`all` agreed actions, those of `teams`, or only what is `asked` for."""
    teams: tuple[str, ...] = ()


class TrackerRevised(Event, frozen=True, kw_only=True):
    """Each field stands as it is from here on."""

    by: str
    title: str
    base_url: str
    project: str
    issue_type: str = ""
    account: str = ""
    labels: tuple[str, ...] = ()
    sends: str
    teams: tuple[str, ...] = ()


class TrackerTokenReplaced(Event, frozen=True, kw_only=True):
    """`what`: `token`, or `secret` of its webhook."""

    by: str
    what: str


class TrackerTryAsked(Event, frozen=True, kw_only=True):
    by: str


class TrackerTried(Event, frozen=True, kw_only=True):
    """What it answered, in a sentence."""

    works: bool
    said: str


class TrackerRemoved(Event, frozen=True, kw_only=True):
    by: str


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """How an action stood when it was sent last. `body`: a digest; `due`: a day; `phase`: todo, done, over."""

    title: str
    body: str
    due: str
    phase: str


class Seen(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How an issue stands over there. `reason`: `not-planned` where it was closed undone; `body`: a digest.

    What it does not say is left out, so that what was recorded before a field came reads the same.
    """

    key: str
    url: str
    title: str
    open: bool
    status: str
    reason: str = ""
    due: str = ""
    body: str = ""
    by: str = ""
    """Who closed it, by their name over there, where the tracker says so."""


class TicketAsked(Event, frozen=True, kw_only=True):
    """Stream `ticket/{action}`. One issue is to stand in this tracker. `mark` finds it again; `by` None: the rule."""

    action: int
    tracker: str
    mark: str
    by: str | None = None


class TicketResumed(Event, frozen=True, kw_only=True):
    """It was stopped, and its issue is kept in step again."""

    by: str | None = None


class TicketOutdated(Event, frozen=True, kw_only=True):
    """The action has changed, or somebody wants it sent now."""


class TicketLookAsked(Event, frozen=True, kw_only=True):
    """The tracker says that something happened to the issue: it is to be looked at."""


class TicketTried(Event, frozen=True, kw_only=True):
    """It is being sent. What follows says what became of it; if nothing follows, nobody knows yet."""


class TicketOpened(Event, frozen=True, kw_only=True):
    """The issue stands. `id`: by which it is asked for; `found`: it stood already, from a try whose end nobody knew."""

    id: str
    said: Said
    seen: Seen
    found: bool = False


class TicketSent(Event, frozen=True, kw_only=True):
    """What has changed here was sent. `what`, in words; nothing where nothing had to be said over there.

    `base`: `seen`, but for what people over there had changed and we left to them: that is as we had written it last.
    """

    what: tuple[str, ...]
    said: Said
    seen: Seen
    base: Seen


class TicketSeen(Event, frozen=True, kw_only=True):
    """It was looked at."""

    seen: Seen


class TicketFailed(Event, frozen=True, kw_only=True):
    """`unsure`: it may have been done over there all the same."""

    error: str
    until: Instant
    unsure: bool = False


class TicketLost(Event, frozen=True, kw_only=True):
    """The issue was deleted, or moved to where we do not follow. `how`, in words."""

    how: str


class TicketStopped(Event, frozen=True, kw_only=True):
    """Nothing is sent or fetched any more. `by` None: its tracker was removed, or the action ended first."""

    by: str | None = None
