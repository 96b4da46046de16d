"""Read tables of upkeep: documents with their next date, open and settled reviews, and changes around the plan."""

from collections.abc import Sequence
from datetime import timedelta

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
    delete,
    insert,
    select,
    update,
)

from quarterdeck.kernel.time import micros
from quarterdeck.plan import events as ev
from quarterdeck.record import Projections, Recorded
from quarterdeck.record.tables import read

document = Table(
    "plan_document",
    read,
    Column("key", String(80), primary_key=True),
    Column("title", Text, nullable=False),
    Column("owner", String(64), nullable=False),
    Column("approver", String(64), nullable=False),
    Column("interval_days", Integer, nullable=False),
    Column("counted_from", BigInteger, nullable=False),
    Column("due", BigInteger, nullable=False),
    Column("settled_at", BigInteger),
)

open_review = Table(
    "plan_open_review",
    read,
    Column("document", String(80), primary_key=True),
    Column("trigger", String(40), primary_key=True),
    Column("why", Text, nullable=False),
    Column("ref", Text),
    Column("opened_at", BigInteger, nullable=False),
    Column("overdue_days", Integer, nullable=False),
)
"""`overdue_days`: how long it had been open when it was last said to be overdue; 0: not yet."""

settled_review = Table(
    "plan_settled_review",
    read,
    Column("document", String(80), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("by", Text, nullable=False),
    Column("outcome", String(12), nullable=False),
    Column("reason", Text, nullable=False),
    Column("revision", Integer),
    Column("triggers", JSON, nullable=False),
)

environment_change = Table(
    "plan_environment_change",
    read,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Column("happened_at", BigInteger, nullable=False),
    Column("documents", JSON, nullable=False),
    Column("logged_at", BigInteger, nullable=False),
    Column("logged_by", Text, nullable=False),
    Column("open", Boolean, nullable=False),
    Column("closed_at", BigInteger),
    Column("closed_by", Text),
    Column("no_impact", Text),
    Column("revision", Integer),
    Index("plan_environment_change_open", "open", "number"),
)


def _kept(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        e = row.event
        due = micros(e.counted_from + timedelta(days=e.interval_days))
        values = {
            "title": e.title,
            "owner": e.owner,
            "approver": e.approver,
            "interval_days": e.interval_days,
            "counted_from": micros(e.counted_from),
            "due": due,
        }
        if conn.execute(update(document).where(document.c.key == e.document).values(**values)).rowcount == 0:
            conn.execute(insert(document), {"key": e.document, **values})


def _retired(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        conn.execute(delete(document).where(document.c.key == row.event.document))
        conn.execute(delete(open_review).where(open_review.c.document == row.event.document))


def _opened(conn: Connection, rows: Sequence[Recorded]) -> None:
    conn.execute(
        insert(open_review),
        [
            {
                "document": row.event.document,
                "trigger": row.event.trigger,
                "why": row.event.why,
                "ref": row.event.ref,
                "opened_at": micros(row.event.at),
                "overdue_days": 0,
            }
            for row in rows
        ],
    )


def _overdue(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        e, columns = row.event, open_review.c
        one = (columns.document == e.document) & (columns.trigger == e.trigger)
        conn.execute(update(open_review).where(one).values(overdue_days=e.days))


def _settled(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        e, columns = row.event, open_review.c
        of_it = columns.document == e.document
        triggers = conn.execute(select(columns.trigger).where(of_it).order_by(columns.opened_at, columns.trigger))
        values = {
            "document": e.document,
            "place": row.version,
            "at": micros(e.at),
            "by": e.by,
            "outcome": e.outcome,
            "reason": e.reason,
            "revision": e.revision,
            "triggers": list(triggers.scalars()),
        }
        conn.execute(insert(settled_review), values)
        conn.execute(delete(open_review).where(of_it))
        days = conn.execute(select(document.c.interval_days).where(document.c.key == e.document)).scalar_one()
        due = micros(e.at + timedelta(days=days))
        moved = {"counted_from": micros(e.at), "settled_at": micros(e.at), "due": due}
        conn.execute(update(document).where(document.c.key == e.document).values(**moved))


def _logged(conn: Connection, rows: Sequence[Recorded]) -> None:
    conn.execute(
        insert(environment_change),
        [
            {
                "number": row.event.number,
                "kind": row.event.kind,
                "text": row.event.text,
                "happened_at": micros(row.event.happened_at),
                "documents": list(row.event.documents),
                "logged_at": micros(row.event.at),
                "logged_by": row.event.by,
                "open": True,
            }
            for row in rows
        ],
    )


def _closed(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        e = row.event
        conn.execute(
            update(environment_change)
            .where(environment_change.c.number == int(row.key))
            .values(open=False, closed_at=micros(e.at), closed_by=e.by, no_impact=e.no_impact, revision=e.revision)
        )


PROJECTIONS: Projections = {
    ev.DocumentKept: _kept,
    ev.DocumentRetired: _retired,
    ev.DocumentReviewOpened: _opened,
    ev.DocumentReviewOverdue: _overdue,
    ev.DocumentReviewSettled: _settled,
    ev.EnvironmentChangeLogged: _logged,
    ev.EnvironmentChangeClosed: _closed,
}
"""A reminder changes no table: the coming date stands there already."""
