"""Where does a word stand, and how rare is it? What similar incidents and the search are both made of."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from quarterdeck.learning.projections.knowledge import knowledge, knowledge_word
from quarterdeck.learning.rules.knowledge import Kind, span

_TOGETHER = 100
"""Terms in one query."""


@dataclass(frozen=True)
class Standing:
    """The latest documents of a kind in which a term stands, and in about how many it stands altogether."""

    documents: tuple[int, ...]
    frequency: float


def standings(conn: Connection, terms: Collection[str], kind: Kind, total: int, most: int) -> dict[str, Standing]:
    """Where each term stands, at most the `most` latest places of each, in one question to the store.

    How often a common term stands is estimated from how close together its latest places lie.
    """
    found: dict[str, list[int]] = {term: [] for term in terms}
    wanted = list(found)
    for start in range(0, len(wanted), _TOGETHER):
        _look(conn, wanted[start : start + _TOGETHER], kind, most, found)
    first, _ = span(kind)
    return {term: _standing(documents, first, total, most) for term, documents in found.items()}


def _standing(documents: list[int], first: int, total: int, most: int) -> Standing:
    if len(documents) < most:
        return Standing(tuple(documents), len(documents))
    reach = max(first + total - documents[-1], most)
    return Standing(tuple(documents), min(total, most * total / reach))


def _look(conn: Connection, terms: list[str], kind: Kind, most: int, found: dict[str, list[int]]) -> None:
    # Written out: a query for each term would spend more on its way than in the index.
    first, after = span(kind)
    mark = "?" if conn.dialect.name == "sqlite" else "%s"
    one = (
        f"SELECT * FROM (SELECT {{n}} AS n, document FROM knowledge_word WHERE word = {mark}"  # noqa: S608  # no value
        f" AND document >= {first} AND document < {after} ORDER BY document DESC LIMIT {most}) AS t{{n}}"
    )
    query = " UNION ALL ".join(one.format(n=n) for n in range(len(terms)))
    if not terms:
        return
    # Straight from the driver: several thousand places take longer to wrap than to find.
    dbapi: Any = conn.connection.dbapi_connection
    cursor = dbapi.cursor()
    cursor.execute(query, tuple(terms))
    places = [found[term] for term in terms]
    for n, document in cursor.fetchall():
        places[n].append(document)
    cursor.close()


def beginning_with(conn: Connection, start: str, most: int) -> list[str]:
    """Words that begin so, in the order of the alphabet: one look into the index for each."""
    of = knowledge_word.c
    found: list[str] = []
    at, end = start, start + "\U0010ffff"
    while len(found) < most:
        word = conn.execute(select(func.min(of.word)).where(of.word >= at, of.word < end)).scalar()
        if word is None:
            break
        found.append(word)
        at = word + "\x01"
    return found


def size(conn: Connection, kind: Kind) -> tuple[int, float]:
    """How many documents of a kind there are, by the number of the last, and how many words the latest have each."""
    first, after = span(kind)
    of = knowledge.c
    inside = (of.document >= first) & (of.document < after)
    latest = select(of.document, of.length).where(inside).order_by(of.document.desc()).limit(200).subquery()
    last, length = conn.execute(select(func.max(latest.c.document), func.avg(latest.c.length))).one()
    return (0, 1.0) if last is None else (last - first + 1, float(length))


def passages(conn: Connection, documents: Sequence[int]) -> dict[int, Any]:
    """The rows of these documents, by document."""
    if not documents:
        return {}
    rows = conn.execute(select(knowledge).where(knowledge.c.document.in_(list(documents))))
    return {row.document: row for row in rows}
