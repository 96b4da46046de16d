"""Making and changing the tables: migrations for what is kept, drop-and-rebuild for what can be read again."""

from hashlib import sha256
from itertools import islice
from typing import Any

from sqlalchemy import Connection, MetaData, func, select
from sqlalchemy.schema import CreateTable

from quarterdeck.record import alarms, migrate, tables
from quarterdeck.record.record import Record
from quarterdeck.record.refold import Progress, told

_CHUNK = 2000


def create(record: Record) -> None:
    """Create all tables at once, without migrations: for tests and benchmarks. A test holds both ways to be equal."""
    with record.store.writing() as conn:
        tables.journal.create_all(conn)
        tables.kept.create_all(conn)
        if _fingerprint_stored(conn) is None:
            tables.make_read(conn)
            _store_fingerprint(conn)


def prepare(record: Record) -> None:
    """Bring a database to this version: migrate what is kept, rebuild the read tables if their shape has changed."""
    with record.store.reading() as conn:
        ready = migrate.current(conn) == migrate.HEAD
    if not ready:
        with record.store.writing() as conn:
            record.store.lock(conn)
            migrate.upgrade(conn)
            if _fingerprint_stored(conn) is None:
                tables.make_read(conn)
                _store_fingerprint(conn)
    if not is_current(record):
        rebuild(record)


def is_current(record: Record) -> bool:
    """True when the read tables have the shape that this version expects."""
    with record.read() as conn:
        return _fingerprint_stored(conn) == _fingerprint(tables.read, conn)


def rebuild(record: Record, progress: Progress = lambda done, total: None) -> int:
    """Drop every read table and alarm and make them again from the record, in one transaction; the event count."""
    with record.store.writing() as conn:
        record.store.unhurried(conn)
        record.store.lock(conn)
        tables.drop_read(conn)
        tables.make_read(conn)
        done = _replay(record, conn, progress)
        _store_fingerprint(conn)
    return done


def _replay(record: Record, conn: Connection, progress: Progress) -> int:
    table = tables.record
    total = conn.execute(select(func.count()).select_from(table)).scalar() or 0
    conn.execute(tables.alarm.delete())
    states: dict[str, Any] = {}
    folders = [family.folder() for family in record.foldable]
    taking = [(event, folder.taking(event)) for folder in folders for event in folder.events]
    take = {event: [act for one, act in taking if one is event] for event, _ in taking}
    done = 0
    while True:
        query = select(table).where(table.c.position > done).order_by(table.c.position).limit(_CHUNK)
        rows = [record.codec.recorded(row) for row in conn.execute(query)]
        if not rows:
            break
        record.project(conn, rows, folded=True)
        for row in rows:
            for act in take.get(type(row.event), ()):
                act(told(row))
            life = record.lifecycles.get(row.stream.partition("/")[0])
            if life is not None:
                states[row.stream] = life.evolve(states.get(row.stream), row.event)
        done = rows[-1].position
        progress(done, total)
    for folder in folders:
        folder.write(conn, [folder.taken()])
    _set_all_alarms(record, conn, states)
    return done


def _set_all_alarms(record: Record, conn: Connection, states: dict[str, Any]) -> None:
    items = iter(states.items())
    while chunk := list(islice(items, _CHUNK)):
        alarms.set_alarms(
            record.store, conn, [(record.life_of(stream), stream.partition("/")[2], state) for stream, state in chunk]
        )


def _fingerprint(metadata: MetaData, conn: Connection) -> str:
    ddl = "".join(str(CreateTable(table).compile(dialect=conn.dialect)) for table in metadata.sorted_tables)
    ddl += "".join(query(conn.dialect.name) for query in tables.views.values())
    return sha256(ddl.encode()).hexdigest()


def _fingerprint_stored(conn: Connection) -> str | None:
    return conn.execute(select(tables.shape.c.fingerprint).where(tables.shape.c.name == "read")).scalar()


def _store_fingerprint(conn: Connection) -> None:
    conn.execute(tables.shape.delete().where(tables.shape.c.name == "read"))
    conn.execute(tables.shape.insert().values(name="read", fingerprint=_fingerprint(tables.read, conn)))
