"""Read tables of the plan: each revision's content, and each publication."""

from collections.abc import Sequence

from sqlalchemy import JSON, BigInteger, Column, Connection, Integer, String, Table, Text, insert

from quarterdeck.kernel.time import micros
from quarterdeck.plan.events import PlanPublished, RevisionWritten
from quarterdeck.record import Projections, Recorded
from quarterdeck.record.tables import read

revision = Table(
    "plan_revision",
    read,
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("content_hash", String(64), nullable=False),
    Column("files", JSON, nullable=False),
    Column("document", JSON, nullable=False),
)

publication = Table(
    "plan_publication",
    read,
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("content_hash", String(64), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("by", Text, nullable=False),
    Column("reason", Text, nullable=False),
)


def _written(conn: Connection, rows: Sequence[Recorded]) -> None:
    conn.execute(
        insert(revision),
        [
            {
                "revision": row.event.revision,
                "content_hash": row.event.content_hash,
                "files": row.event.files,
                "document": row.event.document,
            }
            for row in rows
        ],
    )


def _published(conn: Connection, rows: Sequence[Recorded]) -> None:
    conn.execute(
        insert(publication),
        [
            {
                "revision": row.event.revision,
                "content_hash": row.event.content_hash,
                "at": micros(row.event.at),
                "by": row.event.by,
                "reason": row.event.reason,
            }
            for row in rows
        ],
    )


PROJECTIONS: Projections = {RevisionWritten: _written, PlanPublished: _published}
