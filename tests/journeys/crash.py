"""A store that dies at a chosen commit, before or after it: how every commit point of a scenario is crashed once."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal

from sqlalchemy import Connection

from quarterdeck.record.stores import AlarmRow, Row, Store

Moment = Literal["before", "after"]


class SimulatedCrash(BaseException):
    """Not an Exception: nothing in the house may catch it and go on, as nothing survives a kill -9."""


class CrashingStore:
    """Counts commits and crashes at number `at`, just before it becomes durable or just after."""

    def __init__(self, store: Store, at: int | None = None, moment: Moment = "before") -> None:
        self._store = store
        self.at = at
        self.moment = moment
        self.commits = 0
        self.url = store.url
        self.locks_on_begin = store.locks_on_begin

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        with self._store.writing() as conn:
            yield conn
            self.commits += 1
            if self.commits == self.at and self.moment == "before":
                raise SimulatedCrash
        if self.commits == self.at and self.moment == "after":
            raise SimulatedCrash

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with self._store.reading() as conn:
            yield conn

    def unhurried(self, conn: Connection) -> None:
        self._store.unhurried(conn)

    def lock(self, conn: Connection) -> None:
        self._store.lock(conn)

    def heads(self, conn: Connection, streams: Sequence[str]) -> dict[str, tuple[int, bytes]]:
        return self._store.heads(conn, streams)

    def histories(self, conn: Connection, streams: Sequence[str]) -> list[Any]:
        return self._store.histories(conn, streams)

    def insert_rows(self, conn: Connection, rows: Sequence[Row]) -> None:
        self._store.insert_rows(conn, rows)

    def upsert_alarms(self, conn: Connection, rows: Sequence[AlarmRow]) -> None:
        self._store.upsert_alarms(conn, rows)

    def remove_alarms(self, conn: Connection, streams: Sequence[str]) -> None:
        self._store.remove_alarms(conn, streams)

    def claim_due(self, conn: Connection, now: int, leased: bool, limit: int) -> list[Any]:
        return self._store.claim_due(conn, now, leased, limit)

    def enter_engine(self) -> bool:
        return self._store.enter_engine()

    def maintain(self) -> None:
        self._store.maintain()

    def close(self) -> None:
        """The real store outlives the crash, as a disk does."""
