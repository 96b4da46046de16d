"""Which trackers are there, do they work, and how does the ticket of an action stand?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from quarterdeck.governance.views import person_names
from quarterdeck.kernel.errors import NotFound
from quarterdeck.kernel.time import Instant, from_micros
from quarterdeck.learning.kept import tracker_reading, tracker_secret
from quarterdeck.learning.projections.tracking import ticket as table
from quarterdeck.learning.projections.tracking import ticket_step
from quarterdeck.learning.projections.tracking import tracker as trackers_table
from quarterdeck.learning.rules.issue import Issue
from quarterdeck.learning.rules.tracker import KINDS, SENDS, Place


@dataclass(frozen=True)
class TrackerRow:
    """A tracker without its secrets. `works` None: it has never been tried; `read_at`: when its changes were read."""

    id: str
    kind: str
    place: Place
    added_at: Instant
    added_by_name: str
    removed: bool
    trying: bool
    tried_at: Instant | None
    works: bool | None
    said: str
    read_at: Instant | None
    paused_until: Instant | None
    fault: str
    tickets: int

    @property
    def title(self) -> str:
        return self.place.title

    @property
    def kind_name(self) -> str:
        return KINDS[self.kind]

    @property
    def goes(self) -> str:
        """What goes out to it, in words."""
        if self.place.sends == "team":
            return f"the actions of {', '.join(self.place.teams)}"
        return SENDS[self.place.sends]


@dataclass(frozen=True)
class TicketRow:
    """The ticket of an action; `renamed`: what it is called over there, if somebody there has renamed it."""

    action: int
    tracker: str
    tracker_title: str
    state: str
    issue: str
    key: str
    url: str
    title: str
    renamed: str | None
    open: bool
    status: str
    reason: str
    due: str
    asked_at: Instant
    looked_at: Instant | None
    failures: int
    error: str
    next_at: Instant | None


@dataclass(frozen=True)
class TicketStep:
    at: Instant
    what: str
    text: str


def trackers(conn: Connection, *, removed: bool = False) -> list[TrackerRow]:
    """All that stand, by name; with the removed ones if wanted."""
    query = select(trackers_table).order_by(trackers_table.c.id)
    return _trackers(conn, query if removed else query.where(trackers_table.c.removed.is_(False)))


def tracker(conn: Connection, id: str) -> TrackerRow:
    """One tracker. Raises `NotFound`."""
    found = next(iter(_trackers(conn, select(trackers_table).where(trackers_table.c.id == id))), None)
    if found is None:
        raise NotFound(f"tracker {id[:60]}")
    return found


def webhook_secret_of(conn: Connection, tracker: str) -> tuple[str, str] | None:
    """The tracker's kind and what its webhook has to show; for the door that checks it, never for a screen."""
    query = select(trackers_table.c.kind, tracker_secret.c.secret).join(
        tracker_secret, tracker_secret.c.tracker == trackers_table.c.id
    )
    row = conn.execute(query.where(trackers_table.c.id == tracker)).first()
    return (row.kind, row.secret) if row else None


def ticket(conn: Connection, action: int) -> TicketRow | None:
    """How the ticket of an action stands; None if it was never sent."""
    return next(iter(_tickets(conn, select(table).where(table.c.action == action))), None)


def tickets(conn: Connection, actions: Sequence[int]) -> dict[int, TicketRow]:
    """The tickets of these actions, by action."""
    query = select(table).where(table.c.action.in_(list(actions)), table.c.state != "stopped")
    return {row.action: row for row in _tickets(conn, query)} if actions else {}


def tickets_of(conn: Connection, tracker: str, *, failing: bool = False) -> list[int]:
    """The actions whose tickets stand there or wait to; with `failing` those that could not be sent."""
    query = select(table.c.action).where(table.c.tracker == tracker, table.c.state.in_(("waiting", "open")))
    query = query.where(table.c.failures > 0) if failing else query
    return list(conn.execute(query.order_by(table.c.action)).scalars())


def ticket_of_issue(conn: Connection, tracker: str, issue: str) -> int | None:
    """The action whose ticket this issue is."""
    query = select(table.c.action).where(table.c.tracker == tracker, table.c.issue == issue, table.c.state == "open")
    found: int | None = conn.execute(query).scalar()
    return found


def tickets_that_differ(conn: Connection, tracker: str, issues: Sequence[Issue]) -> list[int]:
    """The actions whose issues stand otherwise than we saw last, texts apart."""
    theirs = {issue.id: issue.seen for issue in issues}
    query = select(table).where(table.c.tracker == tracker, table.c.state == "open")
    rows = conn.execute(query.where(table.c.issue.in_(list(theirs)))).all() if theirs else []
    names = ("key", "title", "open", "status", "reason", "due")
    return [row.action for row in rows if any(getattr(row, name) != getattr(theirs[row.issue], name) for name in names)]


def ticket_steps(conn: Connection, action: int) -> list[TicketStep]:
    """What happened to the ticket, in order."""
    query = select(ticket_step).where(ticket_step.c.action == action).order_by(ticket_step.c.place)
    return [TicketStep(from_micros(one.at), one.what, one.text) for one in conn.execute(query)]


def _trackers(conn: Connection, query: Any) -> list[TrackerRow]:
    rows = conn.execute(query).all()
    names = person_names(conn) if rows else {}
    readings = {row.tracker: row for row in conn.execute(select(tracker_reading))} if rows else {}
    counts = select(table.c.tracker, func.count()).where(table.c.state.in_(("waiting", "open")))
    tickets = {row[0]: row[1] for row in conn.execute(counts.group_by(table.c.tracker))} if rows else {}
    return [
        TrackerRow(
            id=row.id,
            kind=row.kind,
            place=Place(
                row.title,
                row.base_url,
                row.project,
                row.issue_type,
                row.account,
                tuple(row.labels),
                row.sends,
                tuple(row.teams),
            ),
            added_at=from_micros(row.added_at),
            added_by_name=names.get(row.added_by, row.added_by),
            removed=row.removed,
            trying=row.asked_at is not None,
            tried_at=_instant(row.tried_at),
            works=row.works,
            said=row.said,
            read_at=_instant(readings[row.id].read_at) if row.id in readings else None,
            paused_until=_instant(readings[row.id].paused_until) if row.id in readings else None,
            fault=readings[row.id].fault if row.id in readings else "",
            tickets=tickets.get(row.id, 0),
        )
        for row in rows
    ]


def _tickets(conn: Connection, query: Any) -> list[TicketRow]:
    rows = conn.execute(query).all()
    titles = dict(conn.execute(select(trackers_table.c.id, trackers_table.c.title)).all()) if rows else {}
    return [
        TicketRow(
            action=row.action,
            tracker=row.tracker,
            tracker_title=titles.get(row.tracker, row.tracker),
            state=row.state,
            issue=row.issue,
            key=row.key,
            url=row.url,
            title=row.title,
            renamed=row.title if row.title != row.base_title else None,
            open=row.open,
            status=row.status,
            reason=row.reason,
            due=row.due,
            asked_at=from_micros(row.asked_at),
            looked_at=_instant(row.looked_at),
            failures=row.failures,
            error=row.error,
            next_at=_instant(row.next_at),
        )
        for row in rows
    ]


def _instant(value: int | None) -> Instant | None:
    return None if value is None else from_micros(value)
