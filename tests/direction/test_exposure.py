"""What incidents of a kind cost in a year, with what the history leaves open; and whether it fell."""

from itertools import pairwise

import numpy as np
import pytest

from quarterdeck.direction.rules.exposure import (
    CUSTOMERS,
    FEWEST,
    HOURS,
    PEOPLE,
    Rate,
    exceedance,
    few_make_most,
    losses,
    most_telling,
    outlasted,
    too_short,
    units,
    weigh,
)
from quarterdeck.direction.rules.exposure.falling import fall, words
from quarterdeck.direction.rules.exposure.weighing import draws, interval, years_drawn
from quarterdeck.direction.rules.exposure.wording import amount, bad_year, sentence
from quarterdeck.direction.rules.measures import MISSING, Columns, Words

HOUR = 3_600_000_000
NOW = 1_000 * HOUR


def die(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def incidents(*rows: tuple[int, int, int | None, int | None, int]) -> Columns:
    """(service, began, ended, customers, worked), instants and work in hours."""
    service, began, ended, customers, worked = zip(*rows, strict=True)

    def numbers(values: tuple[int | None, ...], unit: int = HOUR) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return np.array([MISSING if value is None else value * unit for value in values], dtype=np.int64)

    nothing = np.full(len(rows), MISSING, dtype=np.int64)
    return Columns(
        {
            "started": nothing,
            "detected": numbers(began),
            "mitigated": numbers(ended),
            "resolved": nothing,
            "closed": nothing,
            "customers": numbers(customers, 1),
            "worked": numbers(worked),
        },
        {"service": Words(np.array(service, dtype=np.int32), ("shop", "search"))},
    )


def test_a_loss_is_known_in_several_units_and_who_does_not_know_is_counted() -> None:
    columns = incidents(
        (0, 0, 4, 100, 6), (0, 0, 1, None, 0), (1, 10, 13, None, 2), (0, 995, None, 0, 1), (0, 9, 5, 3, 1)
    )
    counted = np.ones(5, dtype=np.bool_)
    rates = {"shop": Rate(1000, "EUR", "Finance, 2026")}

    def found(unit: str) -> list[float]:
        return list(losses(columns, counted, unit, rates, NOW).values)

    assert found(HOURS) == [4, 1, 3, 5], "the open one so far; the one that ended before it began is left out"
    assert found("EUR") == [4000, 1000, 5000], "search has no rate"
    said, longer = outlasted(columns, {"shop": 120}, NOW)
    assert said.tolist() == [True, True, False, True, True] and longer.tolist() == [True, False, False, True, False]
    assert found(CUSTOMERS) == [100 * 240, 0]
    assert found(PEOPLE) == [6, 2, 1]
    priced = losses(columns, counted, "EUR", rates, NOW)
    assert (priced.unknown, priced.still_open, list(priced.left_out.values())) == (1, 1, [1])
    known = units(columns, counted, rates)
    assert list(known) == ["EUR", CUSTOMERS, PEOPLE, HOURS] and known[PEOPLE] == 4
    assert (
        most_telling(known) == "EUR" and most_telling({CUSTOMERS: 1, HOURS: 5}) == HOURS and most_telling({}) == HOURS
    )
    assert found("USD") == [], "a rate in another currency says nothing"


def test_the_expected_loss_is_what_was_lost_in_the_time_watched() -> None:
    found = weigh(np.full(40, 100.0), 4, die())
    assert (found.annual.value, found.n, found.often.value) == (1000, 40, 10)
    assert found.annual.low is not None and found.annual.low < 1000 < (found.annual.high or 0)
    assert found.by_year.mean() == pytest.approx(1000, rel=0.06)
    assert found.bad_year and found.bad_year > 1200
    assert sentence(found, "EUR").startswith(
        "About EUR 1,000 a year (95 %: "
    ) and "40 incidents in 4 years" in sentence(found, "EUR")
    assert "One year in twenty takes more than" in bad_year(found, HOURS) and amount(0.5, HOURS) == "0.5 hours of harm"


@pytest.mark.parametrize("given", [[], [0.0], [5.0], [3.0] * (FEWEST - 1), [0.0] * 50])
def test_too_few_give_a_sum_and_no_interval(given: list[float]) -> None:
    found = weigh(np.array(given), 0.5, die())
    assert found.annual.value == sum(given) * 2 and not found.enough and found.bad_year is None
    assert "95 %" not in sentence(found, HOURS) and bad_year(found, HOURS).startswith("Too few")
    assert too_short(20 / 365) and not too_short(0.08)


def test_of_less_than_four_weeks_no_year_is_made() -> None:
    soon = weigh(np.full(10, 2.0), 7 / 365.25, die())
    assert soon.so_far == pytest.approx(20) and not soon.enough and soon.bad_year is None
    assert (
        sentence(soon, HOURS)
        == "So far 20 hours of harm, by 10 incidents in 7 days: of less than 4 weeks no year is made."
    )


@pytest.mark.parametrize(
    ("expected", "spread"), [(12, 0.8), (12, 1.25), (60, 1.25), (300, 1.25), (40, 0.0), (100, 1.7)]
)
def test_the_interval_covers_the_true_expectation(expected: int, spread: float) -> None:
    """95 %: of 400 histories 380 hold it, give or take 3 standard errors."""
    world, hit, runs = die(expected), 0, 0
    for _ in range(400):
        n = int(world.poisson(expected))
        if n >= FEWEST:
            runs += 1
            low, high = interval(world.lognormal(0, spread, n), 1)
            hit += low <= expected * np.exp(spread**2 / 2) <= high
    assert 0.918 <= hit / runs <= 0.985


def test_many_incidents_are_not_counted_one_by_one_and_the_years_are_the_same() -> None:
    """The shifted gamma beside the sum drawn one by one, where both can be had."""
    lost = die().lognormal(0, 1.0, 1000)
    close = years_drawn(lost, 1.0, die(2))
    rates = np.resize(draws(lost, 1.0, die(2)) / lost.mean(), 2_000)
    world = die(5)
    exact = np.array([lost[world.integers(0, 1000, world.poisson(rate))].sum() for rate in rates])
    for share in (0.05, 0.5, 0.95):
        assert np.quantile(close, share) == pytest.approx(np.quantile(exact, share), rel=0.04)


def test_the_exceedance_curve_falls_from_a_loss_at_all_to_the_worst_year() -> None:
    found = weigh(np.array([1.0, 2.0, 30.0] * 3), 9, die())
    curve = exceedance(found.by_year)
    assert curve[0][1] == pytest.approx(float((found.by_year > curve[0][0]).mean()))
    assert curve[-1][1] == 0
    assert all(a[0] < b[0] and a[1] >= b[1] for a, b in pairwise(curve))
    assert exceedance(np.zeros(0)) == []
    assert weigh(np.array([1.0, 2.0, 30.0] * 3), 9, die()).bad_year == found.bad_year, "the same seed says the same"


def test_few_make_most() -> None:
    assert [few_make_most(one) for one in ([80, 10, 10], [1, 1, 1, 1, 1], [], [0, 0])] == [1, 4, 0, 0]


def test_no_change_is_seldom_taken_for_one_and_a_real_one_is_seen() -> None:
    world, wrong, seen = die(9), 0, 0
    for _ in range(120):
        before, after = (world.lognormal(0, 0.8, world.poisson(60)) for _ in range(2))
        wrong += fall(before, 1, after, 1, world).verdict != "cannot tell"
        seen += fall(before, 1, world.lognormal(0, 0.8, world.poisson(15)), 1, world).verdict == "fell"
    assert wrong <= 11 and seen >= 100, "of 120 at 5 in 100: 6, give or take two standard errors"


def test_whether_it_fell_is_said_with_its_reason() -> None:
    before = np.full(40, 10.0)
    found = fall(before, 1, np.full(4, 10.0), 1, die())
    assert found.verdict == "fell" and found.change.value == -360 and found.chance == 1
    assert words(found, HOURS).startswith("It fell by 360 hours of harm a year (95 %: ")
    assert fall(np.full(4, 10.0), 1, before, 1, die()).verdict == "rose"
    soon = fall(before, 1, np.zeros(0), 0.02, die())
    assert soon.verdict == "cannot tell" and "only 7 days since" in words(soon, HOURS)
    few = fall(np.array([5.0]), 1, np.array([5.0]), 1, die())
    assert "2 incidents with a loss on both sides together" in words(few, HOURS)
    quiet = fall(before, 1, np.zeros(0), 1, die())
    assert quiet.verdict == "fell" and (quiet.change.high or 0) < 0, "none since is not none for ever"
    assert quiet.change.low is not None and quiet.change.high is not None and quiet.change.high > -400
    same = fall(before, 1, before, 1, die())
    assert "which may be none" in words(same, "EUR")
