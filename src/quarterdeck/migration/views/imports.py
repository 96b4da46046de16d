"""What was imported when, what became of it, and which rows were not brought in?"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from quarterdeck.governance.views import person_names
from quarterdeck.kernel.errors import NotFound
from quarterdeck.kernel.time import Instant, from_micros
from quarterdeck.migration.events import ImportBegun, RejectedRow, RowsRejected
from quarterdeck.migration.projections import import_run as table
from quarterdeck.record.tables import record

_INSTANTS = ("begun_at", "moved_at", "ended_at", "earliest", "latest")


@dataclass(frozen=True)
class ImportRow:
    """An import. `incidents`: brought in anew; `known`: were here already; `apart`: rightly left out."""

    id: str
    format: str
    file: str
    size: int
    digest: str
    mapping: str
    pseudonymous: bool
    by: str
    by_name: str
    begun_at: Instant
    moved_at: Instant
    ended_at: Instant | None
    failure: str
    rows: int
    incidents: int
    continued: int
    known: int
    differing: int
    facts: int
    doubts: int
    rejected: int
    apart: int
    earliest: Instant | None
    latest: Instant | None
    unmapped: Mapping[str, Mapping[str, int]]

    @property
    def state(self) -> str:
        """`ended`, `failed`, or `open`: it goes on, or was broken off."""
        return "failed" if self.failure else "open" if self.ended_at is None else "ended"


def imports(conn: Connection, limit: int = 100) -> list[ImportRow]:
    """The imports, the latest first."""
    rows = conn.execute(select(table).order_by(table.c.begun_at.desc(), table.c.id).limit(limit)).all()
    return _rows(conn, rows)


def import_run(conn: Connection, id: str) -> ImportRow:
    """One import. Raises `NotFound`."""
    found = _rows(conn, conn.execute(select(table).where(table.c.id == id)).all())
    if not found:
        raise NotFound(f"import {id[:40]}")
    return found[0]


def _rows(conn: Connection, rows: Iterable[Any]) -> list[ImportRow]:
    names = {**person_names(conn), "local": "the operator"}
    found = []
    for row in rows:
        values = dict(row._mapping)
        values.update({name: None if values[name] is None else from_micros(values[name]) for name in _INSTANTS})
        found.append(ImportRow(by_name=names.get(row.by, row.by), **values))
    return found


def rejected_rows(conn: Connection, id: str) -> Iterator[RejectedRow]:
    """Every row of an import that was not brought in, in the order in which it was met."""
    decoder = msgspec.json.Decoder(RowsRejected)
    for (data,) in conn.execute(_told(id, "migration.RowsRejected")):
        yield from decoder.decode(data).rows


def mapping_used(conn: Connection, id: str) -> str:
    """The mapping of an import as it was then; empty if it needed none."""
    data = conn.execute(_told(id, "migration.ImportBegun")).scalar()
    return "" if data is None else msgspec.json.decode(data, type=ImportBegun).mapping_text


def _told(id: str, type_: str) -> Any:
    mine = (record.c.stream == f"import/{id}") & (record.c.type == type_)
    return select(record.c.data).where(mine).order_by(record.c.version)
