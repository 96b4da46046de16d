"""Rows set apart by incident, in the order in which the incidents first appear, without holding them all in memory."""

import sqlite3
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import msgspec

_AT_ONCE = 2_000


class Spill:
    """A temporary table: SQLite keeps it in memory while it is small, and then in a file that nobody else sees."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA cache_size = -32768")
        self._db.execute("CREATE TABLE key (id INTEGER PRIMARY KEY, key TEXT UNIQUE NOT NULL)")
        self._db.execute("CREATE TABLE item (key INTEGER NOT NULL, seq INTEGER NOT NULL, line INTEGER, data BLOB)")
        self._db.execute("BEGIN")
        self._waiting: list[tuple[int, int, int, bytes]] = []
        self._ids: dict[str, int] = {}
        self.count = 0

    def add(self, key: str, line: int, data: Any) -> None:
        """One row of an incident; it comes back as JSON would keep it."""
        self._waiting.append((self._id(key), self.count, line, msgspec.json.encode(data)))
        self.count += 1
        if len(self._waiting) >= _AT_ONCE:
            self._write()

    def _id(self, key: str) -> int:
        found = self._ids.get(key)
        if found is None:
            if len(self._ids) > 200_000:
                self._ids.clear()
            self._db.execute("INSERT OR IGNORE INTO key (key) VALUES (?)", (key,))
            found = self._db.execute("SELECT id FROM key WHERE key = ?", (key,)).fetchone()[0]
            self._ids[key] = found
        return found

    def _write(self) -> None:
        self._db.executemany("INSERT INTO item VALUES (?, ?, ?, ?)", self._waiting)
        self._waiting.clear()

    def keys(self) -> int:
        """How many incidents there are."""
        return int(self._db.execute("SELECT count(*) FROM key").fetchone()[0])

    def groups(self) -> Iterator[tuple[str, Sequence[tuple[int, Any]]]]:
        """(key, its rows with their lines)."""
        self._write()
        self._db.execute("CREATE INDEX item_key ON item (key, seq)")
        rows = self._db.execute(
            "SELECT item.key, key.key, line, data FROM item JOIN key ON key.id = item.key ORDER BY item.key, seq"
        )
        for _, some in groupby(rows, key=lambda row: row[0]):
            group = list(some)
            yield group[0][1], [(row[2], msgspec.json.decode(row[3])) for row in group]

    def close(self) -> None:
        self._db.close()
