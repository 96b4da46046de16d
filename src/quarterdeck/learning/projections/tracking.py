"""Read tables of trackers and tickets: as they stand, and what happened to each ticket."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Index,
    Integer,
    String,
    Table,
    Text,
    insert,
    update,
)

from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import micros
from quarterdeck.learning.events import tracking as ev
from quarterdeck.record import Projections, Recorded
from quarterdeck.record.tables import read

tracker = Table(
    "tracker",
    read,
    Column("id", String(40), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("title", Text, nullable=False),
    Column("base_url", Text, nullable=False),
    Column("project", Text, nullable=False),
    Column("issue_type", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("labels", JSON, nullable=False),
    Column("sends", String(10), nullable=False),
    Column("teams", JSON, nullable=False),
    Column("added_at", BigInteger, nullable=False),
    Column("added_by", String(80), nullable=False),
    Column("removed", Boolean, nullable=False),
    Column("asked_at", BigInteger),
    Column("tried_at", BigInteger),
    Column("works", Boolean),
    Column("said", Text, nullable=False),
)
"""`asked_at`: being tried; `said`: what it answered then."""

ticket = Table(
    "ticket",
    read,
    Column("action", Integer, primary_key=True, autoincrement=False),
    Column("tracker", String(40), nullable=False),
    Column("state", String(10), nullable=False),
    Column("issue", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("base_title", Text, nullable=False),
    Column("open", Boolean, nullable=False),
    Column("status", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("due", Text, nullable=False),
    Column("asked_at", BigInteger, nullable=False),
    Column("looked_at", BigInteger),
    Column("failures", Integer, nullable=False),
    Column("error", Text, nullable=False),
    Column("next_at", BigInteger),
    Index("ticket_issue", "tracker", "issue"),
)
"""`issue`: by which the tracker is asked for it; `base_title`: as it was called when we had written last."""

ticket_step = Table(
    "ticket_step",
    read,
    Column("action", Integer, primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("what", String(40), nullable=False),
    Column("text", Text, nullable=False),
)


def _place(e: ev.TrackerAdded | ev.TrackerRevised) -> dict[str, Any]:
    names = ("title", "base_url", "project", "issue_type", "account", "sends")
    return {name: getattr(e, name) for name in names} | {"labels": list(e.labels), "teams": list(e.teams)}


def _tracker(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        e, values = row.event, dict[str, Any]()
        match e:
            case ev.TrackerAdded():
                facts = {"id": e.tracker, "kind": e.kind, "added_at": micros(e.at), "added_by": e.by}
                conn.execute(insert(tracker), {**facts, **_place(e), "removed": False, "said": ""})
            case ev.TrackerRevised():
                values = _place(e)
            case ev.TrackerTryAsked():
                values = {"asked_at": micros(e.at)}
            case ev.TrackerTried():
                values = {"asked_at": None, "tried_at": micros(e.at), "works": e.works, "said": e.said}
            case ev.TrackerRemoved():
                values = {"removed": True, "asked_at": None}
        if values:
            conn.execute(update(tracker).where(tracker.c.id == row.key).values(**values))


def _seen(seen: ev.Seen) -> dict[str, Any]:
    names = ("key", "url", "title", "open", "status", "reason", "due")
    return {name: getattr(seen, name) for name in names} | {"failures": 0, "error": "", "next_at": None}


def _asked(conn: Connection, e: ev.TicketAsked) -> None:
    texts = dict.fromkeys(("issue", "key", "url", "title", "base_title", "status", "reason", "due", "error"), "")
    fresh = {"tracker": e.tracker, "state": "waiting", "open": True, "asked_at": micros(e.at), "failures": 0, **texts}
    again = conn.execute(
        update(ticket).where(ticket.c.action == e.action).values(looked_at=None, next_at=None, **fresh)
    )
    if again.rowcount == 0:
        conn.execute(insert(ticket), {"action": e.action, **fresh})


def _ticket(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        e, values = row.event, dict[str, Any]()
        match e:
            case ev.TicketAsked():
                _asked(conn, e)
            case ev.TicketResumed():
                values = {"state": "open", "next_at": None}
            case ev.TicketOutdated():
                values = {"next_at": None}
            case ev.TicketOpened():
                opened = {"state": "open", "issue": e.id, "base_title": e.seen.title}
                values = {**_seen(e.seen), **opened, "looked_at": micros(e.at)}
            case ev.TicketSent():
                values = {**_seen(e.seen), "base_title": e.base.title, "looked_at": micros(e.at)}
            case ev.TicketSeen():
                values = {**_seen(e.seen), "looked_at": micros(e.at)}
            case ev.TicketFailed():
                values = {"failures": ticket.c.failures + 1, "error": e.error, "next_at": micros(e.until)}
            case ev.TicketLost():
                values = {"state": "lost", "error": e.how, "next_at": None}
            case ev.TicketStopped():
                values = {"state": "stopped", "error": "", "next_at": None}
        if values:
            conn.execute(update(ticket).where(ticket.c.action == int(row.key)).values(**values))
        if words := _words(e):
            step = {"action": int(row.key), "place": row.version, "at": micros(e.at)}
            conn.execute(insert(ticket_step), {**step, "what": words[0], "text": words[1]})


def _words(e: Event) -> tuple[str, str] | None:
    """What is told of it; looks that found nothing new and tries under way are not."""
    match e:
        case ev.TicketAsked():
            return "to be sent to", e.tracker
        case ev.TicketResumed():
            return "kept in step again", ""
        case ev.TicketOpened():
            return ("found as" if e.found else "made as"), e.seen.key
        case ev.TicketSent() if e.what:
            return "sent", ", ".join(e.what)
        case ev.TicketSeen():
            return "over there", f"{e.seen.title}: {e.seen.status}"
        case ev.TicketFailed():
            return "failed", e.error
        case ev.TicketLost():
            return "lost", e.how
        case ev.TicketStopped():
            return "stopped", "" if e.by else "its tracker was removed, or the action was over before it was sent"
        case _:
            return None


_TRACKERS = (ev.TrackerAdded, ev.TrackerRevised, ev.TrackerTryAsked, ev.TrackerTried, ev.TrackerRemoved)
_TICKETS = (
    ev.TicketAsked,
    ev.TicketOutdated,
    ev.TicketResumed,
    ev.TicketOpened,
    ev.TicketSent,
    ev.TicketSeen,
    ev.TicketFailed,
    ev.TicketLost,
    ev.TicketStopped,
)
PROJECTIONS: Projections = {
    **dict.fromkeys(_TRACKERS, _tracker),
    **dict.fromkeys(_TICKETS, _ticket),
}
