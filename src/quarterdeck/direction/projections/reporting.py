"""Read tables of what senior management is told: pages as issued, decisions asked for, and the mail's schedule."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import JSON, BigInteger, Column, Connection, Integer, String, Table, Text, delete, insert, update

from quarterdeck.direction.events import reporting as ev
from quarterdeck.kernel.time import micros
from quarterdeck.record import Projections, Recorded
from quarterdeck.record.tables import read

board_page = Table(
    "board_page",
    read,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("as_of", BigInteger, nullable=False),
    Column("period", String(12), nullable=False),
    Column("by", String(80), nullable=False),
    Column("headline", Text, nullable=False),
    Column("page", JSON, nullable=False),
    Column("told", JSON, nullable=False),
    Column("unreached", JSON, nullable=False),
)
"""`told`: ids of the people it was sent to."""

board_decision = Table(
    "board_decision",
    read,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("state", String(12), nullable=False, index=True),
    Column("question", Text, nullable=False),
    Column("due", BigInteger),
    Column("waiting", Text, nullable=False),
    Column("advice", Text, nullable=False),
    Column("href", Text, nullable=False),
    Column("asked_at", BigInteger, nullable=False),
    Column("asked_by", String(80), nullable=False),
    Column("settled_at", BigInteger),
    Column("settled_by", String(80)),
    Column("said", Text, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("followed", JSON, nullable=False),
)
"""`said`: what was decided, or why it was withdrawn. `followed`: what came of it, the first first."""

board_mailing = Table(
    "board_mailing",
    read,
    Column("key", String(8), primary_key=True),
    Column("every", String(12), nullable=False),
    Column("to", JSON, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("by", String(80), nullable=False),
)
"""One row while the page goes out by itself, none otherwise."""


def _issued(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        e = row.event
        values = {name: getattr(e, name) for name in ("number", "period", "by")}
        page = msgspec.to_builtins(e.page)
        more = {"at": micros(e.at), "as_of": micros(e.page.as_of), "headline": e.page.headline, "page": page}
        conn.execute(insert(board_page), {**values, **more, "told": [], "unreached": []})


def _sent(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        e = row.event
        told = {"told": list(e.people), "unreached": list(e.unreached)}
        conn.execute(update(board_page).where(board_page.c.number == e.issue).values(told))


def _asked(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        e = row.event
        values = {name: getattr(e, name) for name in ("number", "question", "waiting", "advice", "href")}
        asked = {"asked_at": micros(e.at), "asked_by": e.by, "due": micros(e.due) if e.due else None}
        nothing = {"state": "open", "said": "", "decided_by": "", "followed": []}
        conn.execute(insert(board_decision), {**values, **asked, **nothing})


def _settled(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        e = row.event
        taken = isinstance(e, ev.BoardDecisionTaken)
        values = {
            "state": "taken" if taken else "withdrawn",
            "said": e.decision if taken else e.reason,
            "decided_by": e.decided_by if taken else "",
            "settled_at": micros(e.at),
            "settled_by": e.by,
        }
        conn.execute(update(board_decision).where(board_decision.c.number == int(row.key)).values(values))


def _followed(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        mine = board_decision.c.number == int(row.key)
        before = conn.execute(board_decision.select().where(mine)).one().followed
        added = {"at": micros(row.event.at), "text": row.event.text, "by": row.event.by}
        conn.execute(update(board_decision).where(mine).values(followed=[*before, added]))


def _scheduled(conn: Connection, rows: Sequence[Recorded]) -> None:
    conn.execute(delete(board_mailing))
    e = rows[-1].event
    values = {"key": "main", "every": e.every, "to": list(e.to), "since": micros(e.at), "by": e.by}
    conn.execute(insert(board_mailing), values)


def _stopped(conn: Connection, rows: Sequence[Recorded]) -> None:
    conn.execute(delete(board_mailing))


PROJECTIONS: Projections = {
    ev.PageIssued: _issued,
    ev.BoardMailSent: _sent,
    ev.BoardDecisionAsked: _asked,
    ev.BoardDecisionTaken: _settled,
    ev.BoardDecisionWithdrawn: _settled,
    ev.BoardDecisionFollowed: _followed,
    ev.BoardMailScheduled: _scheduled,
    ev.BoardMailStopped: _stopped,
}
