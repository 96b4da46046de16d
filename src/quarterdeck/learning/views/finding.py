"""Where does a word stand, and how rare is it? What similar incidents and the search are both made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from quarterdeck.learning.projections.knowledge import knowledge, knowledge_word
from quarterdeck.learning.rules.knowledge import Kind, span

LOOKED_AT = 500
"""Of a common word, the latest documents that are looked at; how far back they reach says how common it is."""


@dataclass(frozen=True)
class Standing:
    """The latest documents of a kind in which a term stands, and in about how many it stands altogether."""

    documents: tuple[int, ...]
    frequency: float


def standing(conn: Connection, term: str, kind: Kind, total: int) -> Standing:
    """Exact where fewer than `LOOKED_AT` documents have the term, else estimated from how close together they lie."""
    first, after = span(kind)
    of = knowledge_word.c
    query = (
        select(of.document)
        .where(of.word == term, of.document >= first, of.document < after)
        .order_by(of.document.desc())
        .limit(LOOKED_AT)
    )
    documents = tuple(conn.execute(query).scalars())
    if len(documents) < LOOKED_AT:
        return Standing(documents, len(documents))
    reach = max(first + total - documents[-1], LOOKED_AT)
    return Standing(documents, min(total, LOOKED_AT * total / reach))


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
