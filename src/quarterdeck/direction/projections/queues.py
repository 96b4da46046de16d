"""Which teams' queues an incident went through, in histories that other systems kept."""

from sqlalchemy import BigInteger, Column, Integer, String, Table

from quarterdeck.command import events as ev
from quarterdeck.direction.projections.stating import Fact, Put, Says, at, number, position, recorded
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


_VISIT: dict[str, Fact] = {
    "visit": position,
    "moved": position,
    "number": number,
    "team": lambda row: row.event.team[:200],
    "entered": at,
    "entered_recorded": recorded,
}

SAYS: Says = {ev.TeamAssigned: [Put(measured_queue, _VISIT)]}
