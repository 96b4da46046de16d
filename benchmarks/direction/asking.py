"""Every page and figure of measures asked of a filled store through the real routes, in a process that has just begun.

python -m benchmarks.direction.asking URL SCRATCH [--duckdb]
"""

import argparse
import os
import resource
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import duckdb
import numpy as np

from benchmarks.direction.made import BEGAN, YEARS
from quarterdeck.app import wiring
from quarterdeck.command import actions as command
from quarterdeck.direction.rules.measures import MEASURES, MISSING, Duration, named
from quarterdeck.direction.views import measuring
from quarterdeck.kernel.time import ManualClock
from quarterdeck.record import Record, open_store
from tests.cast import ALICE
from tests.web import client

NOW = BEGAN + timedelta(days=YEARS * 365.25 + 1)
EVERYTHING = 36_600
AIM = 1.0


@dataclass
class Asked:
    """What `tests.web.client` needs of a house."""

    record: Record
    home: Path
    wired: wiring.House


class Asker:
    def __init__(self, web: Any) -> None:
        self.web = web
        self.worst = 0.0

    def timed(self, path: str) -> tuple[float, float]:
        """Seconds until the answer, and of them this process's own work."""
        began, worked = time.perf_counter(), time.process_time()
        answer = self.web.get(path, headers={"accept": "application/json" if "/api/" in path else "text/html"})
        took = time.perf_counter() - began, time.process_time() - worked
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:300])
        return took

    def line(self, what: str, paths: list[str], counts: bool = True) -> None:
        took, own = zip(*(self.timed(path) for path in paths), strict=True)
        slowest = max(range(len(took)), key=lambda i: took[i])
        self.worst = max(self.worst, took[slowest]) if counts else self.worst
        worst = f"{took[slowest]:.2f} s (own work {own[slowest]:.2f})"
        more = f"median {median(took):.2f} ({median(own):.2f}), slowest {worst} {paths[slowest]}"
        print(f"    {what:<52} {more if len(paths) > 1 else worst}", flush=True)


def pages(days: int) -> list[str]:
    return [f"/insights/{id}?days={days}" for id in MEASURES]


def figures(days: int, by: str) -> list[str]:
    return [f"/api/measures/{id}?days={days}&by={by}" for id in MEASURES]


def memory() -> str:
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB at most"


def ask(url: str, scratch: Path, beside: bool) -> bool:
    record = wiring.house().record(open_store(url, scratch), ManualClock(NOW))
    asker = Asker(client(Asked(record, scratch, wiring.house()), ALICE))
    first, _ = asker.timed("/api/measures")  # so that the routes have been called once
    print(f"    load {os.getloadavg()[0]:.1f}; the list of measures, which asks for none: {first:.2f} s")
    asker.line("first page after the start (time to restore)", ["/insights/time-to-restore"], counts=beside)
    asker.line("first of each measure's page, 180 days", pages(180), counts=beside)
    asker.line("first of the other pages", ["/insights", "/objectives"], counts=beside)
    if not beside:
        print(f"    {memory()}")
        record.close()
        return True
    for days, words in ((180, "180 days"), (EVERYTHING, "everything")):
        asker.line(f"every measure's page, {words}", pages(days))
        asker.line(f"every measure by month in the API, {words}", figures(days, "month"))
        asker.line(f"every measure by cause in the API, {words}", figures(days, "cause"))
        asker.line(f"Insights, {words}", [f"/insights?days={days}"])
    asker.line("Objectives", ["/objectives"])
    behind = [f"/api/measures/{id}/incidents?days={EVERYTHING}" for id in MEASURES]
    asker.line("the incidents behind each, everything", behind)
    record.perform(ALICE, lambda tx: command.declare(tx, title="One more", service="service-1"))
    asker.line("first page after one new incident", ["/insights/time-to-restore"])
    asker.line("every measure's page after it", pages(180))
    print(f"    slowest of all {asker.worst:.2f} s   aim {AIM:.0f}; {memory()}")
    beside_duckdb(record)
    record.close()
    return asker.worst <= AIM


_SPANS = "quantile_cont((resolved - detected) / 1e6, [0.5, 0.9, 0.95]), count(*)"
_DUCKS = (
    ("median, p90, p95 of time to resolve", f"SELECT {_SPANS} FROM m WHERE resolved >= detected"),
    ("the same by service", f"SELECT service, {_SPANS} FROM m WHERE resolved >= detected GROUP BY service"),
    ("share reopened", "SELECT avg((reopened > 0)::int) FROM m WHERE resolutions > 0"),
    ("incidents by month", "SELECT date_trunc('month', make_timestamp(declared)), count(*) FROM m GROUP BY 1"),
)
_OURS = (("time-to-resolve", None), ("time-to-resolve", "service"), ("reopened", None), ("incidents", "month"))
_WANTED = ("number", "declared", "detected", "resolved", "drill", "monitored", "reopened", "resolutions")


def beside_duckdb(record: Record) -> None:
    """The same median, percentiles, share and counts of the same columns; DuckDB gives no intervals and no trend."""
    with record.read() as conn:
        asked = measuring.asked(NOW, days=EVERYTHING)
        columns = measuring.Question(conn, named("incidents"), asked, NOW).population.columns
    numbers = {name: [None if one == MISSING else one for one in columns[name].tolist()] for name in _WANTED}
    words = {name: columns.words[name] for name in ("service", "state")}
    texts = {name: np.array([*one.names, None], dtype=object)[one.codes] for name, one in words.items()}
    with tempfile.TemporaryDirectory() as folder:
        duck, path = duckdb.connect(), Path(folder) / "measured.parquet"
        write(duck, path, {**numbers, **texts})
        counting = "drill = 0 AND state NOT IN ('declined', 'merged', 'cancelled')"
        duck.execute(" ".join(("CREATE VIEW m AS SELECT * FROM", f"'{path}' WHERE {counting}")))
        for what, sql in _DUCKS:
            took = min(_timed(lambda: duck.execute(sql).fetchall()) for _ in range(3))  # noqa: B023  # run within this turn
            print(f"    DuckDB on the same columns in Parquet: {what:<36} {took * 1000:6.0f} ms", flush=True)
    for id, by in _OURS:
        took = min(_timed(partial(figure, record, id, by)) for _ in range(3))
        more = "intervals and trend" + (", Kaplan-Meier" if isinstance(named(id), Duration) else "")
        what = f"{id}{f' by {by}' if by else ''}, with {more}"
        print(f"    ours: {what:<69} {took * 1000:6.0f} ms", flush=True)


def figure(record: Record, id: str, by: Any) -> None:
    with record.read() as conn:
        question = measuring.Question(conn, named(id), measuring.asked(NOW, days=EVERYTHING), NOW)
        question.answer()
        if by:
            question.sliced(by)


def write(duck: Any, path: Path, columns: dict[str, Any]) -> None:
    """Through a CSV, since DuckDB takes no arrays without pandas or Arrow."""
    text = path.with_suffix(".csv")
    with text.open("w") as out:
        out.write(",".join(columns) + "\n")
        for row in zip(*columns.values(), strict=True):
            out.write(",".join("" if one is None else str(one) for one in row) + "\n")
    duck.execute(f"COPY (SELECT * FROM read_csv('{text}')) TO '{path}' (FORMAT parquet)")


def _timed(act: Any) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("scratch", type=Path)
    parser.add_argument("--duckdb", action="store_true")
    given = parser.parse_args()
    return 0 if ask(given.url, given.scratch, given.duckdb) else 1


if __name__ == "__main__":
    sys.exit(main())
