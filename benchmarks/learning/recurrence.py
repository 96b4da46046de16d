"""What recurs among many incidents, whole and for the one at hand.

python -m benchmarks.learning.recurrence [--store sqlite|postgresql|both] [--incidents 100000]
"""

import argparse
import random
import time
from datetime import timedelta
from statistics import median, quantiles

from sqlalchemy import insert

from benchmarks.learning.made import BEGAN, SERVICES, service
from benchmarks.learning.similar import database
from quarterdeck.app import wiring
from quarterdeck.command.projections import incident
from quarterdeck.intake.kept import grouping
from quarterdeck.intake.projections import signal_group
from quarterdeck.kernel.time import micros
from quarterdeck.learning import views
from quarterdeck.learning.projections import factor
from quarterdeck.learning.rules import taxonomy
from quarterdeck.record import Record, open_store, schema

AIM_SECONDS = 5.0
TYPES = ("outage", "change-failure", "capacity", "security-incident", "data-loss", "third-party")
SAME = {
    "title": "Something fails",
    "state": "closed",
    "severity": "SEV3",
    "computed_severity": "SEV3",
    "statement": "",
    "commander": "admin",
    "commander_by_default": False,
    "declared_by": "admin",
    "drill": False,
    "review": "none",
    "reopened": 0,
    "doubts": 0,
}
TIMES = ("detected_at", "declared_at", "closed_at")
_TOGETHER = 5_000


def furnish(record: Record, count: int) -> None:
    """Incidents with type and service, a factor or two for every third, and the alerts that half were declared for."""
    chance = random.Random(2)  # the same figures every time, not a secret
    codes = list(taxonomy.codes())
    busy = [1 / (rank + 2) for rank in range(SERVICES)]
    incidents, factors, groups, keys = [], [], [], []
    for n in range(1, count + 1):
        at = micros(BEGAN + timedelta(hours=n))
        place = service(chance.choices(range(SERVICES), busy)[0])
        incidents.append(
            {**SAME, "number": n, "type": chance.choice(TYPES), "service": place, **dict.fromkeys(TIMES, at)}
        )
        if n % 3 == 0:
            for nth in range(chance.choice((1, 2))):
                said = {"id": f"INC-{n}-F{nth + 1}", "number": n, "code": chance.choice(codes), "text": "Seen."}
                factors.append({**said, "evidence": [], "state": "agreed", "found_at": at, "found_by": "carol"})
        if n % 2 == 0:
            id = f"{n:020d}"
            groups.append({"id": id, "state": "closed", "route": "r", "title": "Alert", "opened_at": at, "number": n})
            same = {"severity": "error", "impact": "i", "urgency": "u", "auto_resolve": True, "window": 60}
            counts = {"signals": 1, "raises": 1, "firing": 0, "active_at": at, "acknowledged": True, "quiet": True}
            keys.append(
                {"id": id, "group_key": f"{chance.randrange(count // 20):032d}", "state": "closed", **same, **counts}
            )
    with record.store.writing() as conn:
        for table, rows in ((incident, incidents), (factor, factors), (signal_group, groups), (grouping, keys)):
            for start in range(0, len(rows), _TOGETHER):
                conn.execute(insert(table), rows[start : start + _TOGETHER])


def measure(kind: str, count: int) -> None:
    with database(kind) as url:
        record = wiring.house().record(open_store(url))
        schema.create(record)
        furnish(record, count)
        with record.read() as conn:
            took: list[float] = []
            for _ in range(3):
                started = time.perf_counter()
                found, incidents = views.patterns(conn, since=BEGAN)
                took.append(time.perf_counter() - started)
            asked = random.Random(3).sample(range(count // 2, count), 100)
            single = []
            for number in asked:
                started = time.perf_counter()
                views.again(conn, number)
                single.append((time.perf_counter() - started) * 1000)
        p95 = quantiles(single, n=20)[-1]
        whole = f"{min(took):.2f} to {max(took):.2f} s in 3 runs (aim {AIM_SECONDS:g} s)"
        print(f"{kind}: {len(found):,} patterns in {incidents:,} incidents: {whole}; one incident's own: ", end="")
        print(f"p50 {median(single):.1f} ms, p95 {p95:.1f} ms of {len(asked)}")
        record.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--incidents", type=int, default=100_000)
    given = parser.parse_args()
    for kind in ("sqlite", "postgresql") if given.store == "both" else (given.store,):
        measure(kind, given.incidents)


if __name__ == "__main__":
    main()
