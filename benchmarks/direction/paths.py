"""The page of paths over many incidents: read tables filled as their projections would, then asked as the page asks.

python -m benchmarks.direction.paths [--incidents 100000] [--store sqlite|postgresql]
"""

import argparse
import sys
import time
from typing import Any

import numpy as np
from sqlalchemy import Connection

from benchmarks.learning.similar import database
from quarterdeck.app import wiring
from quarterdeck.direction.projections import measured, measured_path
from quarterdeck.direction.rules.paths import DETAILS, drawing
from quarterdeck.direction.views import measuring
from quarterdeck.direction.views.tracing import Tracing
from quarterdeck.record import open_store, schema
from quarterdeck.record.bulk import insert_many

AIM = 1.0
"""Seconds, after the first time."""
MINUTE = 60_000_000
_STAGES = ("Awaiting User Info", "Awaiting Vendor", "Awaiting Problem")


def fill(conn: Connection, count: int) -> int:
    """Ten activities each on average, with the habits of a service desk; returns how many activities."""
    chance = np.random.default_rng(1)  # the same every time
    place, facts, rows = 0, [], []
    begins = np.sort(chance.integers(1_600_000_000, 1_760_000_000, count)) * 1_000_000
    for number in range(1, count + 1):
        at, first = int(begins[number - 1]), place + 1
        for activity, detail in _life(chance):
            place += 1
            rows.append((place, place, number, activity, detail, at))
            at += int(chance.exponential(90 * MINUTE))
        service = f"service-{int(chance.integers(300))}"
        facts.append(
            (
                number,
                first,
                "closed",
                "incident",
                f"SEV{1 + number % 4}",
                service,
                "servicenow",
                0,
                0,
                *[rows[-1][5]] * 2,
            )
        )
    columns = ("number", "moved", "state", "type", "severity", "service", "source", "drill", "monitored")
    insert_many(conn, measured.name, (*columns, "declared", "declared_recorded"), facts)
    insert_many(conn, measured_path.name, measured_path.c.keys(), rows)
    return place


def _life(chance: Any) -> list[tuple[str, str | None]]:
    life: list[tuple[str, str | None]] = [("declared", None), ("queue", f"Group {int(chance.integers(70))}")]
    life += [("handed", f"Group {int(chance.integers(70))}") for _ in range(int(chance.geometric(0.6)) - 1)]
    life += [("role", "assignee"), ("acknowledged", None), ("stage", "Active")]
    for _ in range(int(chance.geometric(0.6)) - 1):
        life += [("waiting", _STAGES[int(chance.integers(3))]), ("stage", "Active")]
    if chance.random() < 0.1:
        life.append(("severity", "SEV2"))
    return [*life, ("resolved", None), ("closed", None)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--incidents", type=int, default=100_000)
    parser.add_argument("--store", choices=("sqlite", "postgresql"), default="sqlite")
    given = parser.parse_args()
    kept = True
    with database(given.store) as url:
        record = wiring.house().record(open_store(url))
        schema.create(record)
        with record.store.writing() as conn:
            activities = fill(conn, given.incidents)
        print(f"{given.store}: {given.incidents:,} incidents, {activities:,} activities", flush=True)
        asked = measuring.asked(record.clock.now(), days=36_600)
        for what, detail in (("first time, course", "course"), *((one, one) for one in DETAILS)):
            began, worked = time.perf_counter(), time.process_time()
            with record.read() as conn:
                found = Tracing(conn, asked, detail).answer()
            drawing.picture(found.drawn, (), found.titles, "").__html__()  # type: ignore[union-attr]  # something is there
            took, work = time.perf_counter() - began, time.process_time() - worked
            print(f"  {what:<22} {took:6.2f} s (own work {work:5.2f}), {found.paths:,} paths", flush=True)
            kept &= what.startswith("first") or took <= AIM
        record.close()
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
