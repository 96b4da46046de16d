"""Read table of the monthly look at what recurs: each month's result, and what somebody says follows from it."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import JSON, BigInteger, Column, Connection, Integer, String, Table, Text, insert, update

from quarterdeck.kernel.time import micros
from quarterdeck.learning.events import recurring as ev
from quarterdeck.record import Projections, Recorded
from quarterdeck.record.tables import read

recurrence_check = Table(
    "recurrence_check",
    read,
    Column("month", String(7), primary_key=True),
    Column("since", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("checked_at", BigInteger, nullable=False),
    Column("incidents", Integer, nullable=False),
    Column("found", JSON, nullable=False),
    Column("assessed_at", BigInteger),
    Column("assessed_by", String(80)),
    Column("text", Text),
)


def _checked(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        e = row.event
        values = {"month": e.month, "incidents": e.incidents, "found": msgspec.to_builtins(e.found)}
        times = {"since": micros(e.since), "until": micros(e.until), "checked_at": micros(e.at)}
        conn.execute(insert(recurrence_check), {**values, **times})


def _assessed(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        e = row.event
        values = {"assessed_at": micros(e.at), "assessed_by": e.by, "text": e.text}
        conn.execute(update(recurrence_check).where(recurrence_check.c.month == e.month).values(**values))


PROJECTIONS: Projections = {ev.RecurrenceChecked: _checked, ev.RecurrenceAssessed: _assessed}
