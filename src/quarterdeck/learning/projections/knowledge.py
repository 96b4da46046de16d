"""Read tables that texts are found by: what incidents, reviews and the plan say, and in which a word stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Integer,
    String,
    Table,
    Text,
    bindparam,
    delete,
    select,
    update,
)

from quarterdeck.kernel.time import Instant, micros
from quarterdeck.learning.rules.knowledge import Kind, span
from quarterdeck.learning.rules.wording import MOST_TEXT, MOST_WORDS, words
from quarterdeck.record.bulk import insert_many
from quarterdeck.record.tables import read

knowledge = Table(
    "knowledge",
    read,
    Column("document", Integer, primary_key=True, autoincrement=False),
    Column("key", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("length", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("service", String(100)),
    Column("type", String(64)),
    Column("remedy", Text),
)
"""One row per text. `document`: its kind and number in one; `key`: how people name it; `length`: in words; `remedy`: of
an incident, what ended it, as it was said."""

knowledge_word = Table(
    "knowledge_word",
    read,
    # Compared byte by byte on both stores, so that the beginnings of words are found as ranges of the key.
    Column("word", String(140).with_variant(String(140, collation="C"), "postgresql"), primary_key=True),
    Column("document", Integer, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
"""In which documents a word stands. A fact of an incident stands here too, as `=service:checkout`."""

_KNOWLEDGE, _WORD = knowledge.c.keys(), knowledge_word.c.keys()
_AT_ONCE = 500
_c = knowledge.c
_REMEDY = update(knowledge).where(_c.document == bindparam("b_document")).values(remedy=bindparam("b_remedy"))
_GROW = (
    update(knowledge)
    .where(_c.document == bindparam("b_document"))
    .values(text=_c.text + bindparam("b_more"), length=_c.length + bindparam("b_words"))
)


@dataclass(frozen=True)
class Passage:
    """One text, as it is to be found."""

    document: int
    key: str
    title: str
    text: str
    at: Instant
    service: str | None = None
    type: str | None = None

    @property
    def facts(self) -> list[str]:
        given = (("service", self.service), ("type", self.type))
        return [f"={name}:{value}" for name, value in given if value]


def keep(conn: Connection, texts: Sequence[Passage]) -> None:
    """Texts that were not there before."""
    rows, found = [], []
    for one in texts:
        text = one.text[:MOST_TEXT]
        said = words(f"{one.title}\n{text}")
        rows.append((one.document, one.key, one.title, text, len(said), micros(one.at), one.service, one.type, None))
        found += [(word, one.document) for word in (*_first(said), *one.facts)]
    insert_many(conn, knowledge.name, _KNOWLEDGE, rows)
    insert_many(conn, knowledge_word.name, _WORD, found)


def grow(conn: Connection, document: int, more: str, **values: Any) -> None:
    """More of a text that is there; beyond `MOST_TEXT` characters it is no longer kept here."""
    more = more.strip()[:MOST_TEXT]
    said = words(more)
    room = knowledge.c.document == document, knowledge.c.length < MOST_TEXT // 8
    grown = {"text": knowledge.c.text + "\n" + more, "length": knowledge.c.length + len(said)} if said else {}
    if values:
        conn.execute(update(knowledge).where(room[0]).values(**values))
    if grown and conn.execute(update(knowledge).where(*room).values(**grown)).rowcount:
        stand(conn, _first(said), document)


def grow_many(conn: Connection, more: Sequence[tuple[int, str]], remedies: bool = False) -> None:
    """The same for many at once, (document, more of its text) in order: a history has thousands. `remedies`: the last
    of each is what ended it."""
    if remedies:
        conn.execute(_REMEDY, [{"b_document": document, "b_remedy": text} for document, text in more])
    length = _lengths(conn, sorted({document for document, _ in more}))
    grown, found = [], list[tuple[str, int]]()
    for document, text in more:
        kept = text.strip()[:MOST_TEXT]
        said = words(kept)
        if said and length.get(document, MOST_TEXT) < MOST_TEXT // 8:
            length[document] += len(said)
            grown.append({"b_document": document, "b_more": f"\n{kept}", "b_words": len(said)})
            found += [(word, document) for word in _first(said)]
    if grown:
        conn.execute(_GROW, grown)
        _stand(conn, found)


def _lengths(conn: Connection, documents: Sequence[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for start in range(0, len(documents), _AT_ONCE):
        wanted = knowledge.c.document.in_(documents[start : start + _AT_ONCE])
        found |= {row.document: row.length for row in conn.execute(select(_c.document, _c.length).where(wanted))}
    return found


def forget(conn: Connection, kinds: Iterable[Kind]) -> None:
    """Take away every text of these kinds, and its words."""
    for kind in kinds:
        first, after = span(kind)
        _forget(conn, (knowledge.c.document >= first) & (knowledge.c.document < after))


def replace(conn: Connection, text: Passage) -> None:
    """Another text in the place of one that was there, or was not."""
    _forget(conn, knowledge.c.document == text.document)
    keep(conn, [text])


def _forget(conn: Connection, those: ColumnElement[bool]) -> None:
    for row in conn.execute(select(knowledge.c.document, knowledge.c.title, knowledge.c.text).where(those)).all():
        fall(conn, _first(words(f"{row.title}\n{row.text}")), row.document)
    conn.execute(delete(knowledge).where(those))


def _first(said: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(said))[:MOST_WORDS]


def stand(conn: Connection, found: Iterable[str], document: int) -> None:
    """These words stand in a document; they may have stood there before."""
    _stand(conn, [(word, document) for word in found])


def _stand(conn: Connection, found: Sequence[tuple[str, int]]) -> None:
    mark = "?, ?" if conn.dialect.name == "sqlite" else "%s, %s"
    sql = f"INSERT INTO knowledge_word (word, document) VALUES ({mark}) ON CONFLICT DO NOTHING"  # noqa: S608  # constant
    if found:
        conn.exec_driver_sql(sql, list(found))


def fall(conn: Connection, gone: Iterable[str], document: int) -> None:
    """These words no longer stand in a document."""
    of = knowledge_word.c
    conn.execute(delete(knowledge_word).where(of.document == document, of.word.in_(list(gone))))
