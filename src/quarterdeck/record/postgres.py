"""PostgreSQL: appends queue on one advisory lock held to commit; leases are claimed with SKIP LOCKED."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, create_engine, event, make_url

from quarterdeck.record.bulk import insert_many
from quarterdeck.record.stores import COLUMNS, AlarmRow, Row

_APPEND_LOCK = 7_310_214
_URGENCIES = range(6)
WAITED_FOR_MS = 15_000
"""A process that is stopped while it writes holds what all others wait for: so long between two statements."""
_ANSWERS_WITHIN_S = 5
"""A server or a pool that gives no connection for so long counts as down; callers are told to come back."""


class PostgresStore:
    """One database, any number of web and engine processes."""

    locks_on_begin = False

    def __init__(self, url: str, options: dict[str, Any] | None = None) -> None:
        scheme, _, rest = url.partition("://")
        self.url = f"postgresql+psycopg://{rest}" if scheme == "postgresql" else url
        self._engine = create_engine(
            self.url,
            execution_options=options or {},
            hide_parameters=True,  # an error's text goes to the log, and what was bound may be secret
            pool_size=8,
            max_overflow=24,
            pool_pre_ping=True,
            pool_timeout=_ANSWERS_WITHIN_S,
            connect_args={}
            if "connect_timeout" in make_url(self.url).query
            else {"connect_timeout": _ANSWERS_WITHIN_S},
        )

        event.listen(self._engine, "connect", _hurry)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        with self._engine.begin() as conn:
            yield conn

    def unhurried(self, conn: Connection) -> None:
        conn.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with self._engine.connect() as conn:
            conn.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            self.unhurried(conn)  # nobody waits for a reader
            yield conn
            conn.rollback()

    def lock(self, conn: Connection) -> None:
        conn.exec_driver_sql("SELECT pg_advisory_xact_lock(%s)", (_APPEND_LOCK,))

    def heads(self, conn: Connection, streams: Sequence[str]) -> dict[str, tuple[int, bytes]]:
        # One index probe per stream; DISTINCT ON would read every version of each.
        sql = (
            "SELECT s.stream, r.version, r.hash FROM unnest(%s::text[]) AS s(stream) CROSS JOIN LATERAL"
            " (SELECT version, hash FROM record WHERE stream = s.stream ORDER BY version DESC LIMIT 1) AS r"
        )
        return {row[0]: (row[1], bytes(row[2])) for row in conn.exec_driver_sql(sql, (list(streams),))}

    def histories(self, conn: Connection, streams: Sequence[str]) -> list[Any]:
        # Probe by probe here too: for a list of names a planner without fresh statistics reads the whole record.
        sql = (
            "SELECT s.stream, r.version, r.type, r.data, r.hash FROM unnest(%s::text[]) AS s(stream) CROSS JOIN LATERAL"
            " (SELECT version, type, data, hash FROM record WHERE stream = s.stream ORDER BY version OFFSET 0) AS r"
        )
        rows = conn.exec_driver_sql(sql, (list(streams),))
        return sorted(rows, key=lambda row: (row.stream, row.version))

    def insert_rows(self, conn: Connection, rows: Sequence[Row]) -> None:
        insert_many(conn, "record", COLUMNS, rows)

    def upsert_alarms(self, conn: Connection, rows: Sequence[AlarmRow]) -> None:
        sql = (
            "INSERT INTO alarm (stream, due, leased, urgency, fence)"
            " SELECT *, 0 FROM unnest(%s::text[], %s::bigint[], %s::smallint[], %s::smallint[]) ON CONFLICT (stream)"
            " DO UPDATE SET due = excluded.due, urgency = excluded.urgency, lease_until = NULL"
        )
        conn.exec_driver_sql(sql, tuple(list(column) for column in zip(*rows, strict=True)))

    def remove_alarms(self, conn: Connection, streams: Sequence[str]) -> None:
        conn.exec_driver_sql("DELETE FROM alarm WHERE stream = ANY(%s)", (list(streams),))

    def claim_due(self, conn: Connection, now: int, leased: bool, limit: int) -> list[Any]:
        sql = (
            "SELECT stream, due, urgency, fence FROM alarm WHERE leased = %s AND urgency = %s AND due <= %s"
            " ORDER BY due LIMIT %s FOR UPDATE SKIP LOCKED"
        )
        if not conn.exec_driver_sql(
            "SELECT EXISTS (SELECT 1 FROM alarm WHERE leased = %s AND urgency = ANY(%s) AND due <= %s)",
            (int(leased), list(_URGENCIES), now),
        ).scalar():
            return []
        found: list[Any] = []
        for urgency in _URGENCIES:
            if len(found) < limit:
                args = (int(leased), urgency, now, limit - len(found))
                found += conn.exec_driver_sql(sql, args).fetchall()
        return found

    def enter_engine(self) -> bool:
        return False

    def maintain(self) -> None:
        """Autovacuum sees to it."""

    def close(self) -> None:
        self._engine.dispose()


def _hurry(dbapi: Any, _: object) -> None:
    """Once for each connection, not for each transaction: a write has no round trip to spare."""
    dbapi.execute(f"SET idle_in_transaction_session_timeout = {WAITED_FOR_MS}")
    dbapi.commit()
