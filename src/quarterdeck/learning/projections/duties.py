"""Read table of the duties: as revised last."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import JSON, BigInteger, Column, Connection, Integer, String, Table, Text, insert

from quarterdeck.kernel.time import micros
from quarterdeck.learning.events.duties import DutiesRevised
from quarterdeck.record import Projections, Recorded
from quarterdeck.record.tables import read

duties_revision = Table(
    "duties_revision",
    read,
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("by", String(80), nullable=False),
    Column("reason", Text, nullable=False),
    Column("duties", JSON, nullable=False),
)


def _revised(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        e = row.event
        values = {"place": row.version, "at": micros(e.at), "by": e.by, "reason": e.reason}
        conn.execute(insert(duties_revision), {**values, "duties": msgspec.to_builtins(e.duties)})


PROJECTIONS: Projections = {DutiesRevised: _revised}
