"""Read table of migration: what was imported when, and what became of it."""

from collections.abc import Sequence

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Index,
    Integer,
    String,
    Table,
    Text,
    bindparam,
    func,
    insert,
    update,
)

from quarterdeck.kernel.time import micros
from quarterdeck.migration.events import ImportAdvanced, ImportBegun, ImportEnded
from quarterdeck.record import Projections, Recorded
from quarterdeck.record.tables import read

COUNTS = ("incidents", "continued", "known", "differing", "facts", "doubts", "rejected", "apart")

import_run = Table(
    "import_run",
    read,
    Column("id", String(40), primary_key=True),
    Column("format", String(40), nullable=False),
    Column("file", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("mapping", Text, nullable=False),
    Column("pseudonymous", Boolean, nullable=False),
    Column("by", String(80), nullable=False),
    Column("begun_at", BigInteger, nullable=False),
    Column("moved_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Column("failure", Text, nullable=False),
    Column("rows", BigInteger, nullable=False),
    *(Column(name, Integer, nullable=False) for name in COUNTS),
    Column("earliest", BigInteger),
    Column("latest", BigInteger),
    Column("unmapped", JSON, nullable=False),
    Index("import_run_begun", "begun_at"),
)


def _begun(conn: Connection, rows: Sequence[Recorded]) -> None:
    names = ("format", "file", "size", "digest", "mapping", "pseudonymous", "by")
    values = [
        {
            "id": row.key,
            **{name: getattr(row.event, name) for name in names},
            **dict.fromkeys(COUNTS, 0),
            "begun_at": micros(row.event.at),
            "moved_at": micros(row.event.at),
            "failure": "",
            "rows": 0,
            "unmapped": {},
        }
        for row in rows
    ]
    conn.execute(insert(import_run), values)


_c = import_run.c
_ADVANCED = (
    update(import_run)
    .where(_c.id == bindparam("run"))
    .values(
        moved_at=bindparam("moved"),
        **{name: _c[name] + bindparam(f"more_{name}", type_=Integer) for name in COUNTS},
    )
)
_EXTENT = (
    update(import_run)
    .where(_c.id == bindparam("run"))
    .values(
        earliest=func.coalesce(_c.earliest, bindparam("first", type_=BigInteger)),
        latest=func.coalesce(_c.latest, bindparam("last", type_=BigInteger)),
    )
)


def _advanced(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        e: ImportAdvanced = row.event
        given = {f"more_{name}": getattr(e, name) for name in COUNTS}
        conn.execute(_ADVANCED, {"run": row.key, "moved": micros(e.at), **given})
        if e.earliest is None or e.latest is None:
            continue
        first, last = micros(e.earliest), micros(e.latest)
        conn.execute(_EXTENT, {"run": row.key, "first": first, "last": last})
        this = _c.id == row.key
        conn.execute(update(import_run).where(this, _c.earliest > first).values(earliest=first))
        conn.execute(update(import_run).where(this, _c.latest < last).values(latest=last))


def _ended(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        e: ImportEnded = row.event
        values = {"ended_at": micros(e.at), "failure": e.failure, "rows": e.rows, "unmapped": e.unmapped}
        conn.execute(update(import_run).where(_c.id == row.key).values(**values))


PROJECTIONS: Projections = {ImportBegun: _begun, ImportAdvanced: _advanced, ImportEnded: _ended}
