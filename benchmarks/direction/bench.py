"""A million incidents: every page and figure of measures, cold, warm and after one more; all made again; beside DuckDB.

python -m benchmarks.direction.bench [--store sqlite|postgresql|both] [--incidents 1000000] [--quick] [--folder DIR]
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.direction import made
from quarterdeck.app import wiring
from quarterdeck.direction.projections import PROJECTIONS
from quarterdeck.record import open_store, schema
from quarterdeck.record.refold import refold
from tests.house.postgres import start_postgres

PAGE_AIM, RECOMPUTE_AIM = 1.0, 60.0
"""Seconds."""
QUICK = 20_000


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'bench.db'}"
        return
    server = start_postgres()
    try:
        yield server.url
    finally:
        server.stop()


def measure(kind: str, count: int, folder: Path) -> bool:
    with database(kind, folder) as url:
        record = wiring.house().record(open_store(url))
        schema.create(record)
        made.settle(record)
        began = time.perf_counter()
        events = made.fill(record, count)
        took = time.perf_counter() - began
        print(f"{kind}: {count:,} incidents, {events:,} events, written in {took:.0f} s; load {os.getloadavg()[0]:.1f}")
        began, worked = time.perf_counter(), time.process_time()
        read = refold(record.store, PROJECTIONS)
        took, own = time.perf_counter() - began, time.process_time() - worked
        again = f"what is measured made again from {read:,} events"
        print(f"  {again}: {took:.1f} s (own work {own:.1f})   aim {RECOMPUTE_AIM:.0f}", flush=True)
        if kind == "postgresql":
            with record.store.writing() as conn:
                conn.exec_driver_sql("ANALYZE")
        record.close()
        kept = [count > 1_000_000 or took <= RECOMPUTE_AIM]
        for start in ("nothing on the shelf", "second start"):
            print(f"  {start}:", flush=True)
            kept.append(asked(url, folder / f"scratch-{kind}", beside=start == "second start"))
        return all(kept)


def asked(url: str, scratch: Path, beside: bool) -> bool:
    """In a process of its own, which knows nothing yet."""
    command = [
        sys.executable,
        "-m",
        "benchmarks.direction.asking",
        url,
        str(scratch),
        *(["--duckdb"] if beside else []),
    ]
    return subprocess.run(command, check=False).returncode == 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--incidents", type=int, default=1_000_000)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK:,} incidents: to see that it runs.")
    parser.add_argument("--folder", type=Path, help="Where the store is made; 6 GB for a million incidents.")
    given = parser.parse_args()
    stores = ("sqlite", "postgresql") if given.store == "both" else (given.store,)
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        kept = [measure(kind, QUICK if given.quick else given.incidents, Path(folder)) for kind in stores]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
