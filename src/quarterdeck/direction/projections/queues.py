"""Which teams' queues an incident went through, in histories that other systems kept."""

from collections.abc import Sequence

from sqlalchemy import BigInteger, Column, Connection, Integer, String, Table, insert

from quarterdeck.command import events as ev
from quarterdeck.direction.projections.incidents import at, recorded
from quarterdeck.record import Projections, Recorded
from quarterdeck.record.tables import read

measured_queue = Table(
    "measured_queue",
    read,
    Column("visit", BigInteger, primary_key=True, autoincrement=False),
    Column("moved", BigInteger, nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("team", String(200), nullable=False),
    Column("entered", BigInteger, nullable=False),
    Column("entered_recorded", BigInteger, nullable=False),
)
"""`visit`: the position at which it was told; it lasts until the next one of the same incident, or its resolution."""


def _entered(conn: Connection, rows: Sequence[Recorded]) -> None:
    values = [
        {
            "visit": row.position,
            "moved": row.position,
            "number": int(row.key),
            "team": row.event.team[:200],
            "entered": at(row),
            "entered_recorded": recorded(row),
        }
        for row in rows
    ]
    conn.execute(insert(measured_queue), values)


PROJECTIONS: Projections = {ev.TeamAssigned: _entered}
