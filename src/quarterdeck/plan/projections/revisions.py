"""Read tables of the plan's revisions: their content, their publications, and what each changed."""

from collections.abc import Sequence

from sqlalchemy import JSON, BigInteger, Column, Connection, Index, Integer, String, Table, Text, insert, select

from quarterdeck.kernel.time import micros
from quarterdeck.plan.events import PlanPublished, RevisionWritten
from quarterdeck.plan.projections.outline import as_json
from quarterdeck.plan.rules.differences import differences
from quarterdeck.plan.rules.model import Plan
from quarterdeck.plan.rules.revision import kept_plan, plan_from
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
    Column("reasons", JSON, nullable=False),
    Column("authors", JSON, nullable=False),
    Column("approved_by", Text),
    Column("draft", Integer),
    Index("plan_publication_at", "at"),
)

difference = Table(
    "plan_difference",
    read,
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("clause", Text, nullable=False),
    Column("before", JSON, nullable=False),
    Column("after", JSON, nullable=False),
    Column("sentence", Text, nullable=False),
)
"""What each revision changed in the one before it; the first one changed nothing."""


def written(conn: Connection, rows: Sequence[Recorded]) -> None:
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


def published(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        e: PlanPublished = row.event
        conn.execute(
            insert(publication),
            {
                "revision": e.revision,
                "content_hash": e.content_hash,
                "at": micros(e.at),
                "by": e.by,
                "reason": e.reason,
                "reasons": as_json(e.reasons),
                "authors": list(e.authors or (e.by,)),
                "approved_by": e.approved_by,
                "draft": e.draft,
            },
        )
        if e.revision > 1:
            _compare(conn, e.revision)


def _compare(conn: Connection, number: int) -> None:
    changes = differences(_plan(conn, number - 1), _plan(conn, number))
    values = [
        {
            "revision": number,
            "place": place,
            "clause": change.clause,
            "before": change.before,
            "after": change.after,
            "sentence": change.sentence,
        }
        for place, change in enumerate(changes)
    ]
    if values:
        conn.execute(insert(difference), values)


def _plan(conn: Connection, number: int) -> Plan:
    columns = revision.c
    content_hash = conn.execute(select(columns.content_hash).where(columns.revision == number)).scalar_one()
    return kept_plan(content_hash) or plan_from(
        content_hash, conn.execute(select(columns.document).where(columns.revision == number)).scalar_one()
    )


PROJECTIONS: Projections = {RevisionWritten: written, PlanPublished: published}
