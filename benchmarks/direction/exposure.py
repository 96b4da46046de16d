"""Exposure and portfolio: how often their intervals hold the truth, and how long a page takes at many incidents.

.venv/bin/python -m benchmarks.direction.exposure coverage [--trials 2000] [--seed 1]
.venv/bin/python -m benchmarks.direction.exposure speed [--incidents 100000]
"""

import argparse
import tempfile
from collections.abc import Callable
from datetime import timedelta
from math import exp
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from numpy.random import Generator
from sqlalchemy import insert

from quarterdeck.app import wiring
from quarterdeck.catalog import actions as catalog
from quarterdeck.catalog.events import HourlyLoss
from quarterdeck.direction.projections import measured
from quarterdeck.direction.rules.exposure import FEWEST
from quarterdeck.direction.rules.exposure.falling import fall
from quarterdeck.direction.rules.exposure.weighing import interval
from quarterdeck.direction.views import exposing
from quarterdeck.governance import actions as governance
from quarterdeck.kernel.principal import ENGINE
from quarterdeck.kernel.time import micros
from quarterdeck.learning import actions as learning
from quarterdeck.learning.events.effects import Expectation
from quarterdeck.record import schema
from quarterdeck.record.stores import open_store

SPREADS = {"all alike": 0.0, "0.8": 0.8, "1.25": 1.25, "1.7": 1.7, "2": 2.0}
"""The standard deviation of the logarithms of losses; 1.25 is usual for repair times."""
RATES = (8, 12, 20, 40, 100, 300)
SERVICES, ACTIONS = 60, 60


def coverage(trials: int, seed: int) -> None:
    die = np.random.default_rng(seed)
    print("of 100 intervals of the loss a year so many hold the truth; by how many incidents are expected a year")
    print("| spread of losses |", " | ".join(str(rate) for rate in RATES), "| mean |")
    for name, spread in SPREADS.items():
        of_rates = [_covered(die, trials, rate, spread) * 100 for rate in RATES]
        print(f"| {name} |", " | ".join(f"{one:.1f}" for one in of_rates), f"| {sum(of_rates) / len(of_rates):.1f} |")
    print("of 100 comparisons so many hold the true change, and so many see a change (true or not)")
    for rate, factor in ((20, 1.0), (60, 1.0), (300, 1.0), (60, 0.5), (60, 0.25), (300, 0.5)):
        held, seen = _changes(die, trials // 4, rate, factor)
        print(f"{rate} a year, then {factor:g} times as many: {held * 100:.1f} hold it, {seen * 100:.1f} see it")


def _covered(die: Generator, trials: int, rate: int, spread: float) -> float:
    held = runs = 0
    while runs < trials:
        n = int(die.poisson(rate))
        if n >= FEWEST:
            runs += 1
            low, high = interval(die.lognormal(0, spread, n), 1.0)
            held += low <= rate * exp(spread**2 / 2) <= high
    return held / runs


def _changes(die: Generator, trials: int, rate: int, factor: float) -> tuple[float, float]:
    spread = 1.25
    true, held, told, seen = (factor - 1) * rate * exp(spread**2 / 2), 0, 0, 0
    for _ in range(trials):
        before, after = (die.lognormal(0, spread, die.poisson(mean)) for mean in (rate, rate * factor))
        found = fall(before, 1.0, after, 1.0, die)
        if found.change.low is not None and found.change.high is not None:
            told += 1
            held += found.change.low <= true <= found.change.high
            seen += found.verdict != "cannot tell"
    return held / max(1, told), seen / max(1, told)


def speed(incidents: int) -> None:
    """The read table `measured` filled as it is; services, rates and improvements by their actions."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'bench.db'}")
        record = wiring.house().record(store)
        schema.prepare(record)
        now = record.clock.now()
        record.perform(ENGINE, _settle)
        die = np.random.default_rng(1)
        when = micros(now - timedelta(days=1090)) + np.sort(die.integers(0, int(1089 * 86_400e6), incidents))
        took = (die.lognormal(4.25, 1.25, incidents) * 60e6).astype(np.int64)
        services, types = die.integers(0, SERVICES, incidents), die.integers(0, 5, incidents)
        rows: list[dict[str, Any]] = [
            {
                "number": n + 1, "moved": 1, "state": "closed", "type": f"type-{types[n]}", "severity": "SEV3",
                "service": f"service-{services[n]}", "drill": 0, "monitored": 1, "detected": int(when[n]),
                "declared": int(when[n]), "mitigated": int(when[n] + took[n]), "worked": int(took[n] // 2),
            }
            for n in range(incidents)
        ]  # fmt: skip
        with store.writing() as conn:
            for start in range(0, incidents, 10_000):
                conn.execute(insert(measured), rows[start : start + 10_000])
        with record.read() as conn:
            _timed("first question after the start (table read)", lambda: exposing.ledger(conn, now))
            for by in ("service", "type", "cause"):
                _timed(f"exposure by {by}", lambda: exposing.exposure(conn, now, by))  # noqa: B023  # called at once
            found = _timed(f"portfolio, {ACTIONS} improvements", lambda: exposing.advice(conn, now, 30))
            _timed("did the loss fall", lambda: exposing.afterwards(conn, now))
            print(found.proof, found.unit, len(found.chosen), "chosen")


def _settle(tx: Any) -> None:
    governance.add_team(tx, id="team", name="Team")
    loss = HourlyLoss(amount=1000, currency="EUR", source="Finance")
    for n in range(SERVICES):
        catalog.add_service(tx, id=f"service-{n}", name=f"Service {n}", team="team", tier=2, tolerance=30, loss=loss)
    die = np.random.default_rng(2)
    for n in range(ACTIONS):
        least, likely, most = (float(one) for one in np.sort(die.random(3)) * 0.7)
        by_type = n % 5 == 0
        expects = Expectation(
            measure="mitigate",
            service=None if by_type else f"service-{n}",
            type=f"type-{n % 25 // 5}" if by_type else None,
        )
        learning.propose_action(
            tx,
            title=f"Improvement {n}",
            person_days=float(die.integers(1, 20)),
            expects=expects,
            falls_by=(least, likely, most),
            needs=(n,) if n % 7 == 3 else (),
        )


def _timed(what: str, act: Callable[[], Any]) -> Any:
    times = []
    for _ in range(3):
        begun = perf_counter()
        found = act()
        times.append(perf_counter() - begun)
    print(f"{what}: {min(times) * 1000:.0f} ms at best, {times[0] * 1000:.0f} ms at first")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("coverage", "speed"))
    parser.add_argument("--trials", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--incidents", type=int, default=100_000)
    given = parser.parse_args()
    coverage(given.trials, given.seed) if given.what == "coverage" else speed(given.incidents)


if __name__ == "__main__":
    main()
