"""The quick forms of the simulation say what plain, slow ones say: incident by incident, minute by minute."""

from collections.abc import Sequence
from heapq import heappop, heappush
from math import inf

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from quarterdeck.direction.rules.simulation import Answered, Drawn, Response, Seen, World, draw, learn, run
from quarterdeck.direction.rules.simulation.experiment import figures
from quarterdeck.direction.rules.simulation.history import HOURS, WEEK, at_night
from quarterdeck.direction.rules.simulation.queueing import waits
from quarterdeck.direction.rules.simulation.responding import LAST, Turns, Year

SEVERITIES = ("SEV1", "SEV2", "SEV3")
# Whole minutes among them, so that one begins in the very minute in which another ends, and several at once.
minutes = st.one_of(st.integers(0, 40).map(float), st.floats(0, 600), st.floats(0, 3 * WEEK))
works = st.one_of(st.integers(0, 30).map(float), st.floats(0, 900))
incidents = st.lists(st.tuples(minutes, st.integers(0, 2), works), max_size=40)
shifts = st.one_of(
    st.integers(1, 3).map(lambda n: [n] * HOURS),
    st.tuples(st.integers(0, 3), st.integers(0, 3)).map(
        lambda both: [both[1] if at_night(hour) else both[0] for hour in range(HOURS)]
    ),
    st.lists(st.integers(0, 3), min_size=1, max_size=9).map(lambda few: (few * HOURS)[:HOURS]),
)


@settings(max_examples=200)
@given(incidents, shifts)
def test_each_waits_as_long_as_in_a_queue_that_is_run_event_by_event(
    come: list[tuple[float, int, float]], responders: list[int]
) -> None:
    ready, rank, work = [one[0] for one in come], [one[1] for one in come], [one[2] for one in come]
    found = waits(np.array(ready), np.array(rank, np.int64), np.array(work), responders)
    assert found.tolist() == queue(ready, rank, work, responders)


def queue(ready: list[float], rank: list[int], work: list[float], responders: Sequence[int]) -> list[float]:
    """Nothing is taken for granted: at each event everybody who has come is put in line, and the first one served."""
    if not any(responders):
        return [inf] * len(ready)
    waited = [0.0] * len(ready)
    order = sorted(range(len(ready)), key=lambda i: ready[i])
    waiting: list[tuple[int, float, int]] = []
    busy: list[float] = []
    at, now = 0, 0.0
    while at < len(order) or waiting:
        if not waiting:
            now = max(now, ready[order[at]])
        while at < len(order) and ready[order[at]] <= now:
            heappush(waiting, (rank[order[at]], ready[order[at]], order[at]))
            at += 1
        while busy and busy[0] <= now:
            heappop(busy)
        if len(busy) < responders[int(now // 60) % HOURS]:
            _, since, i = heappop(waiting)
            waited[i] = now - since
            heappush(busy, now + work[i])
        else:
            now = min([60 * (now // 60) + 60, *busy])
    return waited


choices: st.SearchStrategy[list[Turns]] = st.one_of(
    st.just([]),
    st.lists(st.tuples(st.integers(0, 120).map(float), st.integers(1, 3)), max_size=LAST + 2).map(lambda one: [one]),
    st.integers(0, 9).map(lambda n: [[(float((hour * n) % 600), 1), (700.0, 2)][: n % 3] for hour in range(HOURS)]),
)


@settings(max_examples=60)
@given(st.fixed_dictionaries({"SEV1": choices, "SEV2": choices}), st.integers(0, 50), st.sampled_from([0.5, 1.0, 1.7]))
def test_each_is_acknowledged_as_if_the_path_was_walked_for_it_alone(
    turns: dict[str, list[Turns]], seed: int, arrivals: float
) -> None:
    drawn = draw(WORLD, 1, seed, arrivals)
    year = run(WORLD, Response(turns), drawn)
    for i in range(drawn.size):
        acknowledged, pages = walk(turns, drawn, i)
        assert (year.acknowledged[i], year.pages[i]) == (acknowledged, pages)
        assert year.ended[i] == acknowledged + pick(WORLD.work, drawn.severity[i] * 2 + drawn.team[i], drawn.luck(0)[i])


def walk(turns: dict[str, list[Turns]], drawn: Drawn, i: int) -> tuple[float, int]:
    soonest, pages, hour = inf, 0, int(drawn.hour[i])
    path = turns.get(WORLD.severities[drawn.severity[i]], [])
    for turn, (minute, people) in enumerate(sorted(path[hour if len(path) > 1 else 0])[:LAST] if path else []):
        if soonest <= minute:
            break
        pages += people
        dark = int(at_night((hour + int(minute // 60)) % HOURS))
        for asked in range(min(people, 2)):
            soonest = min(soonest, minute + pick(WORLD.answers, dark, drawn.luck(1 + 2 * turn + asked)[i]))
    return soonest, pages


def pick(pools: object, kind: int, luck: float) -> float:
    values, begins, sizes = (getattr(pools, name) for name in ("values", "begins", "sizes"))
    pool = values[begins[kind] :][: int(sizes[kind])]
    return float(pool[int(luck * len(pool))])


def _world() -> World:
    rng = np.random.default_rng(4)
    seen = [
        Seen(
            float(rng.uniform(0, 6 * WEEK)), SEVERITIES[i % 3], "shop" if i % 2 else "desk", float(rng.exponential(50))
        )
        for i in range(180)
    ]
    # Whole minutes, so that an answer comes in the very minute of the next turn.
    answered = [Answered(int(rng.integers(0, HOURS)), None if i % 4 else float(rng.integers(40))) for i in range(300)]
    return learn(seen, answered, SEVERITIES)


WORLD = _world()


@given(st.lists(st.tuples(st.one_of(st.just(inf), st.integers(0, 9).map(float)), st.integers(0, 2)), max_size=30))
def test_the_measures_of_a_year_are_those_of_its_sorted_values(told: list[tuple[float, int]]) -> None:
    acknowledged, pages = np.array([one[0] for one in told]), np.array([one[1] for one in told], np.int64)
    zeros = np.zeros(len(told), np.int64)
    found = figures(
        WORLD,
        Year(zeros, zeros, zeros, acknowledged, pages, np.zeros(len(told)), acknowledged + 5),
        {"SEV1": 4.0},
    ).tolist()
    paged = sorted(minute for minute, people in told if people)
    assert found[3] == found[4] == sum(people for _, people in told), "hour 0 is night"
    if not paged:
        assert all(np.isnan(found[place]) for place in (0, 1, 2, 5, 6))
        return
    middle, slow = (next(one for n, one in enumerate(paged, 1) if 10 * n >= tenths * len(paged)) for tenths in (5, 9))
    assert found[:3] == [middle, slow, sum(one <= 4 for one in paged) / len(paged)]
    assert found[5:] == [middle + 5, 0]
