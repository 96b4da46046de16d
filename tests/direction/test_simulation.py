"""What if: the own history run again; the same luck for both processes, and months held out to see whether it holds."""

from datetime import UTC, datetime
from math import inf

import numpy as np
import pytest

from quarterdeck.direction.rules.simulation import (
    MEASURES,
    Answered,
    Response,
    Seen,
    TooLittle,
    World,
    back_test,
    compare,
    draw,
    learn,
    run,
    turns_of,
)
from quarterdeck.direction.rules.simulation.history import HOURS, WEEK
from tests.plan.texts import example_plan

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
SEVERITIES = ("SEV1", "SEV2")
ONE_TURN = {"SEV1": [[(0.0, 1)]], "SEV2": [[(0.0, 1)]]}
TARGETS = {"SEV1": 5.0, "SEV2": 15.0}


def history(weeks: int = 30, seed: int = 1, quick: float = 3.0) -> list[Seen]:
    rng = np.random.default_rng(seed)
    return [
        Seen(
            came=week * WEEK + float(rng.uniform(0, WEEK)),
            severity="SEV1" if rng.random() < 0.3 else "SEV2",
            team="shop" if rng.random() < 0.5 else "payments",
            work=float(rng.lognormal(4, 1)),
            acknowledged=float(rng.exponential(quick)),
        )
        for week in range(weeks)
        for _ in range(int(rng.poisson(12)))
    ]


