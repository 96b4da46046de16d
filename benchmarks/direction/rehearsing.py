"""What if, beside simpy: years of 25,000 incidents; a roster of 60 people, 52 weeks, 6 rotations, beside its bound.

python -m benchmarks.direction.rehearsing [--quick] [--replications 1000] [--incidents 25000]

simpy is no dependency of ours: `pip install simpy` beside it, or that part is left out and said so.
"""

import argparse
import os
import sys
import time
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np

from quarterdeck.direction.rules.rostering.document import read
from quarterdeck.direction.rules.rostering.making import faults, make
from quarterdeck.direction.rules.simulation import Answered, Response, Seen, World, compare, draw, learn, run
from quarterdeck.direction.rules.simulation.history import HOURS, WEEK, at_night

SEVERITIES = ("SEV1", "SEV2", "SEV3", "SEV4")
TEAMS = 8
TURNS = {name: [[(0.0, 1), (10.0, 1), (30.0, 2)]] for name in SEVERITIES}
SOONER = {name: [[(0.0, 1), (5.0, 1), (15.0, 2)]] for name in SEVERITIES}
TARGETS = {"SEV1": 5.0, "SEV2": 15.0}
ROSTER_AIM, PLAIN_AIM, WHOLE_AIM = 20.0, 10.0, 300.0
"""Seconds: "a few seconds for the plain queue, a few minutes with priorities", for 1,000 years; here of both sides."""
ROSTER_STEPS = 400_000


