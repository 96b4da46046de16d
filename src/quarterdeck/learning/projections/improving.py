"""Read tables of improvement actions: as they stand, and what happened to each."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Float,
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
from quarterdeck.learning.events import improving as ev
from quarterdeck.learning.rules.lessoning import incident_of
from quarterdeck.record import Projections, Recorded
from quarterdeck.record.tables import read

improvement = Table(
    "improvement",
    read,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("state", String(12), nullable=False),
    Column("version", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("details", Text, nullable=False),
    Column("source", String(120)),
    Column("incident", Integer),
    Column("lesson", Integer),
    Column("severity", String(8)),
    Column("owner", String(80)),
    Column("owner_left", Boolean, nullable=False),
    Column("author", String(80), nullable=False),
    Column("proposed_at", BigInteger, nullable=False),
    Column("due", BigInteger, nullable=False),
    Column("rule", Text, nullable=False),
    Column("expects", JSON),
    Column("person_days", Float),
    Column("money", Float),
    Column("currency", String(3)),
    Column("needs", JSON, nullable=False),
    Column("falls_by", JSON),
    Column("agreed_at", BigInteger),
    Column("done_at", BigInteger),
    Column("doer", String(80)),
    Column("shown", Text),
    Column("verified_at", BigInteger),
    Column("verifier", String(80)),
    Column("found", Text),
    Column("reason", Text),
    Index("improvement_state", "state", "due"),
    Index("improvement_owner", "owner", "state"),
    Index("improvement_lesson", "lesson"),
    Index("improvement_incident", "incident"),
)
"""`shown`: where it can be seen that it is done; `found`: what the verifier saw; `reason`: why it was cancelled."""

improvement_step = Table(
    "improvement_step",
    read,
    Column("action", Integer, primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("by", String(80)),
    Column("what", String(24), nullable=False),
    Column("text", Text, nullable=False),
)


def _said(e: ev.ActionProposed | ev.ActionRevised) -> dict[str, Any]:
    return {
        "title": e.title,
        "details": e.details,
        "due": micros(e.due),
        "rule": e.rule,
        "expects": msgspec.to_builtins(e.expects) if e.expects else None,
        "person_days": e.person_days,
        "money": e.money,
        "currency": e.currency,
        "needs": list(e.needs),
        "falls_by": list(e.falls_by) if e.falls_by else None,
    }


def _proposed(conn: Connection, row: Recorded) -> None:
    e = row.event
    values = {
        "number": e.number,
        "state": "proposed",
        "version": 1,
        "source": e.source,
        "incident": incident_of(e.source) if e.source else None,
        "lesson": e.lesson,
        "severity": e.severity,
        "owner": e.owner,
        "owner_left": False,
        "author": e.by,
        "proposed_at": micros(e.at),
    }
    conn.execute(insert(improvement), {**values, **_said(e)})


_VALUES: dict[type[Event], Any] = {
    ev.ActionRevised: lambda e: {**_said(e), "version": improvement.c.version + 1},
    ev.ActionAssigned: lambda e: {"owner": e.owner, "owner_left": False},
    ev.ActionOwnerLeft: lambda e: {"owner_left": True},
    ev.ActionAgreed: lambda e: {"state": "agreed", "agreed_at": micros(e.at)},
    ev.ActionBegun: lambda e: {"state": "doing"},
    ev.ActionDone: lambda e: {"state": "done", "done_at": micros(e.at), "doer": e.by, "shown": e.shown},
    ev.ActionVerified: lambda e: {
        "state": "verified",
        "verified_at": micros(e.at),
        "verifier": e.by,
        "found": e.found,
    },
    ev.ActionReturned: lambda e: {"state": "doing", "done_at": None, "doer": None, "shown": None},
    ev.ActionCancelled: lambda e: {"state": "cancelled", "reason": e.reason},
    ev.ActionReminded: lambda e: {},
    ev.ActionOverdue: lambda e: {},
}
_WHAT: dict[type[Event], str] = {
    ev.ActionProposed: "proposed",
    ev.ActionRevised: "planned otherwise",
    ev.ActionAssigned: "given to",
    ev.ActionOwnerLeft: "its owner has left",
    ev.ActionAgreed: "agreed",
    ev.ActionBegun: "begun",
    ev.ActionDone: "done",
    ev.ActionVerified: "verified",
    ev.ActionReturned: "not done yet",
    ev.ActionCancelled: "cancelled",
    ev.ActionReminded: "due soon",
    ev.ActionOverdue: "overdue",
}


def _text(e: Event) -> str:
    for name in ("shown", "found", "reason", "owner", "days_left", "days"):
        value = getattr(e, name, None)
        if value is not None and not isinstance(e, ev.ActionProposed):
            return f"{value} days" if isinstance(value, int) else str(value)
    return ""


def _happened(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        e = row.event
        if isinstance(e, ev.ActionProposed):
            _proposed(conn, row)
        elif values := _VALUES[type(e)](e):
            conn.execute(update(improvement).where(improvement.c.number == int(row.key)).values(**values))
        step = {"at": micros(e.at), "by": getattr(e, "by", None), "what": _WHAT[type(e)], "text": _text(e)}
        conn.execute(insert(improvement_step), {"action": int(row.key), "place": row.version, **step})


PROJECTIONS: Projections = dict.fromkeys(_WHAT, _happened)
