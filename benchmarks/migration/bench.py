"""A ServiceNow audit log brought in, beside what the same rows cost without us.

python -m benchmarks.migration.bench [--rows 150000] [--store sqlite|postgresql|both] [--file LOG.csv]
"""

import argparse
import csv
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.migration.made import write
from quarterdeck.app import wiring
from quarterdeck.direction.views import measuring
from quarterdeck.direction.views.tracing import Tracing
from quarterdeck.migration import actions
from quarterdeck.migration.actions import Advance
from quarterdeck.migration.rules.asked import Asked
from quarterdeck.migration.rules.formats import FORMATS
from quarterdeck.migration.rules.naming import Names
from quarterdeck.migration.sources import read_history, shipped_mapping
from quarterdeck.record import Record, open_store, schema
from quarterdeck.record.local import LOCAL
from tests.house.postgres import start_postgres

AIM = 60.0
"""Seconds for 150,000 rows on SQLite."""


class Killed(Exception):
    """In place of `kill -9`: nothing of the import's own code runs after it."""


@contextmanager
def database(kind: str) -> Iterator[str]:
    if kind == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/bench.db"
        return
    server = start_postgres()
    try:
        yield server.url
    finally:
        server.stop()


def timed(what: str, act: Callable[[], Any]) -> tuple[float, Any]:
    began, worked = time.perf_counter(), time.process_time()
    found = act()
    took, work = time.perf_counter() - began, time.process_time() - worked
    print(f"  {what:<58} {took:7.1f} s   (own work {work:6.1f})", flush=True)
    return took, found


def bring_in(record: Record, path: Path, stop_after: int | None = None) -> Advance:
    format = FORMATS["servicenow"]
    asked = Asked(Names(), shipped_mapping(format))
    batches = 0

    def after(done: Advance) -> None:
        nonlocal batches
        batches += 1
        if stop_after is not None and batches >= stop_after:
            raise Killed

    items = read_history(format, path, asked)
    beginning = {"format": "servicenow", "file": path.name, "size": path.stat().st_size}
    return actions.bring_in_history(record, LOCAL, items=items, seen=asked.seen, after=after, **beginning)[1]


def parsed(path: Path) -> int:
    with path.open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.reader(file))


def bare(path: Path) -> None:
    """The rows as they are into one table without an index: nothing understood, nothing told."""
    with tempfile.TemporaryDirectory() as folder, path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        header = next(rows)
        db = sqlite3.connect(f"{folder}/bare.db")
        db.execute(f"CREATE TABLE log ({', '.join(f'c{i}' for i in range(len(header)))})")
        db.executemany(f"INSERT INTO log VALUES ({', '.join('?' * len(header))})", rows)
        db.commit()
        db.close()


def limits(path: Path) -> None:
    timed("reading the CSV alone", lambda: parsed(path))
    timed("reading it into a bare SQLite table, one executemany", lambda: bare(path))


def measure(kind: str, path: Path) -> float:
    with database(kind) as url:
        record = wiring.house().record(open_store(url))
        schema.create(record)
        print(f"{kind}:", flush=True)
        took, done = timed("brought in", lambda: bring_in(record, path))
        print(f"    {done.incidents:,} incidents, {done.facts:,} facts, {done.rejected:,} rejected", flush=True)
        again = timed("the same file again", lambda: bring_in(record, path))[1]
        assert (again.incidents, again.known) == (0, done.incidents), again
        asked = measuring.asked(record.clock.now(), days=36_600)
        for what in ("the page of paths, first time", "the page of paths, after that"):
            with record.read() as conn:
                timed(what, lambda conn=conn: Tracing(conn, asked).answer())  # type: ignore[misc]  # bound at once
        record.close()
    return took


def resumed(path: Path) -> None:
    """Broken off after some batches and run again: everything is there once."""
    with database("sqlite") as url:
        record = wiring.house().record(open_store(url))
        schema.create(record)
        try:
            bring_in(record, path, stop_after=5)
        except Killed:
            rest = bring_in(record, path)
        assert rest.known == 5 * 250 and rest.differing == 0, rest
        print(f"broken off after 1,250 incidents, then run again: {rest.known:,} found, {rest.incidents:,} brought in")
        record.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=150_000)
    parser.add_argument("--store", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--file", type=Path, help="a real log, instead of a made one")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = given.file or Path(folder) / "log.csv"
        if given.file is None:
            incidents = write(path, given.rows)
            print(f"{parsed(path) - 1:,} rows of {incidents:,} incidents, {path.stat().st_size / 1e6:.0f} MB")
        limits(path)
        stores = ("sqlite", "postgresql") if given.store == "both" else (given.store,)
        took = {kind: measure(kind, path) for kind in stores}
        resumed(path)
    return 0 if given.file or given.rows != 150_000 or took.get("sqlite", 0.0) <= AIM else 1


if __name__ == "__main__":
    sys.exit(main())
