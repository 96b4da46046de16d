"""The check of a large plan beside its parsing alone, and its replay over 25,000 incidents.

python -m benchmarks.plan.bench [--store sqlite|postgresql|both] [--incidents N]
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import TypeVar

from rich.console import Console
from rich.progress import Progress, TaskID
from ruamel.yaml import YAML

from benchmarks.plan.made import BEGAN, PROCEDURES, SERVICES, fill, large_plan, lines
from quarterdeck.app import wiring
from quarterdeck.direction import views
from quarterdeck.kernel.principal import ENGINE
from quarterdeck.plan import actions
from quarterdeck.plan.rules.checking import check
from quarterdeck.plan.rules.reading import kept_events, read
from quarterdeck.record import open_store, schema
from tests.house.postgres import start_postgres
from tests.people import settle

T = TypeVar("T")
CHECK_AIM, REPLAY_AIM = 1.0, 10.0
"""Seconds."""


def timed(times: int, act: Callable[[], T]) -> tuple[float, T]:
    """The best of so many, in seconds."""
    best, answer = float("inf"), None
    for _ in range(times):
        kept_events.cache_clear()
        began = time.perf_counter()
        answer = act()
        best = min(best, time.perf_counter() - began)
    assert answer is not None
    return best, answer


def checking() -> bool:
    files = large_plan()
    safe = YAML(typ="safe", pure=True)
    bare, _ = timed(3, lambda: [safe.load(text) for name, text in files.items() if name.endswith(".yaml")])
    reading, _ = timed(3, lambda: read(files))
    whole, checked = timed(3, lambda: check(files))
    checked.sound()
    print(f"plan: {lines(files)} lines, {SERVICES} services routed, {PROCEDURES} procedures and more")
    print(f"  ruamel.yaml alone (safe, pure)   {bare:6.2f} s")
    print(f"  read: parsed with its places     {reading:6.2f} s")
    print(f"  check: read, shape, references   {whole:6.2f} s   aim {CHECK_AIM:.0f} s")
    return whole < CHECK_AIM


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


def _advance(bar: Progress, task: TaskID, done: int, total: int) -> None:
    bar.update(task, completed=done, total=total)


def replaying(kind: str, count: int) -> bool:
    with database(kind) as url:
        record = wiring.house().record(open_store(url))
        schema.create(record)
        settle(record)
        files = large_plan()
        record.perform(ENGINE, lambda tx: actions.adopt(tx, files=files, reason="benchmark"))
        plan = check(files).sound()
        with record.store.writing() as conn:
            made = fill(conn, plan, count, revision=1)
        draft = check(large_plan(within=45)).sound()
        now = BEGAN + timedelta(days=900)
        with record.read() as conn:
            rows, _ = timed(1, lambda: sum(1 for _ in views.facts(conn)))
            with Progress(console=Console(file=sys.stderr)) as bar:
                task = bar.add_task("Replaying", total=None)
                step = partial(_advance, bar, task)
                took, found = timed(1, lambda: views.replay(conn, draft, now, step))
        totals = found.totals
        print(f"{kind}: {made.incidents} incidents with {made.steps} steps")
        print(f"  reading the rows alone           {rows:6.2f} s")
        print(f"  replay                           {took:6.2f} s   aim {REPLAY_AIM:.0f} s")
        print(f"  {totals.otherwise} otherwise, {totals.deadlines} deadlines moved, {totals.newly_missed} newly missed")
        record.close()
        return took < REPLAY_AIM


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--incidents", type=int, default=25_000)
    asked = parser.parse_args()
    stores = ("sqlite", "postgresql") if asked.store == "both" else (asked.store,)
    kept = [checking(), *(replaying(kind, asked.incidents) for kind in stores)]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
