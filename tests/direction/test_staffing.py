"""How many responders at which hour: own arrivals run past so many people, hour by hour."""

from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quarterdeck.direction.rules.staffing import (
    WEEK,
    Work,
    best_move,
    curve,
    eight_hours,
    in_time,
    profile_of,
    share_by_block,
    staff,
    waits,
)


def test_whoever_comes_second_waits_for_the_only_responder() -> None:
    work = [Work(0, 30), Work(10, 30), Work(15, 5), Work(200, 5)]
    assert waits(work, [1] * WEEK) == [0, 20, 45, 0]
    assert waits(work, [2] * WEEK) == [0, 0, 15, 0]
    assert waits(work, [3] * WEEK) == [0, 0, 0, 0]


def test_an_hour_without_anybody_waits_for_the_next_with_somebody() -> None:
    profile = [0, 0, 1, *[0] * 165]
    assert waits([Work(30, 10), Work(40, 200), Work(170, 5)], profile) == [90, 90, (WEEK + 2) * 60 - 170]
    assert waits([Work(30, 10)], [0] * WEEK) == [inf]


@settings(max_examples=60, deadline=None)
@given(
    gaps=st.lists(st.floats(0, 200), min_size=1, max_size=40),
    lengths=st.lists(st.floats(1, 300), min_size=40, max_size=40),
)
def test_more_people_never_make_anybody_wait_longer(gaps: list[float], lengths: list[float]) -> None:
    came, work = 0.0, []
    for gap, lasted in zip(gaps, lengths, strict=False):
        came += gap
        work.append(Work(came, lasted))
    fewer, more = waits(work, [1] * WEEK), waits(work, [2] * WEEK)
    assert all(one >= other - 1e-6 for one, other in zip(fewer, more, strict=True))
    assert all(wait == 0 for wait in waits(work, [len(work)] * WEEK))


def test_the_chance_to_be_in_time_is_read_from_own_reactions() -> None:
    assert in_time(0, [1, 2, 3, 10], target=5) == 0.75
    assert in_time(4, [1, 2, 3, 10], target=5) == 0.25
    assert in_time(6, [1, 2, 3, 10], target=5) == 0
    assert in_time(6, [], target=5) == 0


BURST = [Work(24 * 60 * day + 60 * 10 + minute, 45) for day in range(0, 280, 7) for minute in (0, 1, 2)]
"""Every Monday at 10:00 three at once; by Erlang's reckoning one responder is busy 1 % of the time."""


def test_arrivals_that_come_together_need_more_people_than_their_number_suggests() -> None:
    blocks = eight_hours()
    found = curve(BURST, [2.0], 5, blocks, most=3)
    assert [round(point.share, 2) for point in found["days, working days"]] == [0.33, 0.67, 1.0]
    assert {point.n for point in found["nights, weekends"]} == {0}
    staffed = staff(BURST, [2.0], 5, 0.9, blocks, most=3)
    assert staffed.least["days, working days"] == 3
    assert staffed.least["nights, weekends"] is None, "nothing came by which it could be told"
    assert staffed.overall == 1.0


def test_what_cannot_be_reached_is_not_promised() -> None:
    assert staff(BURST, [2.0], 5, 0.9, eight_hours(), most=2).least["days, working days"] is None
    assert staff(BURST, [9.0], 5, 0.9, eight_hours(), most=3).least["days, working days"] is None


def test_one_person_is_moved_to_where_most_is_gained() -> None:
    blocks = eight_hours()
    present = dict.fromkeys(blocks, 2)
    move = best_move(BURST, [2.0], 5, blocks, present)
    assert move is not None
    assert (move.to, round(move.before, 2), move.after) == ("days, working days", 0.67, 1.0)
    assert len(blocks[move.origin]) == len(blocks[move.to]), "an hour is moved to an hour"
    assert best_move(BURST, [2.0], 5, blocks, dict.fromkeys(blocks, 3)) is None


def test_blocks_cover_the_week_once() -> None:
    blocks = eight_hours()
    assert sorted(hour for hours in blocks.values() for hour in hours) == list(range(WEEK))
    assert profile_of(blocks, dict.fromkeys(blocks, 2)) == [2] * WEEK
    assert share_by_block([], [], 5, blocks, [1] * WEEK)["days, weekends"].n == 0
    with pytest.raises(KeyError):
        profile_of(blocks, {"days, weekends": 1})
