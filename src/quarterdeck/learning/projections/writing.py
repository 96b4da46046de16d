"""Read tables of what is written in reviews: texts, observations, entries told otherwise, comments, as they stand."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Integer,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
    update,
)

from quarterdeck.kernel.time import micros
from quarterdeck.learning.events import reviewing, writing
from quarterdeck.learning.rules.prompts import SUMMARY
from quarterdeck.record import Projections, Recorded
from quarterdeck.record.tables import read


def _key(name: str, type_: Any) -> Any:
    return Column(name, type_, primary_key=True, autoincrement=False)


review_text = Table(
    "review_text",
    read,
    _key("number", Integer),
    _key("prompt", String(20)),
    Column("text", Text, nullable=False),
    Column("by", String(80), nullable=False),
    Column("at", BigInteger, nullable=False),
)
review_observation = Table(
    "review_observation",
    read,
    _key("number", Integer),
    _key("id", String(12)),
    Column("place", Integer, nullable=False),
    Column("prompt", String(20), nullable=False),
    Column("text", Text, nullable=False),
    Column("evidence", JSON, nullable=False),
    Column("by", String(80), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("withdrawn", Boolean, nullable=False),
    Column("lesson", Integer),
)
review_entry = Table(
    "review_entry",
    read,
    _key("number", Integer),
    _key("position", BigInteger),
    Column("told", Boolean, nullable=False),
    Column("title", Text),
    Column("occurred_at", BigInteger),
    Column("reason", Text, nullable=False),
    Column("by", String(80), nullable=False),
    Column("at", BigInteger, nullable=False),
)
review_comment = Table(
    "review_comment",
    read,
    _key("number", Integer),
    _key("comment", Integer),
    Column("text", Text, nullable=False),
    Column("about", String(20), nullable=False),
    Column("by", String(80), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("settled_by", String(80)),
    Column("settled_at", BigInteger),
)


def _text(conn: Connection, row: Recorded, texts: dict[str, str]) -> None:
    number, e = int(row.key), row.event
    conn.execute(delete(review_text).where(review_text.c.number == number, review_text.c.prompt.in_(list(texts))))
    values = [
        {"number": number, "prompt": prompt, "text": text, "by": e.by, "at": micros(e.at)}
        for prompt, text in texts.items()
    ]
    conn.execute(insert(review_text), values)


def _written(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        _text(conn, row, row.event.texts)


def _held(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        _text(conn, row, {SUMMARY: row.event.summary})


def _made(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        number, e = int(row.key), row.event
        query = select(func.count()).select_from(review_observation).where(review_observation.c.number == number)
        values = {
            "number": number,
            "id": e.observation,
            "place": conn.execute(query).scalar_one() + 1,
            "prompt": e.prompt,
            "text": e.text,
            "evidence": msgspec.to_builtins(e.evidence),
            "by": e.by,
            "at": micros(e.at),
            "withdrawn": False,
        }
        conn.execute(insert(review_observation), values)


def _observation(conn: Connection, row: Recorded, **values: Any) -> None:
    this = (review_observation.c.number == int(row.key)) & (review_observation.c.id == row.event.observation)
    conn.execute(update(review_observation).where(this).values(**values))


def _revised(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        e = row.event
        evidence = msgspec.to_builtins(e.evidence)
        _observation(conn, row, prompt=e.prompt, text=e.text, evidence=evidence, withdrawn=False)


def _withdrawn(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        _observation(conn, row, withdrawn=True)


def _grew(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        _observation(conn, row, lesson=row.event.lesson)


def _told(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        number, e = int(row.key), row.event
        this = (review_entry.c.number == number) & (review_entry.c.position == e.position)
        conn.execute(delete(review_entry).where(this))
        values = {
            "number": number,
            "position": e.position,
            "told": e.told,
            "title": e.title,
            "occurred_at": None if e.occurred_at is None else micros(e.occurred_at),
            "reason": e.reason,
            "by": e.by,
            "at": micros(e.at),
        }
        conn.execute(insert(review_entry), values)


def _commented(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        e = row.event
        values = {
            "number": int(row.key),
            "comment": e.comment,
            "text": e.text,
            "about": e.about,
            "by": e.by,
            "at": micros(e.at),
        }
        conn.execute(insert(review_comment), values)


def _settled(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        e = row.event
        this = (review_comment.c.number == int(row.key)) & (review_comment.c.comment == e.comment)
        conn.execute(update(review_comment).where(this).values(settled_by=e.by, settled_at=micros(e.at)))


PROJECTIONS: Projections = {
    writing.ReviewWritten: _written,
    reviewing.ReviewHeld: _held,
    writing.ObservationMade: _made,
    writing.ObservationRevised: _revised,
    writing.ObservationWithdrawn: _withdrawn,
    writing.ObservationGrew: _grew,
    writing.EntryTold: _told,
    writing.ReviewCommented: _commented,
    writing.CommentSettled: _settled,
}
