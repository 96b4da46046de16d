"""Read table of learning: the contributing factors, as they stand."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import JSON, BigInteger, Column, Connection, Index, Integer, String, Table, Text, insert, update

from quarterdeck.kernel.time import micros
from quarterdeck.learning.events import factoring as ev
from quarterdeck.record import Projections, Recorded
from quarterdeck.record.tables import read

factor = Table(
    "factor",
    read,
    Column("id", String(40), primary_key=True),
    Column("number", Integer, nullable=False),
    Column("code", String(40), nullable=False),
    Column("text", Text, nullable=False),
    Column("evidence", JSON, nullable=False),
    Column("state", String(12), nullable=False),
    Column("found_at", BigInteger, nullable=False),
    Column("found_by", String(80), nullable=False),
    Column("settled_at", BigInteger),
    Column("settled_by", String(80)),
    Column("reason", Text),
    Index("factor_number", "number"),
    Index("factor_code", "code", "state", "found_at"),
)


def _found(conn: Connection, rows: Sequence[Recorded]) -> None:
    values = [
        {
            "id": row.event.factor,
            "number": row.event.number,
            "code": row.event.code,
            "text": row.event.text,
            "evidence": msgspec.to_builtins(row.event.evidence),
            "state": "found",
            "found_at": micros(row.event.at),
            "found_by": row.event.by,
        }
        for row in rows
    ]
    conn.execute(insert(factor), values)


def _revised(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        e = row.event
        values = {
            "code": e.code,
            "text": e.text,
            "evidence": msgspec.to_builtins(e.evidence),
            "state": "found",
            "settled_at": None,
            "settled_by": None,
            "reason": None,
        }
        conn.execute(update(factor).where(factor.c.id == e.factor).values(**values))


def _agreed(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        e = row.event
        values = {"state": "agreed", "settled_at": micros(e.at), "settled_by": e.by}
        conn.execute(update(factor).where(factor.c.id == e.factor).values(**values))


def _withdrawn(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        e = row.event
        values = {"state": "withdrawn", "settled_at": micros(e.at), "settled_by": e.by, "reason": e.reason}
        conn.execute(update(factor).where(factor.c.id == e.factor).values(**values))


PROJECTIONS: Projections = {
    ev.FactorFound: _found,
    ev.FactorRevised: _revised,
    ev.FactorAgreed: _agreed,
    ev.FactorWithdrawn: _withdrawn,
}
