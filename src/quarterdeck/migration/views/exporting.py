"""Which incidents leave, with everything that was recorded of them, some hundred at a time."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from quarterdeck.command.views import Filters, IncidentRow, count_incidents, incidents_after
from quarterdeck.direction.views.tracing import activities
from quarterdeck.governance.views import person_names
from quarterdeck.kernel.time import from_micros
from quarterdeck.migration.rules.naming import Names
from quarterdeck.migration.rules.writing.kept import OWN, Kept, KeptFact, Outward
from quarterdeck.record import Record
from quarterdeck.record.tables import record as table

_AT_ONCE = 200


@dataclass(frozen=True)
class Wanted:
    """`filters` as in the list of incidents; `system`: what ours are called elsewhere, before their number."""

    filters: Filters = field(default_factory=Filters)
    system: str = OWN
    activities: bool = False
    """With what was done, as paths are made of it."""


def count_to_export(conn: Connection, wanted: Wanted) -> int:
    return count_incidents(conn, wanted.filters)


def incidents_to_export(record: Record, wanted: Wanted, names: Names) -> Iterator[Kept]:
    """By number; each chunk in a snapshot of its own, so that a long export holds nobody up."""
    after = 0
    while True:
        with record.read() as conn:
            rows = incidents_after(conn, wanted.filters, after, _AT_ONCE)
            outward = Outward(person_names(conn), names)
            found = _facts(conn, rows, outward)
            done = activities(conn, [row.number for row in rows]) if wanted.activities else {}
        for row in rows:
            source = row.source or f"{wanted.system}:INC-{row.number}"
            facts, steps = found.get(row.number, ()), done.get(row.number, ())
            yield Kept(row.number, source, row, outward.person(row.commander), facts, steps)
        if len(rows) < _AT_ONCE:
            return
        after = rows[-1].number


def _facts(conn: Connection, rows: list[IncidentRow], outward: Outward) -> dict[int, list[KeptFact]]:
    streams = {f"incident/{row.number}": row.number for row in rows}
    query = (
        select(table.c.stream, table.c.type, table.c.occurred_at, table.c.recorded_at, table.c.data)
        .where(table.c.stream.in_(list(streams)))
        .order_by(table.c.stream, table.c.version)
    )
    found: dict[int, list[KeptFact]] = {}
    for stream, type_, occurred_at, recorded_at, data in conn.execute(query):
        fact = outward.fact(type_, from_micros(occurred_at), from_micros(recorded_at), data)
        found.setdefault(streams[stream], []).append(fact)
    return found
