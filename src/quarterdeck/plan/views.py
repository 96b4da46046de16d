"""Questions about the plan: which revision is in force, what an earlier one said, what was published when and why."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from quarterdeck.kernel.errors import NotFound
from quarterdeck.kernel.time import Instant, from_micros
from quarterdeck.plan.projections import publication
from quarterdeck.plan.projections import revision as revision_table
from quarterdeck.plan.rules.revision import InForce, kept_plan, plan_from


@dataclass(frozen=True)
class Revision:
    """One publication. `by` is a principal's id, `content_hash` the SHA-256 of the files."""

    revision: int
    published_at: Instant
    by: str
    reason: str
    content_hash: str
    in_force: bool


def in_force(conn: Connection) -> InForce | None:
    """The revision in force; None before the first publication."""
    row = conn.execute(select(publication).order_by(publication.c.revision.desc()).limit(1)).first()
    return None if row is None else _loaded(conn, row)


def revision(conn: Connection, number: int) -> InForce:
    """A revision by its number. Raises `NotFound`."""
    row = conn.execute(select(publication).where(publication.c.revision == number)).first()
    if row is None:
        raise NotFound(f"plan revision {number}")
    return _loaded(conn, row)


def files(conn: Connection, number: int) -> dict[str, str]:
    """The files of a revision as they were written, name → text. Raises `NotFound`."""
    found = conn.execute(select(revision_table.c.files).where(revision_table.c.revision == number)).scalar()
    if found is None:
        raise NotFound(f"plan revision {number}")
    return dict(found)


def revisions(conn: Connection, *, limit: int = 50, before: int | None = None) -> list[Revision]:
    """Publications, the latest first; `before` continues below a revision number."""
    last = conn.execute(select(publication.c.revision).order_by(publication.c.revision.desc()).limit(1)).scalar()
    query = select(publication).order_by(publication.c.revision.desc()).limit(limit)
    if before is not None:
        query = query.where(publication.c.revision < before)
    return [
        Revision(row.revision, from_micros(row.at), row.by, row.reason, row.content_hash, row.revision == last)
        for row in conn.execute(query)
    ]


def _loaded(conn: Connection, row: Any) -> InForce:
    plan = kept_plan(row.content_hash)
    if plan is None:
        document = conn.execute(
            select(revision_table.c.document).where(revision_table.c.revision == row.revision)
        ).scalar_one()
        plan = plan_from(row.content_hash, document)
    return InForce(row.revision, plan, row.content_hash, from_micros(row.at), row.by, row.reason)
