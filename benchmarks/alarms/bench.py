"""A million pending alarms: how fast they are claimed and woken, how late they fire, how soon after a kill -9.

python -m benchmarks.alarms.bench [--store sqlite|postgresql|both] [--pending N] [--seconds S]
"""

import argparse
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial

from benchmarks.alarms.timer import TIMER, Armed, Fired, record_of
from quarterdeck.app import engine
from quarterdeck.kernel.principal import ENGINE
from quarterdeck.kernel.time import Clock, ManualClock, SystemClock
from quarterdeck.record import Record, Tx, open_store, schema
from quarterdeck.record.history import after
from tests.house.postgres import start_postgres

FAR = timedelta(days=365)


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


def opened(url: str, clock: Clock | None = None) -> Record:
    record = record_of(open_store(url), clock or SystemClock())
    schema.create(record)
    return record


def arm(record: Record, prefix: str, dues: list[datetime]) -> None:
    for start in range(0, len(dues), 2000):
        chunk = dues[start : start + 2000]
        record.perform(ENGINE, partial(_arm, prefix, start, chunk))


def _arm(prefix: str, start: int, dues: list[datetime], tx: Tx) -> None:
    appends = [(TIMER, f"{prefix}{start + i}", [Armed(at=tx.now, due=due)]) for i, due in enumerate(dues)]
    tx.append_many(appends, fresh=True)


def rate(url: str, wanted: int) -> float:
    """Alarms woken per second when many are due at once."""
    clock = ManualClock(datetime.now(UTC))
    record = opened(url, clock)
    arm(record, "rate", [clock.now() + timedelta(seconds=1)] * wanted)
    clock.forward(seconds=2)
    began, done = time.perf_counter(), 0
    while woken := engine.wake_due(record, 1000):
        done += woken
    took = time.perf_counter() - began
    record.close()
    return done / took


def raw_rate(rows: int) -> float:
    """The limit beside ours: claim and mark rows of a bare SQLite table, 1,000 a commit, FULL, one integer column."""
    with tempfile.TemporaryDirectory() as folder:
        db = sqlite3.connect(f"{folder}/raw.db", isolation_level=None)
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("CREATE TABLE timer (id INTEGER PRIMARY KEY, due INTEGER, done INTEGER DEFAULT 0)")
        db.execute("CREATE INDEX timer_due ON timer (due) WHERE done = 0")
        db.execute("BEGIN")
        db.executemany("INSERT INTO timer (due) VALUES (?)", ((i,) for i in range(rows)))
        db.execute("COMMIT")
        began = time.perf_counter()
        while True:
            db.execute("BEGIN IMMEDIATE")
            ids = db.execute(
                "SELECT id FROM timer WHERE done = 0 AND due <= ? ORDER BY due LIMIT 1000", (rows,)
            ).fetchall()
            db.executemany("UPDATE timer SET done = 1 WHERE id = ?", ids)
            db.execute("COMMIT")
            if not ids:
                return rows / (time.perf_counter() - began)


def lateness(url: str, per_second: int, seconds: float) -> list[float]:
    """Milliseconds between due and recorded, at a steady rate, with all the others pending."""
    record = opened(url)
    with record.read() as conn:
        from quarterdeck.record.history import head

        position = head(conn)
    start = datetime.now(UTC) + timedelta(seconds=3)
    count = int(per_second * seconds)
    arm(record, f"late{per_second}-", [start + timedelta(seconds=i / per_second) for i in range(count)])
    running = engine.Engine(record, (), {})
    running.start()
    time.sleep((start - datetime.now(UTC)).total_seconds() + seconds + 1.5)
    running.stop()
    with record.read() as conn:
        rows = after(conn, record.codec, position, [Fired], count * 2)
    record.close()
    return sorted((row.recorded_at - row.event.due).total_seconds() * 1000 for row in rows)


def after_kill(url: str) -> float:
    """Seconds from a new engine's start to the first overdue alarm recorded, after a kill -9 of the old one."""
    record = opened(url)
    arm(record, "kill", [datetime.now(UTC) + timedelta(seconds=2.5)] * 200)
    old = subprocess.Popen([sys.executable, "-m", "benchmarks.alarms.engine", url])
    time.sleep(1.5)
    os.kill(old.pid, signal.SIGKILL)
    old.wait()
    time.sleep(1.5)
    with record.read() as conn:
        position = after_position(record)
    began = time.perf_counter()
    new = subprocess.Popen([sys.executable, "-m", "benchmarks.alarms.engine", url])
    try:
        while True:
            with record.read() as conn:
                if after(conn, record.codec, position, [Fired], 1):
                    return time.perf_counter() - began
            time.sleep(0.005)
    finally:
        new.kill()
        new.wait()
        record.close()


def after_position(record: Record) -> int:
    from quarterdeck.record.history import head

    with record.read() as conn:
        return head(conn)


def percentile(values: list[float], share: float) -> float:
    return values[min(len(values) - 1, int(len(values) * share))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--pending", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=10)
    chosen = parser.parse_args()
    limit = raw_rate(100_000)
    print(f"bare table, claim and mark, 1,000 a commit: {limit:,.0f}/s")
    for kind in ("sqlite", "postgresql") if chosen.store == "both" else (chosen.store,):
        with database(kind) as url:
            record = opened(url)
            began = time.perf_counter()
            arm(record, "far", [datetime.now(UTC) + FAR] * chosen.pending)
            print(
                f"{kind}: {chosen.pending:,} pending, armed at {chosen.pending / (time.perf_counter() - began):,.0f}/s"
            )
            record.close()
            woken = rate(url, 50_000)
            print(f"{kind}: claimed, woken and recorded {woken:,.0f}/s = {woken / limit:.2f} of the bare table")
            late = lateness(url, 500, chosen.seconds)
            print(
                f"{kind}: 500 due/s, n={len(late)}: late p50 {percentile(late, 0.5):.1f} ms,"
                f" p99 {percentile(late, 0.99):.1f} ms, max {late[-1]:.1f} ms"
            )
            print(f"{kind}: first overdue alarm after kill -9: {after_kill(url):.2f} s, process start included")


if __name__ == "__main__":
    main()
