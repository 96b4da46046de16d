"""Which lessons say the same thing often enough that a guideline should?"""

from dataclasses import dataclass

from sqlalchemy import Connection

from quarterdeck.command.views import incidents_numbered
from quarterdeck.learning.rules import taxonomy
from quarterdeck.learning.views.factoring import factors
from quarterdeck.learning.views.lessoning import LessonRow, lessons
from quarterdeck.plan.views import in_force

_LOOKED_AT = 500


@dataclass(frozen=True)
class Group:
    """Lessons that share a contributing factor (`factor`) or the type of their incidents (`type`)."""

    by: str
    key: str
    title: str
    lessons: tuple[LessonRow, ...]


def lesson_groups(conn: Connection, least: int = 2) -> list[Group]:
    """Groups of at least so many lessons that were not rejected, the largest first; the latest 500 are looked at.

    A lesson that names no factor is grouped by those of its incident. "Something else" is nothing to share.
    """
    rows = [row for row in lessons(conn, limit=_LOOKED_AT)[0] if row.closing != "rejection"]
    words = taxonomy.codes()
    standing = in_force(conn)
    types = {id: one.title for id, one in standing.plan.types.items()} if standing else {}
    incidents = {
        row.number: row.type for row in incidents_numbered(conn, {row.incident for row in rows if row.incident})
    }
    contributed: dict[int, list[str]] = {}
    for factor in factors(conn, incidents):
        contributed.setdefault(factor.number, []).append(factor.code)
    grouped: dict[tuple[str, str], list[LessonRow]] = {}
    for row in rows:
        named = row.factors or tuple(dict.fromkeys(contributed.get(row.incident or 0, ())))
        for code in (code for code in named if not code.endswith(f".{taxonomy.OTHER}")):
            grouped.setdefault(("factor", code), []).append(row)
        if row.incident and (type_ := incidents.get(row.incident)):
            grouped.setdefault(("type", type_), []).append(row)
    found = [
        Group(by, key, words.get(key, key) if by == "factor" else types.get(key, key), tuple(of))
        for (by, key), of in grouped.items()
        if len(of) >= least
    ]
    return sorted(found, key=lambda group: (-len(group.lessons), group.by, group.key))