def pages(seen: list[Seen], never: float = 0.2) -> list[tuple[float, Answered]]:
    rng = np.random.default_rng(2)
    return [
        (one.came, Answered(int(one.came // 60) % HOURS, None if rng.random() < never else one.acknowledged))
        for one in seen
    ]


def world(seen: list[Seen] | None = None, never: float = 0.2) -> World:
    seen = seen or history()
    return learn(seen, [one for _, one in pages(seen, never)], SEVERITIES)


def test_a_year_has_as_many_incidents_as_its_weeks_had() -> None:
    known = world()
    counts = [draw(known, 52, seed).size for seed in range(40)]
    assert np.mean(counts) == pytest.approx(52 * known.incidents / 30, rel=0.05)
    assert draw(known, 52, 0, arrivals=2.0).size == 2 * counts[0]
    assert draw(known, 52, 0, arrivals=0.0).size == 0


def test_an_incident_has_the_same_luck_whoever_asks_for_it_first_and_however_many_come() -> None:
    known = world()
    one, other, more = draw(known, 10, 5), draw(known, 10, 5), draw(known, 10, 5, arrivals=1.5)
    wanted = {place: one.luck(place) for place in (0, 3, 1)}
    for place in (1, 0, 3):
        assert np.array_equal(other.luck(place), wanted[place])
    assert not np.array_equal(wanted[0], wanted[1])
    assert not np.array_equal(wanted[0], draw(known, 10, 6).luck(0)[: one.size])
    assert more.own is not None
    first = more.own < one.size  # every incident comes at least once, some twice
    assert more.size > one.size
    assert np.array_equal(more.came[first], one.came)
    assert np.array_equal(more.luck(3)[first], wanted[3])
    copies = set(more.luck(3)[~first])
    assert len(copies) == more.size - one.size
    assert not copies & set(wanted[3])


def test_a_second_turn_helps_where_the_first_does_not_answer() -> None:
    known = world(never=0.5)
    now = Response({"SEV1": [[(0, 1)]], "SEV2": [[(0, 1)]]})
    more = [[(0.0, 1), (5.0, 1), (10.0, 1), (15.0, 1), (20.0, 1)]]
    then = Response({"SEV1": more, "SEV2": more})
    found = {one.now.name: one for one in compare(known, now, then, TARGETS, replications=30, seed=1, weeks=20)}
    slowest = found["90th percentile of the time to acknowledge"]
    assert slowest.now.value == inf, "half of all pages are never answered"
    assert 10 < slowest.then.value < 30
    assert slowest.seen
    assert found["pages"].change.low > 0, "more are paged"
    same = compare(known, now, now, TARGETS, replications=10, seed=1, weeks=20)
    assert all(one.change.value == one.change.low == 0 for one in same), "the luck is the same for both"
    assert not any(one.seen for one in same)


def test_more_responders_wait_less_and_the_same_seed_says_the_same() -> None:
    known = world()
    few = Response(ONE_TURN, {"shop": [1] * HOURS, "payments": [1] * HOURS}, work=4.0)
    more = Response(ONE_TURN, {"shop": [2] * HOURS, "payments": [2] * HOURS}, work=4.0)
    one = compare(known, few, more, TARGETS, replications=15, seed=7, weeks=20)
    waits = next(change for change in one if change.now.name == "waited for a responder over 15 min")
    assert waits.change.high < 0
    assert waits.seen
    assert compare(known, few, more, TARGETS, replications=15, seed=7, weeks=20) == one


def test_the_worst_severity_is_taken_up_first() -> None:
    seen = [Seen(WEEK * (i // 40) + 10.0, "SEV2" if i % 40 else "SEV1", "shop", 100.0, 1.0) for i in range(400)]
    known = learn(seen, [Answered(0, 1.0)] * 40, SEVERITIES)
    year = run(known, Response(ONE_TURN, {"shop": [1] * HOURS}), draw(known, 1, 1))
    urgent = year.severity == 0
    assert year.waited[urgent].max() <= 100.0, "it waits for whoever is at work, not for the others that wait"
    assert sorted(year.waited) == pytest.approx([100.0 * i for i in range(40)])


def test_a_severity_that_nobody_is_paged_for_has_no_acknowledgement_and_hours_without_staff_wait() -> None:
    known = world()
    year = run(known, Response({}, {}), draw(known, 10, 1))
    assert not year.pages.any()
    assert np.isinf(year.acknowledged).all()
    never = run(known, Response(ONE_TURN, {"shop": [0] * HOURS}), draw(known, 10, 1))
    shop = known.teams.index("shop")
    assert np.isinf(never.waited[(never.team == shop) & np.isfinite(never.acknowledged)]).all()


def test_turns_are_those_of_the_live_escalation() -> None:
    plan = example_plan()
    found = turns_of(plan, MONDAY)
    first = found["SEV1"][0]
    assert first[0][0] == 0
    assert len(first) > 3
    assert [minute for minute, _ in first] == sorted(minute for minute, _ in first)
    waiting = {severity for severity, turns in found.items() if len(turns) == HOURS}
    assert waiting == {id for id, level in plan.severity.levels.items() if not level.urgent and id in found}
    for severity in waiting:
        assert found[severity][3][0][0] > found[severity][10][0][0], "at 03:00 it waits for the support hours"


def test_months_that_were_held_out_lie_in_what_was_predicted_unless_the_world_has_changed() -> None:
    seen = history(weeks=40, seed=3)
    held = back_test(seen, pages(seen, 0), SEVERITIES, Response(ONE_TURN), TARGETS, weeks=8, replications=200, seed=1)
    assert held.learned + held.held_out == len(seen)
    assert [one.name for one in held.predicted] == ["incidents", "median time to acknowledge", "acknowledged in time"]
    assert held.within >= 2
    changed = [
        one if one.came < 32 * WEEK else Seen(one.came, one.severity, one.team, one.work, (one.acknowledged or 0) + 60)
        for one in seen
    ]
    missed = back_test(
        changed, pages(seen, 0), SEVERITIES, Response(ONE_TURN), TARGETS, weeks=8, replications=200, seed=1
    )
    assert missed.within <= 1, "an honest test says that it missed"


@pytest.mark.parametrize(
    ("seen", "answered", "words"),
    [
        (history(2)[:10], [Answered(0, 1.0)] * 40, "10 incidents are on record"),
        (history(10), [Answered(0, None)] * 40, "too few of them answered"),
        ([Seen(one.came, one.severity, one.team, None) for one in history(10)], [Answered(0, 1.0)] * 40, "has ended"),
    ],
)
def test_too_short_a_history_is_said_in_words(seen: list[Seen], answered: list[Answered], words: str) -> None:
    with pytest.raises(TooLittle, match=words):
        learn(seen, answered, SEVERITIES)


def test_progress_is_told_and_every_measure_has_its_unit() -> None:
    told: list[tuple[int, int]] = []
    process = Response(ONE_TURN)
    found = compare(world(), process, process, TARGETS, 3, 1, lambda done, total: told.append((done, total)), weeks=5)
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert [one.now.name for one in found] == list(MEASURES)
