"""One storage contract, two engines: how SQLite and PostgreSQL begin, lock, insert and claim."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError, TimeoutError

from quarterdeck.kernel.errors import Invalid
from quarterdeck.record.tables import record

Row = tuple[int, str, int, str, int, int, str, int | None, str, bytes]
"""A row of the record, in column order."""
COLUMNS = tuple(column.name for column in record.columns)

AlarmRow = tuple[str, int, int, int]
"""Stream, due in microseconds, leased (0 or 1), urgency."""


class Store(Protocol):
    """What the record needs of a database."""

    url: str
    locks_on_begin: bool
    """True where a write transaction already holds the writer lock (SQLite): nothing loaded in it can be stale."""

    def writing(self) -> AbstractContextManager[Connection]:
        """One transaction, committed at the end, rolled back on any exception."""
        ...

    def unhurried(self, conn: Connection) -> None:
        """This transaction may take its time between its statements; others are ended when they stand still."""
        ...

    def reading(self) -> AbstractContextManager[Connection]:
        """A consistent snapshot that cannot write."""
        ...

    def lock(self, conn: Connection) -> None:
        """Become the only appender until commit. Positions are dense and appear in order because of this."""
        ...

    def heads(self, conn: Connection, streams: Sequence[str]) -> dict[str, tuple[int, bytes]]:
        """Version and hash of each stream's last row; streams that do not exist are absent."""
        ...

    def histories(self, conn: Connection, streams: Sequence[str]) -> list[Any]:
        """All rows of these streams (stream, version, type, data, hash), by stream and version."""
        ...

    def insert_rows(self, conn: Connection, rows: Sequence[Row]) -> None: ...

    def upsert_alarms(self, conn: Connection, rows: Sequence[AlarmRow]) -> None:
        """Set alarms; a running lease ends by that, its fence stays."""
        ...

    def remove_alarms(self, conn: Connection, streams: Sequence[str]) -> None: ...

    def claim_due(self, conn: Connection, now: int, leased: bool, limit: int) -> list[Any]:
        """Due alarms that nobody else is claiming: (stream, due, urgency, fence), most urgent first."""
        ...

    def enter_engine(self) -> bool:
        """Called when an engine starts. True if it is the only one there can be: leases left behind are then dead.

        Raises `Refused` if there may be only one and another one runs.
        """
        ...

    def maintain(self) -> None:
        """Called about once a second by a process that stays: checkpoints and the like."""
        ...

    def close(self) -> None: ...


def open_store(url: str, scratch: Path | None = None) -> Store:
    """`sqlite:////path/to/file.db` or `postgresql://user:password@host/name`.

    `scratch`: a folder for what can be made again at any time. Views find it among their connection's options.
    """
    try:
        return _open(url, {"scratch": str(scratch) if scratch else None})
    except (ArgumentError, ValueError) as error:
        raise Invalid(
            "The database's address makes no sense. Write sqlite:////path/to/file.db or postgresql://user:password@host/name"
        ) from error


def is_down(error: BaseException) -> bool:
    """Whether the database did not answer or could not write (gone, restarting, disk full), so that later may do."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    return isinstance(error, OperationalError | InterfaceError | TimeoutError)


def _open(url: str, options: dict[str, Any]) -> Store:
    if url.startswith("sqlite"):
        from quarterdeck.record.sqlite import SqliteStore

        return SqliteStore(url, options)
    if url.startswith("postgresql"):
        from quarterdeck.record.postgres import PostgresStore

        return PostgresStore(url, options)
    raise ValueError(f"Unknown database {url!r}: use sqlite:///… or postgresql://…")
