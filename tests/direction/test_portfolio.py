"""The best set of improvements within a budget: exact, with dependencies, and with how firmly each belongs to it."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quarterdeck.direction.rules.portfolio import MOST, Effect, Improvement, portfolio

ANNUAL = {"checkout": np.full(50, 1000.0), "search": np.full(50, 100.0)}


def sure(id: str, effort: float, *effects: tuple[str, float], needs: tuple[str, ...] = ()) -> Improvement:
    return Improvement(id, effort, tuple(Effect(name, share, share, share) for name, share in effects), needs)


def test_the_budget_buys_what_avoids_most_and_not_what_looks_best_per_day() -> None:
    found = portfolio(
        [sure("small", 1, ("search", 0.9)), sure("large", 10, ("checkout", 0.5))], ANNUAL, budget=10, seed=1
    )
    assert found.chosen == ("large",)
    assert [one.id for one in found.ranked] == ["small", "large"]
    assert (found.avoided, found.low, found.high) == (500, 500, 500)


def test_two_on_one_exposure_do_not_add_up() -> None:
    found = portfolio([sure("a", 1, ("checkout", 0.5)), sure("b", 1, ("checkout", 0.5))], ANNUAL, budget=2, seed=1)
    assert found.avoided == 750
    assert found.effort == 2


def test_what_needs_another_is_bought_with_it_or_not_at_all() -> None:
    wanted = [
        sure("dashboard", 5, ("checkout", 0.9), needs=("metrics",)),
        sure("metrics", 5),
        sure("x", 6, ("search", 1)),
    ]
    assert portfolio(wanted, ANNUAL, budget=10, seed=1).chosen == ("dashboard", "metrics")
    assert portfolio(wanted, ANNUAL, budget=9, seed=1).chosen == ("x",)
    lost = [sure("a", 1, ("search", 1), needs=("b",)), sure("b", 1, ("search", 1), needs=("nowhere",))]
    assert set(portfolio(lost, ANNUAL, budget=9, seed=1).left_out) == {"a", "b"}
    circle = [sure("a", 1, ("search", 0.5), needs=("b",)), sure("b", 1, ("search", 0.5), needs=("a",))]
    assert portfolio(circle, ANNUAL, budget=9, seed=1).chosen == ("a", "b"), "each other's need: both or neither"


def test_how_firmly_an_improvement_belongs_is_told() -> None:
    losses = np.where(np.arange(100) < 80, 1000.0, 0.0)
    annual = {"checkout": losses, "search": np.full(100, 100.0)}
    found = portfolio(
        [sure("often", 1, ("checkout", 0.5)), sure("seldom", 1, ("search", 0.5))], annual, budget=1, seed=1
    )
    by_id = {one.id: one for one in found.ranked}
    assert by_id["often"].bought
    assert by_id["often"].bought_in == pytest.approx(0.8, abs=0.02)
    assert by_id["seldom"].bought_in == pytest.approx(0.2, abs=0.02)


def test_doubt_about_an_effect_becomes_an_interval() -> None:
    doubtful = Improvement("a", 1, (Effect("checkout", 0.0, 0.2, 0.9),))
    found = portfolio([doubtful], {"checkout": np.full(2000, 1000.0)}, budget=1, seed=1)
    assert found.low < 200 < found.avoided < found.high < 900
    assert portfolio([doubtful], {}, budget=1, seed=1).avoided == 0
    assert portfolio([], ANNUAL, budget=1, seed=1).chosen == ()
    assert portfolio([doubtful], ANNUAL, budget=0, seed=1).chosen == ()


candidates = st.lists(
    st.tuples(
        st.integers(0, 6),
        st.lists(
            st.tuples(st.sampled_from(["checkout", "search"]), st.floats(0, 1)), max_size=2, unique_by=lambda e: e[0]
        ),
        st.sets(st.integers(0, 6), max_size=1),
    ),
    max_size=7,
)


@settings(max_examples=80, deadline=None)
@given(made=candidates, budget=st.integers(0, 15))
def test_no_other_set_avoids_more(made: list[tuple[int, list[tuple[str, float]], set[int]]], budget: int) -> None:
    all_of_them = [
        sure(f"i{i}", effort, *effects, needs=tuple(f"i{n}" for n in needs if n != i))
        for i, (effort, effects, needs) in enumerate(made)
    ]
    found = portfolio(all_of_them, ANNUAL, budget=budget, seed=1)

    def avoided(group: tuple[Improvement, ...]) -> float:
        ids = {one.id for one in group}
        if sum(one.effort for one in group) > budget or any(not set(one.needs) <= ids for one in group):
            return 0.0
        left = {"checkout": 1000.0, "search": 100.0}
        for one in group:
            for effect in one.effects:
                left[effect.exposure] *= 1 - effect.likely
        return 1100 - sum(left.values())

    best = max(avoided(group) for size in range(len(all_of_them) + 1) for group in combinations(all_of_them, size))
    assert found.avoided == pytest.approx(best, abs=1e-6)


def test_more_than_can_be_weighed_are_left_out_by_name() -> None:
    many = [sure(f"i{i:03}", 1 + i, ("checkout", 0.01)) for i in range(MOST + 5)]
    found = portfolio(many, ANNUAL, budget=30, seed=1)
    assert set(found.left_out) == {f"i{i:03}" for i in range(MOST, MOST + 5)}
    assert len(found.ranked) == MOST
