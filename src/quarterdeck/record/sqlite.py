"""SQLite: WAL, synchronous=FULL, exactly one writer at a time, checkpoints off the commit path."""

import fcntl
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, bindparam, create_engine, event, select
from sqlalchemy.pool import QueuePool

from quarterdeck.kernel.errors import Refused
from quarterdeck.kernel.time import monotonic
from quarterdeck.record.bulk import insert_many
from quarterdeck.record.stores import COLUMNS, AlarmRow, Row
from quarterdeck.record.tables import record

_r = record.c
_HISTORIES = (
    select(_r.stream, _r.version, _r.type, _r.data, _r.hash)
    .where(_r.stream.in_(bindparam("streams", expanding=True)))
    .order_by(_r.stream, _r.version)
)
_WAL_CAP = 64 * 1024 * 1024
_URGENCIES = range(6)
_PREDECESSOR_DIES_WITHIN = 3.0
"""Seconds for a killed engine to be gone before its successor gives up."""


class SqliteStore:
    """One file. Writers of this process queue on a lock, writers of other processes on a lock file.

    Without the lock file, SQLite's own busy handler polls and can starve a writer for seconds.
    """

    locks_on_begin = True

    def __init__(self, url: str, options: dict[str, Any] | None = None) -> None:
        self.url = url
        self.path = Path(url.removeprefix("sqlite:///"))
        self._mutex = threading.Lock()
        self._lock_file = os.open(f"{self.path}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        # hide_parameters: an error's text goes to the log, and what was bound may be secret.
        self._writer = create_engine(url, hide_parameters=True, poolclass=QueuePool, pool_size=1, max_overflow=1)
        self._reader = create_engine(
            url,
            hide_parameters=True,
            poolclass=QueuePool,
            pool_size=8,
            max_overflow=24,
            execution_options=options or {},
        )
        self._checkpointed_by_hand = False
        self._engine_lock = -1
        event.listen(self._writer, "connect", self._configure)
        event.listen(self._reader, "connect", self._configure)
        event.listen(self._writer, "begin", lambda conn: conn.exec_driver_sql("BEGIN IMMEDIATE"))
        event.listen(self._reader, "begin", lambda conn: conn.exec_driver_sql("BEGIN"))

    def _configure(self, dbapi: Any, _: object) -> None:
        dbapi.isolation_level = None
        dbapi.execute("PRAGMA busy_timeout = 10000")
        dbapi.execute("PRAGMA journal_mode = WAL")
        dbapi.execute("PRAGMA synchronous = FULL")
        dbapi.execute("PRAGMA foreign_keys = ON")
        dbapi.execute("PRAGMA temp_store = MEMORY")
        dbapi.execute("PRAGMA cache_size = -65536")
        if self._checkpointed_by_hand:
            dbapi.execute("PRAGMA wal_autocheckpoint = 0")

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        with self._mutex:
            fcntl.flock(self._lock_file, fcntl.LOCK_EX)
            try:
                with self._writer.begin() as conn:
                    yield conn
            finally:
                fcntl.flock(self._lock_file, fcntl.LOCK_UN)

    def unhurried(self, conn: Connection) -> None:
        """Nobody is hurried here: who is stopped while it writes is waited for until it goes on or is killed."""

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with self._reader.connect() as conn:
            yield conn
            conn.rollback()

    def lock(self, conn: Connection) -> None:
        """BEGIN IMMEDIATE already holds it."""

    def heads(self, conn: Connection, streams: Sequence[str]) -> dict[str, tuple[int, bytes]]:
        sql = "SELECT version, hash FROM record WHERE stream = ? ORDER BY version DESC LIMIT 1"
        dbapi: Any = conn.connection.dbapi_connection
        found = {}
        for stream in streams:
            row = dbapi.execute(sql, (stream,)).fetchone()
            if row is not None:
                found[stream] = (row[0], row[1])
        return found

    def histories(self, conn: Connection, streams: Sequence[str]) -> list[Any]:
        return list(conn.execute(_HISTORIES, {"streams": list(streams)}))

    def insert_rows(self, conn: Connection, rows: Sequence[Row]) -> None:
        insert_many(conn, "record", COLUMNS, rows)

    def upsert_alarms(self, conn: Connection, rows: Sequence[AlarmRow]) -> None:
        sql = (
            "INSERT INTO alarm (stream, due, leased, urgency, fence) VALUES (?, ?, ?, ?, 0) ON CONFLICT (stream)"
            " DO UPDATE SET due = excluded.due, urgency = excluded.urgency, lease_until = NULL"
        )
        conn.exec_driver_sql(sql, list(rows))

    def remove_alarms(self, conn: Connection, streams: Sequence[str]) -> None:
        conn.exec_driver_sql("DELETE FROM alarm WHERE stream = ?", [(stream,) for stream in streams])

    def claim_due(self, conn: Connection, now: int, leased: bool, limit: int) -> list[Any]:
        sql = (
            "SELECT stream, due, urgency, fence FROM alarm WHERE leased = ? AND urgency = ? AND due <= ?"
            " ORDER BY due LIMIT ?"
        )
        found: list[Any] = []
        for urgency in _URGENCIES:
            if len(found) < limit:
                args = (int(leased), urgency, now, limit - len(found))
                found += conn.exec_driver_sql(sql, args).fetchall()
        return found

    def enter_engine(self) -> bool:
        self._engine_lock = os.open(f"{self.path}.engine", os.O_RDWR | os.O_CREAT, 0o600)
        end = monotonic() + _PREDECESSOR_DIES_WITHIN
        while not _locked(self._engine_lock):
            if monotonic() > end:
                os.close(self._engine_lock)
                self._engine_lock = -1
                detail = f"An engine runs on {self.path} already. For several engines, use PostgreSQL."
                raise Refused("EngineRunning", detail)
            threading.Event().wait(0.02)
        return True

    def maintain(self) -> None:
        """Passive checkpoints beside the writer; a truncating one only when the log has outgrown its cap."""
        if not self._checkpointed_by_hand:
            self._checkpointed_by_hand = True
            # Under the writers' lock: a pool that is disposed of while somebody takes from it lets him wait for ever.
            with self._mutex:
                self._writer.dispose()
        wal = Path(f"{self.path}-wal")
        size = wal.stat().st_size if wal.exists() else 0
        if size < 1024 * 1024:
            return
        with self._reader.connect() as conn:
            dbapi: Any = conn.connection.dbapi_connection
            dbapi.execute("PRAGMA wal_checkpoint(PASSIVE)")
            if size > _WAL_CAP:
                with self._mutex:
                    dbapi.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        self._writer.dispose()
        self._reader.dispose()
        os.close(self._lock_file)
        if self._engine_lock >= 0:
            os.close(self._engine_lock)


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