def history(incidents: int, seed: int = 1) -> World:
    """Two years in which twice as many came as are to come in one: 25,000 a year."""
    die = np.random.default_rng(seed)
    came = np.sort(die.uniform(0, 104 * WEEK, 2 * incidents))
    seen = [
        Seen(
            came=float(at),
            severity=SEVERITIES[int(die.integers(0, 4))],
            team=f"team-{die.integers(0, TEAMS)}",
            work=float(die.lognormal(3.5, 1)),
            acknowledged=float(die.exponential(4)),
        )
        for at in came
    ]
    answered = [Answered(int(one.came // 60) % HOURS, one.acknowledged if die.random() > 0.2 else None) for one in seen]
    return learn(seen, answered, SEVERITIES)


def rehearse(world: World, now: Response, then: Response, years: int, seed: int = 1) -> tuple[float, float]:
    """Seconds for so many years under both, compared in all measures: by the clock, and of own work."""
    began, worked = time.perf_counter(), time.process_time()
    compare(world, now, then, TARGETS, years, seed)
    return time.perf_counter() - began, time.process_time() - worked


def simpys(world: World, process: Response, years: int) -> float:
    """Seconds for the same arrivals, answers and work, the same queue of each team, as processes of simpy."""
    simpy: Any = import_module("simpy")
    taken = 0.0
    for year in range(years):
        drawn = draw(world, 52, year)
        ours = run(world, process, drawn)
        finite = np.isfinite(ours.ended)
        work = np.where(finite, ours.ended, 0) - np.where(finite, ours.acknowledged + ours.waited, 0)
        began = time.perf_counter()
        house = simpy.Environment()
        sizes = [max(responders[0], 1) for responders in process.responders.values()]
        pools = [simpy.PriorityResource(house, capacity=size) for size in sizes]
        waited = np.zeros(drawn.came.size)

        def one(i: int, ready: float, team: int, rank: int, lasts: float) -> Any:
            yield house.timeout(ready)  # noqa: B023  # run within this turn of the loop
            with pools[team].request(priority=rank) as asked:  # noqa: B023
                yield asked
                waited[i] = house.now - ready  # noqa: B023
                yield house.timeout(lasts)  # noqa: B023

        for i in np.flatnonzero(finite):
            ready = float(drawn.came[i] + ours.acknowledged[i])
            house.process(one(int(i), ready, int(ours.team[i]), int(ours.severity[i]), float(work[i])))
        house.run()
        taken += time.perf_counter() - began
        apart = float(np.max(np.abs(waited[finite] - ours.waited[finite]), initial=0.0))
        assert apart < 1e-3, f"simpy and we differ by {apart} min"
    return taken


def simulating(years: int, incidents: int) -> bool:
    worked = time.process_time()
    world = history(incidents)
    print(
        f"  {years:,} years of {incidents:,} incidents under two paths; load {os.getloadavg()[0]:.1f}; own work in ()"
    )
    print(f"  the history of {world.incidents:,} made and learned ({time.process_time() - worked:.1f} s)")
    enough, scarce = ({name: [n] * HOURS for name in world.teams} for n in (6, 1))
    shifts = {name: [1 if at_night(hour) else 2 for hour in range(HOURS)] for name in world.teams}
    kept = True
    for words, staff, aim in (
        ("paging alone, nobody waits for a responder", {}, PLAIN_AIM),
        ("queues, worst severity first: 6 a team, enough", enough, WHOLE_AIM),
        ("queues: 2 a team by day, 1 by night", shifts, WHOLE_AIM),
        ("queues: 1 a team, every third has to wait", scarce, WHOLE_AIM),
    ):
        took, own = rehearse(world, Response(TURNS, staff), Response(SOONER, staff), years)
        print(f"  {words:<48} {took:7.1f} s ({own:.1f})   aim {aim * years / 1000:.1f}")
        kept = kept and took <= aim * years / 1000
    if find_spec("simpy") is None:
        print("  simpy is not installed, so nothing is beside it")
    else:
        few, process = max(1, years // 100), Response(TURNS, scarce)
        theirs = simpys(world, process, few)
        began = time.perf_counter()
        for year in range(few):
            run(world, process, draw(world, 52, year))
        mine = time.perf_counter() - began
        print(
            f"  {few} years, 1 a team: simpy {theirs:.2f} s for the queue alone, ours {mine:.2f} s for all; same waits"
        )
    return kept


def task(people: int, weeks: int, rotations: int) -> str:
    """Two places in each rotation, a senior in each pair; skills, leave, part time and wishes as people have."""
    die = np.random.default_rng(3)
    lines = ["title: A year", "zone: UTC", "starts: 2026-01-05", f"weeks: {weeks}", "rest: 1"]
    lines += ['handover: {day: mon, time: "09:00"}', "rotations:"]
    for n in range(rotations):
        skills = f"[skill-{n % 3}]" if n % 2 else "[]"
        more = f"places: [first, second], seniors: 1, skills: {skills}, load: {1 + n % 2 / 2}"
        lines.append(f"  - {{id: r{n}, title: Rotation {n}, {more}}}")
    lines.append("people:")
    for n in range(people):
        skills = ", ".join(f"skill-{k}" for k in range(3) if die.random() < 0.6)
        senior, share = str(bool(die.random() < 0.5)).lower(), 0.5 if die.random() < 0.15 else 1.0
        months, days = die.integers(1, 13, 3), die.integers(1, 19, 3)
        leave, spare = (f"2026-{months[i]:02d}-{days[i]:02d}/2026-{months[i]:02d}-{days[i] + 9:02d}" for i in (0, 1))
        more = f"senior: {senior}, share: {share}, skills: [{skills}], leave: [{leave}], spare: [{spare}]"
        lines.append(f"  - {{login: p{n}, {more}}}")
    return "\n".join(lines)


def rostering(steps: int, size: tuple[int, int, int]) -> bool:
    wanted = read(task(*size))
    began = time.perf_counter()
    made = make(wanted, steps, 1)
    took = time.perf_counter() - began
    broken = faults(wanted, made.weeks)
    people, weeks, rotations = size
    whole = made.cost.total
    gap = (whole - made.bound) / max(whole, 1e-9) * 100
    what = f"roster of {people} people, {weeks} weeks, {rotations} rotations of two"
    print(f"  {what}: {took:.1f} s   aim {ROSTER_AIM:.0f}")
    bound = f"no roster costs less than {made.bound:,.0f} (LP): gap {gap:.1f} %"
    print(f"    cost {whole:,.0f}, {bound}; {len(broken)} rules broken")
    for line in made.why[:3]:
        print(f"    {line}")
    return took <= ROSTER_AIM and not broken


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replications", type=int, default=1_000)
    parser.add_argument("--incidents", type=int, default=25_000)
    parser.add_argument("--quick", action="store_true", help="20 years, and fewer steps: to see that it runs.")
    given = parser.parse_args()
    years = 20 if given.quick else given.replications
    kept = [rostering(20_000 if given.quick else ROSTER_STEPS, (60, 52, 6)), simulating(years, given.incidents)]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
