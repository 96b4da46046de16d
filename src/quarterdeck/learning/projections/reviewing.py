"""Read table of learning: the reviews, as they stand."""

from collections.abc import Sequence

from sqlalchemy import (
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
    update,
)

from quarterdeck.kernel.time import micros
from quarterdeck.learning.events import reviewing as ev
from quarterdeck.record import Projections, Projector, Recorded
from quarterdeck.record.tables import read

review = Table(
    "review",
    read,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("state", String(12), nullable=False),
    Column("opened_at", BigInteger, nullable=False),
    Column("due", BigInteger, nullable=False),
    Column("rule", Text, nullable=False),
    Column("severity", String(8), nullable=False),
    Column("commander", String(80), nullable=False),
    Column("facilitator_post", String(64)),
    Column("facilitator", String(80)),
    Column("overdue", Boolean, nullable=False),
    Column("settled_at", BigInteger),
    Column("settled_by", String(80)),
    Column("outcome", Text),
    Index("review_state", "state", "due"),
)


def _opened(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        e = row.event
        conn.execute(delete(review).where(review.c.number == e.number))
        conn.execute(
            insert(review),
            {
                "number": e.number,
                "state": "due",
                "opened_at": micros(e.at),
                "due": micros(e.due),
                "rule": e.rule,
                "severity": e.severity,
                "commander": e.commander,
                "facilitator_post": e.facilitator,
                "overdue": False,
            },
        )


def _overdue(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        conn.execute(update(review).where(review.c.number == int(row.key)).values(overdue=True))


def _settled(state: str) -> Projector:
    def project(conn: Connection, rows: Sequence[Recorded]) -> None:
        for row in rows:
            e = row.event
            values = {
                "state": state,
                "settled_at": micros(e.at),
                "settled_by": getattr(e, "by", None),
                "facilitator": getattr(e, "facilitator", None),
                "outcome": getattr(e, "summary", None) or getattr(e, "reason", None),
            }
            conn.execute(update(review).where(review.c.number == int(row.key)).values(**values))

    return project


PROJECTIONS: Projections = {
    ev.ReviewOpened: _opened,
    ev.ReviewOverdue: _overdue,
    ev.ReviewHeld: _settled("held"),
    ev.ReviewWaived: _settled("waived"),
    ev.ReviewCancelled: _settled("cancelled"),
}
