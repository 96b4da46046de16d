"""What each revision of the plan promises by severity: within how many minutes somebody acknowledges."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Column, Connection, Integer, String, Table, insert

from quarterdeck.plan.events import RevisionWritten
from quarterdeck.record import Projections, Recorded
from quarterdeck.record.tables import read

measured_promise = Table(
    "measured_promise",
    read,
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("severity", String(8), primary_key=True),
    Column("acknowledge_within", Integer, nullable=False),
)


def _written(conn: Connection, rows: Sequence[Recorded]) -> None:
    values = [promise for row in rows for promise in _promises(row.event)]
    if values:
        conn.execute(insert(measured_promise), values)


def _promises(event: RevisionWritten) -> Iterator[dict[str, Any]]:
    for severity, level in event.document.get("severity", {}).get("levels", {}).items():
        within = level.get("acknowledge_within")
        if within is not None:
            yield {"revision": event.revision, "severity": severity, "acknowledge_within": within}


PROJECTIONS: Projections = {RevisionWritten: _written}
