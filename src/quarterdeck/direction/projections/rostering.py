"""Read table of the rosters, as they stand."""

from collections.abc import Sequence

from sqlalchemy import JSON, BigInteger, Column, Connection, Float, Integer, String, Table, Text, insert, update

from quarterdeck.direction.events import rostering as ev
from quarterdeck.kernel.time import micros
from quarterdeck.record import Projections, Recorded
from quarterdeck.record.tables import read

roster = Table(
    "roster",
    read,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("title", Text, nullable=False),
    Column("state", String(12), nullable=False),
    Column("built_at", BigInteger, nullable=False),
    Column("built_by", String(80), nullable=False),
    Column("task", JSON, nullable=False),
    Column("weeks", JSON, nullable=False),
    Column("unfilled", Integer, nullable=False),
    Column("without_seniors", Integer, nullable=False),
    Column("unfairness", Float, nullable=False),
    Column("unwelcome", Integer, nullable=False),
    Column("cost", Float, nullable=False),
    Column("bound", Float, nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("steps", BigInteger, nullable=False),
    Column("why", JSON, nullable=False),
    Column("settled_at", BigInteger),
    Column("settled_by", String(80)),
    Column("schedules", JSON, nullable=False),
    Column("reason", Text),
)


def _built(conn: Connection, rows: Sequence[Recorded]) -> None:
    as_they_are = ("number", "title", "task", "weeks", "unfilled", "without_seniors", "unfairness", "unwelcome")
    conn.execute(
        insert(roster),
        [
            {
                **{name: getattr(row.event, name) for name in (*as_they_are, "cost", "bound", "seed", "steps")},
                "why": list(row.event.why),
                "state": "built",
                "built_at": micros(row.event.at),
                "built_by": row.event.by,
                "schedules": [],
            }
            for row in rows
        ],
    )


def _accepted(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        _settle(conn, row, state="accepted", schedules=list(row.event.schedules))


def _given_up(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        _settle(conn, row, state="given up", reason=row.event.reason)


def _settle(conn: Connection, row: Recorded, **values: object) -> None:
    settled = {**values, "settled_at": micros(row.event.at), "settled_by": row.event.by}
    conn.execute(update(roster).where(roster.c.number == int(row.key)).values(settled))


PROJECTIONS: Projections = {
    ev.RosterBuilt: _built,
    ev.RosterAccepted: _accepted,
    ev.RosterGivenUp: _given_up,
}
