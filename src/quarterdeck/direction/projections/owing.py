"""Read table of the debt: how much was overdue when each week began."""

from collections.abc import Sequence

from sqlalchemy import BigInteger, Column, Connection, Integer, String, Table, insert

from quarterdeck.direction.events.owing import DebtTold
from quarterdeck.kernel.time import micros
from quarterdeck.record import Projections, Recorded
from quarterdeck.record.tables import read

debt_week = Table(
    "debt_week",
    read,
    Column("week", String(8), primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("things", Integer, nullable=False),
    Column("oldest_days", Integer, nullable=False),
)


def _told(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        e = row.event
        oldest = max((one.oldest_days for one in e.owners), default=0)
        values = {"week": e.week, "at": micros(e.at), "things": e.count, "oldest_days": oldest}
        conn.execute(insert(debt_week), values)


PROJECTIONS: Projections = {DebtTold: _told}
