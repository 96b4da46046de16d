"""A roster breaks no rule, comes within the bound that nothing can beat, and says why it cannot be where it cannot."""

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quarterdeck.direction.rules.rostering import NOBODY, Member, Needs, Rotation, bound, broken, cost, loads, search
from quarterdeck.direction.rules.rostering import shortages as why
from quarterdeck.direction.rules.rostering.model import Roster

DATABASE = Rotation("database", frozenset({"sql"}), places=2, seniors=1)


def team(count: int, **same: Any) -> tuple[Member, ...]:
    made = [Member(f"p{i}", skills=frozenset({"sql"}), senior=i % 2 == 0) for i in range(count)]
    return tuple(Member(**{**vars(one), **same}) for one in made)


def test_everybody_serves_their_share_and_rests_between() -> None:
    needs = Needs(team(8), (DATABASE,), weeks=12, rest=2)
    roster = search(needs, steps=20_000, seed=1)
    assert broken(needs, roster) == []
    assert cost(needs, roster).total == pytest.approx(bound(needs)) == 0
    assert loads(needs, roster) == [3.0] * 8


def test_the_same_seed_gives_the_same_roster_and_progress_reaches_the_end() -> None:
    needs = Needs(team(9), (DATABASE,), weeks=20)
    told: list[float] = []
    one = search(needs, steps=5_000, seed=3, told=lambda step: told.append(step.share))
    assert np.array_equal(one, search(needs, steps=5_000, seed=3))
    assert told[-1] == 1.0


def test_leave_wishes_half_time_and_holidays_are_kept() -> None:
    people = (
        *team(6),
        Member("half", frozenset({"sql"}), share=0.5),
        Member("gone", frozenset({"sql"}), away=frozenset(range(12))),
        Member("wish", frozenset({"sql"}), spare=frozenset({0, 1, 2, 11})),
        Member("rests", frozenset({"sql"}), rested_from=6),
        Member("agreed", frozenset({"sql"}), most=1),
        Member("network only", frozenset({"routing"})),
    )
    needs = Needs(people, (DATABASE,), weeks=12, rest=1, heavy={11: 2.0})
    roster = search(needs, steps=60_000, seed=1)
    assert broken(needs, roster) == []
    assert cost(needs, roster).unwelcome == 0
    carried = dict(zip((one.id for one in people), loads(needs, roster), strict=True))
    assert carried["gone"] == carried["network only"] == 0
    assert carried["half"] < min(carried["p0"], carried["p1"], carried["wish"])
    assert carried["agreed"] <= 2.0
    assert all(member != 9 for member in roster[:6].ravel())


def test_the_bound_is_what_trying_every_roster_finds_or_less() -> None:
    people = (
        Member("a", senior=True, spare=frozenset({0})),
        Member("b"),
        Member("c", senior=True, away=frozenset({1})),
    )
    needs = Needs(people, (Rotation("r", places=1, seniors=1, load=1.5),), weeks=3, rest=1)
    every = (np.array(who, dtype=np.int16).reshape(3, 1, 1) for who in product((NOBODY, 0, 1, 2), repeat=3))
    best = min(cost(needs, roster).total for roster in every if not broken(needs, roster))
    found = cost(needs, search(needs, steps=20_000, seed=5)).total
    assert bound(needs) <= best + 1e-6
    assert found == pytest.approx(best)


members = st.builds(
    Member,
    id=st.text("abc", min_size=1, max_size=3),
    skills=st.frozensets(st.sampled_from(["x", "y"])),
    senior=st.booleans(),
    away=st.frozensets(st.integers(0, 9)),
    spare=st.frozensets(st.integers(0, 9)),
    share=st.sampled_from([0.0, 0.5, 1.0]),
    most=st.none() | st.integers(0, 4),
    rested_from=st.integers(0, 3),
)
rotations = st.builds(
    Rotation,
    id=st.sampled_from(["r", "s"]),
    skills=st.frozensets(st.sampled_from(["x", "y"])),
    places=st.integers(1, 3),
    seniors=st.integers(0, 3),
    load=st.sampled_from([0.5, 1.0, 2.0]),
)


@settings(max_examples=60, deadline=None)
@given(
    people=st.lists(members, max_size=6).map(tuple),
    wanted=st.lists(rotations, min_size=1, max_size=2).map(tuple),
    rest=st.integers(0, 3),
)
def test_no_roster_breaks_a_rule_or_beats_the_bound(
    people: tuple[Member, ...], wanted: tuple[Rotation, ...], rest: int
) -> None:
    needs = Needs(people, wanted, weeks=10, rest=rest, heavy={9: 3.0})
    roster: Roster = search(needs, steps=2_000, seed=1)
    found = cost(needs, roster)
    assert broken(needs, roster) == []
    assert bound(needs) <= found.total + 1e-4
    if why(needs):
        assert found.unfilled or found.without_seniors, "a shortage is a proof"


@pytest.mark.parametrize(
    ("needs", "words"),
    [
        (Needs(team(1), (DATABASE,), 4, 0), "takes 2 people a week with sql, and only p0 has that"),
        (Needs(team(4, senior=False), (DATABASE,), 4, 0), "nobody senior has its skills"),
        (Needs(team(2, away=frozenset({2})), (DATABASE,), 4, 0), "p0 and p1 are away or resting"),
        (Needs(team(5), (DATABASE,), 8, 2), "needs 6 turns in any 3 weeks; with 2 weeks of rest each of the 5 people"),
        (Needs(team(8, most=1), (DATABASE,), 8, 2), "takes 16 turns, and at most 8 were agreed"),
    ],
)
def test_what_cannot_be_filled_is_explained_in_words(needs: Needs, words: str) -> None:
    found = why(needs)
    assert any(words in one.why for one in found), found
    assert cost(needs, search(needs, steps=5_000, seed=1)).total >= 1000


def test_a_shortage_names_its_weeks() -> None:
    needs = Needs(team(2, away=frozenset({2, 3, 7})), (DATABASE,), 9, 0)
    spans = {(one.first, one.last, one.short) for one in why(needs)}
    assert {(2, 3, 2), (7, 7, 2)} <= spans
