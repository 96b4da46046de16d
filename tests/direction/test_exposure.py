"""What incidents of a kind cost in a year, with what the history leaves open."""

from itertools import pairwise

import numpy as np
import pytest

from quarterdeck.direction.rules.exposure import (
    DRAWS,
    YEARS,
    History,
    exceedance,
    exposure,
    exposures,
    few_make_most,
    together,
)


def rng() -> np.random.Generator:
    return np.random.default_rng(1)


def test_the_expected_loss_is_frequency_times_magnitude() -> None:
    found = exposure(History((100.0,) * 40, years=4), rng())
    assert found.expected == pytest.approx(40.5 / 4 * 100, rel=0.05)
    assert found.low < 1000 < found.high
    assert found.by_year.mean() == pytest.approx(found.expected, rel=0.05)
    assert found.bad_year > found.expected


def test_few_incidents_leave_much_open_and_are_called_an_anecdote() -> None:
    few, many = exposure(History((10.0, 1000.0), 1), rng()), exposure(History((10.0, 1000.0) * 50, 50), rng())
    assert few.an_anecdote
    assert not many.an_anecdote
    assert (few.high - few.low) / few.expected > 3 * (many.high - many.low) / many.expected


@pytest.mark.parametrize("history", [History((), 3.0), History((), 0.0), History((5.0,), 0.0)])
def test_nothing_recorded_is_a_loss_of_nothing_with_its_n(history: History) -> None:
    found = exposure(history, rng())
    assert (found.expected, found.high, found.n) == (0.0, 0.0, len(history.losses))


def test_the_interval_covers_the_true_expectation_nine_times_in_ten() -> None:
    world, hit, runs = np.random.default_rng(11), 0, 150
    for _ in range(runs):
        n = int(world.poisson(5 * 6))
        losses = tuple(float(x) for x in world.lognormal(3, 0.8, n))
        found = exposure(History(losses, 5), world)
        hit += found.low <= 6 * np.exp(3 + 0.8**2 / 2) <= found.high
    assert 0.80 <= hit / runs <= 0.96


def test_the_exceedance_curve_falls_from_a_loss_at_all_to_the_worst_year() -> None:
    found = exposure(History((1.0, 2.0, 30.0), 10), rng())
    curve = exceedance(found.by_year)
    assert curve[0][0] == 0
    assert curve[0][1] == pytest.approx(float((found.by_year > 0).mean()))
    assert curve[-1][1] == 0
    assert all(a[0] < b[0] and a[1] >= b[1] for a, b in pairwise(curve))


def test_the_largest_come_first_and_the_same_seed_says_the_same() -> None:
    histories = {"a": History((1.0,) * 10, 1), "b": History((50.0,) * 10, 1), "c": History((2.0,) * 10, 1)}
    found = exposures(histories, seed=4)
    assert list(found) == ["b", "c", "a"]
    assert few_make_most(found) == 1
    assert exposures(histories, seed=4)["a"].expected == found["a"].expected
    assert together(list(found.values())).size == DRAWS * YEARS
    assert few_make_most({}) == 0
