"""What did each revision change, how much, and when was a document last touched?"""

from sqlalchemy import Connection, func, select

from quarterdeck.kernel.errors import NotFound
from quarterdeck.plan.projections.revisions import difference
from quarterdeck.plan.rules.differences import Difference, document_of
from quarterdeck.plan.views.publications import Revision, revisions


def published(conn: Connection, number: int) -> Revision:
    """One publication. Raises `NotFound`."""
    found = revisions(conn, limit=1, before=number + 1)
    if not found or found[0].revision != number:
        raise NotFound(f"plan revision {number}")
    return found[0]


def changed_by(conn: Connection, number: int) -> tuple[Difference, ...]:
    """What a revision changed in the one before it; nothing for the first, which brought everything."""
    query = select(difference).where(difference.c.revision == number).order_by(difference.c.place)
    return tuple(Difference(row.clause, row.before, row.after, row.sentence) for row in conn.execute(query))


def change_counts(conn: Connection) -> dict[int, int]:
    """Revision → how many clauses it changed; one that changed only layout or comments is not in it."""
    columns = difference.c
    query = select(columns.revision, func.count().label("n")).group_by(columns.revision)
    return {row.revision: row.n for row in conn.execute(query)}


def last_touched(conn: Connection) -> dict[str, int]:
    """Document → the last revision that changed it; a document that none changed since the first is not in it."""
    columns = difference.c
    query = select(columns.clause, func.max(columns.revision)).group_by(columns.clause)
    found: dict[str, int] = {}
    for clause, revision in conn.execute(query):
        key = document_of(clause)
        found[key] = max(found.get(key, 0), revision)
    return found
