"""Read tables: groups of signals and changes. Signals themselves are read from their kept row and the record."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Connection,
    Index,
    Integer,
    String,
    Table,
    Text,
    bindparam,
    insert,
    update,
)

from quarterdeck.intake.events import (
    ChangeObserved,
    GroupAttached,
    GroupCleared,
    GroupClosed,
    GroupFellQuiet,
    GroupHeld,
    GroupOpened,
    GroupStirred,
)
from quarterdeck.kernel.time import micros
from quarterdeck.record import Projections, Recorded
from quarterdeck.record.tables import read

signal_group = Table(
    "signal_group",
    read,
    Column("id", String(20), primary_key=True),
    Column("state", String(8), nullable=False),
    Column("route", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("service", Text),
    Column("opened_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Column("number", Integer),
    Index("signal_group_number", "number"),
)

change = Table(
    "change",
    read,
    Column("id", String(20), primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("source", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("links", JSON, nullable=False),
    Column("at", BigInteger, nullable=False),
    Index("change_at", "at"),
    Index("change_position", "position"),
)


def _held(conn: Connection, rows: Sequence[Recorded]) -> None:
    values = [
        {"id": row.key, "state": "held", "route": "", "title": row.event.title, "opened_at": micros(row.event.at)}
        for row in rows
    ]
    conn.execute(insert(signal_group), values)


def _opened(conn: Connection, rows: Sequence[Recorded]) -> None:
    values = [
        {
            "id": row.key,
            "state": "open",
            "route": row.event.route,
            "title": row.event.title,
            "service": row.event.service,
            "opened_at": micros(row.event.at),
        }
        for row in rows
    ]
    first = [value for row, value in zip(rows, values, strict=True) if row.version == 1]
    held = [{**value, "k": row.key} for row, value in zip(rows, values, strict=True) if row.version > 1]
    if first:
        conn.execute(insert(signal_group), first)
    if held:
        conn.execute(update(signal_group).where(signal_group.c.id == bindparam("k")), held)


def _quiet(conn: Connection, rows: Sequence[Recorded]) -> None:
    table = signal_group
    conn.execute(
        update(table).where(table.c.id == bindparam("k"), table.c.state != "held").values(state="quiet"),
        [{"k": row.key} for row in rows],
    )


def _stirred(conn: Connection, rows: Sequence[Recorded]) -> None:
    table = signal_group
    conn.execute(
        update(table).where(table.c.id == bindparam("k"), table.c.state != "held").values(state="open", ended_at=None),
        [{"k": row.key} for row in rows],
    )


def _ended(state: str) -> Any:
    def project(conn: Connection, rows: Sequence[Recorded]) -> None:
        conn.execute(
            update(signal_group)
            .where(signal_group.c.id == bindparam("k"))
            .values(state=state, ended_at=bindparam("t")),
            [{"k": row.key, "t": micros(row.event.at)} for row in rows],
        )

    return project


def _attached(conn: Connection, rows: Sequence[Recorded]) -> None:
    conn.execute(
        update(signal_group).where(signal_group.c.id == bindparam("k")).values(number=bindparam("n")),
        [{"k": row.key, "n": row.event.number} for row in rows],
    )


def _observed(conn: Connection, rows: Sequence[Recorded]) -> None:
    values = [
        {
            "id": row.key,
            "position": row.position,
            "source": row.event.source,
            "title": row.event.title,
            "links": [{"href": link.href, "text": link.text} for link in row.event.links],
            "at": micros(row.event.changed_at or row.event.at),
        }
        for row in rows
    ]
    conn.execute(insert(change), values)


PROJECTIONS: Projections = {
    GroupHeld: _held,
    GroupOpened: _opened,
    GroupFellQuiet: _quiet,
    GroupStirred: _stirred,
    GroupCleared: _ended("cleared"),
    GroupClosed: _ended("closed"),
    GroupAttached: _attached,
    ChangeObserved: _observed,
}
