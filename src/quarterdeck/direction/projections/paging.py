"""What is measured of pages: each one with its person and instant, and when an incident's first went out."""

from collections.abc import Sequence

from sqlalchemy import BigInteger, Column, Connection, Index, Integer, String, Table, insert

from quarterdeck.direction.projections.incidents import at, measured, setting, when
from quarterdeck.oncall import events as ev
from quarterdeck.record import Projections, Recorded
from quarterdeck.record.tables import read

measured_page = Table(
    "measured_page",
    read,
    Column("page", BigInteger, primary_key=True, autoincrement=False),
    Column("moved", BigInteger, nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("person", String(80), nullable=False),
    Column("at", BigInteger, nullable=False),
    Index("measured_page_at", "at"),
)
"""`page`: the position at which it was requested; `number`: the incident's."""

_counted = setting(when("paged"), how="first", pages=measured.c.pages + 1)


def _paged(conn: Connection, rows: Sequence[Recorded]) -> None:
    values = [
        {"page": row.position, "moved": row.position, "number": int(row.key), "person": row.event.person, "at": at(row)}
        for row in rows
    ]
    conn.execute(insert(measured_page), values)
    _counted(conn, rows)


PROJECTIONS: Projections = {ev.PageRequested: _paged}
