"""The best set of improvements within a budget: exact, with dependencies, and with how firmly each belongs to it."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quarterdeck.direction.rules.portfolio import (
    MOST,
    Cells,
    Choice,
    Effect,
    Improvement,
    Portfolio,
    cells,
    checked,
    closure,
    most_promising,
    portfolio,
    usable,
)
from quarterdeck.kernel.errors import Invalid

CHECKOUT, SEARCH = np.array([True] * 10 + [False] * 10), np.array([False] * 10 + [True] * 10)
LOSSES = np.array([100.0] * 10 + [10.0] * 10)
"""1,000 by checkout and 100 by search, in a year."""


def sure(id: int, effort: float, share: float, needs: tuple[int, ...] = ()) -> Improvement:
    return Improvement(id, effort, Effect(share, share, share), needs)


def bought(*made: tuple[Improvement, np.ndarray[tuple[int], np.dtype[np.bool_]]], days: float) -> Portfolio:
    parted = cells([touches for _, touches in made], LOSSES, 1.0)
    counts = [int(touches.sum()) for _, touches in made]
    return portfolio([one for one, _ in made], parted, counts, days, 1100, np.random.default_rng(1))


def test_incidents_are_parted_by_what_would_have_lowered_them() -> None:
    both = CHECKOUT | SEARCH
    parted = cells([CHECKOUT, both], LOSSES, 2.0)
    assert sorted(parted.annual.tolist()) == [50, 500] and parted.touched.sum() == 3
    drawn = parted.drawn(np.random.default_rng(1), 4000)
    assert drawn.mean(axis=0) == pytest.approx(parted.annual, rel=0.05)
    assert cells([], LOSSES, 1.0).annual.size == 0


def test_the_budget_buys_what_avoids_most_and_not_what_looks_best_per_day() -> None:
    found = bought((sure(1, 1, 0.9), SEARCH), (sure(2, 10, 0.5), CHECKOUT), days=10)
    assert found.chosen == (2,) and found.avoided.value == 500 and found.proved and found.bound == 500
    assert [one.id for one in found.ranked] == [1, 2]
    low, high = found.avoided.low, found.avoided.high
    assert low is not None and high is not None and low < 500 < high, "the history leaves the loss open"


def test_two_on_one_loss_do_not_add_up() -> None:
    found = bought((sure(1, 1, 0.5), CHECKOUT), (sure(2, 1, 0.5), CHECKOUT), days=2)
    assert (found.avoided.value, found.effort) == (750, 2)


def test_what_needs_another_is_bought_with_it_or_not_at_all() -> None:
    wanted = [
        (sure(1, 5, 0.9, needs=(2,)), CHECKOUT), (sure(2, 5, 0), ~CHECKOUT & ~SEARCH), (sure(3, 6, 1), SEARCH)
    ]  # fmt: skip
    assert bought(*wanted, days=10).chosen == (1, 2)
    assert bought(*wanted, days=9).chosen == (3,)
    circle = [(sure(1, 1, 0.5, needs=(2,)), SEARCH), (sure(2, 1, 0.5, needs=(1,)), SEARCH)]
    assert bought(*circle, days=9).chosen == (1, 2), "each other's need: both or neither"
    assert bought(*circle, days=1).chosen == ()
    kept, left_out = usable([sure(1, 1, 1, (2,)), sure(2, 1, 1, (9,)), sure(3, 1, 1)])
    assert [one.id for one in kept] == [3] and left_out[2] == "it needs A-9, which cannot be bought"
    assert "A-2" in left_out[1] and closure([1], {1: (2,), 2: (1,)}) == {1, 2}


def test_how_firmly_an_improvement_belongs_is_told() -> None:
    doubtful = Improvement(1, 1, Effect(0.0, 0.05, 0.9))
    found = bought((doubtful, SEARCH), (sure(2, 1, 0.03), CHECKOUT), days=1)
    one, other = (next(row for row in found.ranked if row.id == id) for id in (1, 2))
    assert one.bought_in + other.bought_in == pytest.approx(1, abs=0.01) and 0.1 < one.bought_in < 0.9
    assert (one.rank_low, one.rank_high) == (1, 2)
    firm = bought((sure(1, 1, 0.9), CHECKOUT), (sure(2, 1, 0.1), SEARCH), days=1)
    assert [(row.bought_in, row.rank_low, row.rank_high) for row in firm.ranked] == [(1, 1, 1), (0, 2, 2)]


@pytest.mark.parametrize("days", [0, -1, float("nan"), float("inf"), 1e9])
def test_an_absurd_budget_is_refused(days: float) -> None:
    with pytest.raises(Invalid):
        checked(days)


def test_nothing_to_buy_and_nothing_to_gain() -> None:
    assert bought(days=30).chosen == ()
    found = bought((sure(1, 0, 0), CHECKOUT), days=1)
    assert found.chosen == () and found.ranked[0].per_day == 0 and found.gap == 0
    free = bought((sure(1, 0, 0.5), CHECKOUT), days=1)
    assert free.chosen == (1,), "what takes no effort is bought"


made = st.lists(
    st.tuples(st.integers(0, 6), st.floats(0, 1), st.integers(1, 7), st.sets(st.integers(0, 6), max_size=1)), max_size=7
)


@settings(max_examples=60, deadline=None)
@given(made=made, budget=st.integers(1, 15))
def test_no_other_set_avoids_more(made: list[tuple[int, float, int, set[int]]], budget: int) -> None:
    every = [
        sure(i, effort, share, tuple(n for n in needs if n != i)) for i, (effort, share, _, needs) in enumerate(made)
    ]
    touched = np.array([[bool(of & 1 << k) for k in range(3)] for *_, of, _ in made]).reshape(len(made), 3)
    annual = np.array([1000.0, 100.0, 400.0])
    kept, _ = usable(every)
    places = [one.id for one in kept]
    shares = touched[places] * np.array([one.effect.mean for one in kept])[:, None]
    choice = Choice(kept, shares, annual)
    found = choice.best(budget, 10_000)

    def worth(group: tuple[int, ...]) -> float:
        ids = {kept[i].id for i in group}
        if sum(kept[i].effort for i in group) > budget or any(not set(kept[i].needs) <= ids for i in group):
            return 0.0
        return choice.avoided(frozenset(group))

    best = max(worth(group) for size in range(len(kept) + 1) for group in combinations(range(len(kept)), size))
    assert found.avoided == pytest.approx(best, abs=1e-6) and found.proved
    cut = choice.best(budget, 1)
    assert cut.avoided <= best + 1e-6 <= cut.bound + 2e-6, "stopped early it says how far from the best it may be"


def test_more_than_can_be_weighed_are_left_out_with_what_they_need_kept() -> None:
    many = [sure(i, 1 + i, 0.1, needs=(MOST + 4,) if i == 0 else ()) for i in range(MOST + 5)]
    inside, outside = most_promising(many, [1.0] * len(many))
    assert len(inside) == MOST and {0, MOST + 4} <= set(inside) and len(outside) == 5
    assert most_promising(many[:3], [1.0] * 3) == ([0, 1, 2], [])


def test_sixty_are_chosen_from_exactly() -> None:
    world = np.random.default_rng(3)
    made = [Improvement(i, float(world.integers(1, 15)), Effect(0.1, 0.3, 0.5)) for i in range(MOST)]
    touched = np.zeros((MOST, 20), dtype=np.bool_)
    touched[np.arange(MOST), world.integers(0, 20, MOST)] = True
    touched[np.arange(MOST), world.integers(0, 20, MOST)] = True
    lost = world.lognormal(5, 1, 20)
    found = portfolio(made, Cells(touched, lost, lost**2, 1.0), [1] * MOST, 30, float(lost.sum()), world)
    assert found.proved and found.effort <= 30 and found.examined < 6_000
    assert [avoided for _, avoided in found.by_budget] == sorted(avoided for _, avoided in found.by_budget)
