"""How long the draft of a review takes: 2,000 entries on the timeline, put together anew on each reading."""

import argparse
import os
import statistics
import sys
import time
from datetime import UTC, datetime

from benchmarks.learning.similar import database
from quarterdeck.app import wiring
from quarterdeck.command import actions as command
from quarterdeck.kernel.principal import Principal
from quarterdeck.kernel.time import ManualClock
from quarterdeck.learning import views
from quarterdeck.record import Record, Tx, open_store, schema

AIM = 300.0
"""Milliseconds, by the median."""
WHO = Principal("person/alice", roles=frozenset({"administrator"}))


def filled(record: Record, clock: ManualClock, entries: int) -> int:
    """An incident with so many notes, severity changes and impacts; its number."""

    def begin(tx: Tx) -> int:
        return command.declare(tx, title="Payments fail", summary="Cards fail.")

    number = record.perform(WHO, begin)
    for start in range(0, entries, 100):
        clock.forward(minutes=1)

        def work(tx: Tx, start: int = start) -> None:
            for n in range(start, min(start + 100, entries)):
                if n % 20 == 0:
                    level = "SEV1" if n % 40 else "SEV2"
                    command.change_severity(tx, number=number, severity=level, reason=f"Seen {n}.")
                else:
                    command.note(tx, number=number, text=f"Note {n}: the queue is at {n * 7} and rising.")

        record.perform(WHO, work)
    return number


def measure(kind: str, entries: int, readings: int) -> bool:
    with database(kind) as url:
        clock = ManualClock(datetime(2026, 3, 2, 9, tzinfo=UTC))
        record = wiring.house().record(open_store(url), clock)
        schema.create(record)
        number = filled(record, clock, entries)
        walls, own = [], []
        for _ in range(readings):
            began, worked = time.perf_counter(), time.process_time()
            with record.read() as conn:
                draft = views.draft(conn, number)
            walls.append((time.perf_counter() - began) * 1000)
            own.append((time.process_time() - worked) * 1000)
        record.close()
    what = f"{draft.facts} entries, {len(draft.decisions)} decisions, {len(draft.story)} told; {readings} readings"
    print(f"{kind}: {what}; load {os.getloadavg()[0]:.1f}")
    print(f"  draft: median {statistics.median(walls):.0f} ms, worst {max(walls):.0f} ms   aim {AIM:.0f}")
    print(f"  own work: median {statistics.median(own):.0f} ms, worst {max(own):.0f} ms", flush=True)
    return statistics.median(walls) <= AIM


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--entries", type=int, default=2_000)
    arguments.add_argument("--readings", type=int, default=10)
    arguments.add_argument("--store", choices=("sqlite", "postgresql", "both"), default="both")
    given = arguments.parse_args()
    stores = ("sqlite", "postgresql") if given.store == "both" else (given.store,)
    kept = [measure(kind, given.entries, given.readings) for kind in stores]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
