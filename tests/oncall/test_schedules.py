"""Shifts, gaps and cover: what a person would expect to see on a calendar."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from whenever import available_timezones

from quarterdeck.kernel.errors import NotFound, Refused
from quarterdeck.oncall import rules
from quarterdeck.oncall.events import CoverArranged, CoverCancelled, Layer, Restriction, ScheduleRevised
from quarterdeck.oncall.rules import Cover, Schedule, Shift, shifts, who_is_on_call
from quarterdeck.oncall.rules.schedule import evolve
from tests.oncall.making import at, hours, layer, schedule

HOUR = timedelta(hours=1)


def spans(found: list[Shift]) -> list[tuple[str, str, str]]:
    return [(f"{one.start:%m-%d %H:%M}", f"{one.end:%m-%d %H:%M}", one.person) for one in found]


def test_people_take_turns_week_by_week() -> None:
    found = shifts(schedule(), at("2026-03-02 09:00"), at("2026-03-23 09:00"))
    assert spans(found) == [
        ("03-02 09:00", "03-09 09:00", "bob"),
        ("03-09 09:00", "03-16 09:00", "alice"),
        ("03-16 09:00", "03-23 09:00", "bob"),
    ]


def test_a_weekly_layer_that_starts_in_mid_week_has_a_short_first_turn() -> None:
    found = shifts(schedule(layer(starts=date(2026, 3, 4))), at("2026-03-01 00:00"), at("2026-03-12 00:00"))
    assert spans(found) == [("03-04 09:00", "03-09 09:00", "bob"), ("03-09 09:00", "03-12 00:00", "alice")]


def test_a_layer_ends_at_the_handover_of_its_last_day() -> None:
    planned = schedule(layer(ends=date(2026, 3, 4)))
    assert who_is_on_call(planned, at("2026-03-04 08:59")) == "bob"
    assert who_is_on_call(planned, at("2026-03-04 09:00")) is None


def test_turns_can_last_several_weeks() -> None:
    found = shifts(schedule(layer(every=2)), at("2026-01-05 09:00"), at("2026-02-02 09:00"))
    assert spans(found) == [("01-05 09:00", "01-19 09:00", "bob"), ("01-19 09:00", "02-02 09:00", "alice")]


def test_a_later_layer_is_on_top_where_its_hours_apply() -> None:
    office = layer("carol", name="Office", rotation="daily", weekday=None, only=(hours("09:00", "17:00"),))
    found = shifts(schedule(layer("bob"), office), at("2026-03-06 00:00"), at("2026-03-09 12:00"))
    assert spans(found) == [
        ("03-06 00:00", "03-06 09:00", "bob"),
        ("03-06 09:00", "03-06 17:00", "carol"),
        ("03-06 17:00", "03-09 09:00", "bob"),
        ("03-09 09:00", "03-09 12:00", "carol"),
    ]


def test_hours_that_pass_midnight_belong_to_the_day_on_which_they_start() -> None:
    nights = layer("bob", rotation="daily", weekday=None, only=(hours("22:00", "06:00", days=(4,)),))
    found = shifts(schedule(nights), at("2026-03-02 00:00"), at("2026-03-09 00:00"))
    assert spans(found) == [("03-06 22:00", "03-07 06:00", "bob")]


def test_a_gap_is_what_nobody_covers_and_only_where_somebody_ought_to() -> None:
    office = layer("carol", rotation="daily", weekday=None, only=(hours("09:00", "17:00"),))
    window = (at("2026-03-06 12:00"), at("2026-03-09 10:00"))
    assert rules.gaps(schedule(office), *window) == [(at("2026-03-06 17:00"), at("2026-03-09 09:00"))]
    assert rules.gaps(schedule(office, round_the_clock=False), *window) == []


def test_an_empty_layer_list_is_one_gap() -> None:
    window = (at("2026-03-06 12:00"), at("2026-03-09 10:00"))
    assert rules.gaps(Schedule("s", "S", "UTC", ()), *window) == [window]


@pytest.mark.parametrize(
    ("zone", "window", "real_hours"),
    [
        ("Europe/Berlin", ("2026-03-28 21:00", "2026-03-29 07:00"), 10),
        ("Europe/Berlin", ("2026-10-24 20:00", "2026-10-25 08:00"), 12),
        ("Australia/Lord_Howe", ("2026-04-04 11:00", "2026-04-04 22:30"), 11.5),
    ],
)
def test_a_night_shift_is_as_long_as_the_night_really_is(zone: str, window: tuple[str, str], real_hours: float) -> None:
    nights = layer("bob", rotation="daily", weekday=None, only=(hours("22:00", "09:00", days=(5,)),))
    day = rules.local(zone, at(window[0])).date()
    planned = schedule(nights, zone=zone)
    found = shifts(planned, at(f"{day} 00:00") - 24 * HOUR, at(f"{day} 00:00") + 48 * HOUR)
    assert [one.hours for one in found] == [real_hours]
    assert (found[0].start, found[0].end) == (at(window[0]), at(window[1]))


def test_a_handover_in_the_hour_that_the_clocks_skip_takes_place_as_they_jump() -> None:
    planned = schedule(layer(rotation="daily", weekday=None, minute=150), zone="Europe/Berlin")
    jump = at("2026-03-29 01:00")
    before, after = shifts(planned, jump - 2 * HOUR, jump + 2 * HOUR)
    assert before.end == after.start == jump


def test_a_day_that_never_was_makes_neither_gap_nor_overlap() -> None:
    """Samoa went from 29 to 31 December 2011."""
    planned = schedule(layer(rotation="daily", weekday=None, starts=date(2011, 12, 1)), zone="Pacific/Apia")
    found = shifts(planned, at("2011-12-28 00:00"), at("2012-01-03 00:00"))
    assert all(one.end == other.start for one, other in pairwise(found))
    assert sum((one.end - one.start for one in found), timedelta()) == timedelta(days=6)


# -- every zone, twenty years ------------------------------------------------------------------

ZONES = sorted(
    zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "posix", "right"))
)
HARD = ["Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca", "America/St_Johns", "Asia/Gaza", "Africa/El_Aaiun"]
PEOPLE = st.lists(st.sampled_from(["alice", "bob", "carol", "dana"]), min_size=1, max_size=5)
MINUTES = st.integers(0, 1439)


@st.composite
def layers(draw: st.DrawFn) -> Layer:
    weekly = draw(st.booleans())
    restricted = draw(st.lists(MINUTES.flatmap(_span), max_size=2))
    starts = draw(st.dates(date(2019, 1, 1), date(2030, 1, 1)))
    return Layer(
        name="L",
        rotation="weekly" if weekly else "daily",
        every=draw(st.integers(1, 3)),
        weekday=draw(st.integers(0, 6)) if weekly else None,
        minute=draw(MINUTES),
        starts=starts,
        ends=draw(st.none() | st.integers(1, 4000).map(lambda days: starts + timedelta(days=days))),
        participants=tuple(draw(PEOPLE)),
        only=tuple(restricted),
    )


def _span(start: int) -> st.SearchStrategy[Restriction]:
    days = st.sets(st.integers(0, 6), min_size=1).map(lambda found: tuple(sorted(found)))
    return st.builds(Restriction, days=days, start=st.just(start), end=st.integers(start + 1, start + 1440))


@settings(max_examples=120, deadline=None)
@given(
    zone=st.sampled_from(HARD) | st.sampled_from(ZONES),
    planned=st.lists(layers(), min_size=1, max_size=3),
    begins=st.datetimes(at("2020-01-01 00:00").replace(tzinfo=None), at("2039-12-01 00:00").replace(tzinfo=None)),
    days=st.integers(1, 200),
    asked=st.floats(0, 1, exclude_max=True),
)
def test_shifts_never_overlap_add_up_with_the_gaps_and_are_what_is_paged(
    zone: str, planned: list[Layer], begins: object, days: int, asked: float
) -> None:
    start = at(str(begins))
    end = start + timedelta(days=days)
    plan = Schedule("s", "S", zone, tuple(planned))
    found, free = shifts(plan, start, end), rules.uncovered(plan, start, end)
    everything = sorted([(one.start, one.end) for one in found] + free)
    assert everything[0][0] == start
    assert everything[-1][1] == end
    assert all(one[1] == other[0] for one, other in pairwise(everything))
    assert sum((b - a for a, b in everything), timedelta()) == end - start
    # what the preview shows is what the engine pages, at the edges too
    instants = [
        min(start + (end - start) * asked, end - timedelta(microseconds=1)),
        *(one.start for one in found),
        *(a for a, _ in free),
    ]
    for instant in instants[:40]:
        shown = next((one.person for one in found if one.start <= instant < one.end), None)
        assert who_is_on_call(plan, instant) == shown


@pytest.mark.parametrize("zone", [*HARD, "Europe/Berlin", "America/New_York", "Pacific/Auckland", "UTC"])
@pytest.mark.parametrize("minute", [0, 120, 150, 540])
def test_twenty_years_of_daily_turns_have_no_gap_and_no_overlap(zone: str, minute: int) -> None:
    plan = schedule(
        layer("a", "b", "c", rotation="daily", weekday=None, minute=minute, starts=date(2019, 1, 1)), zone=zone
    )
    start, end = at("2020-01-01 00:00"), at("2040-01-01 00:00")
    found = shifts(plan, start, end)
    assert found[0].start == start
    assert found[-1].end == end
    assert all(one.end == other.start and one.person != other.person for one, other in pairwise(found))


@pytest.mark.slow
def _keeps_shifts_whole(zone: str, first: int, last: int) -> None:
    start, end = at(f"{first}-01-01 00:00"), at(f"{last}-01-01 00:00")
    daily = layer("a", "b", "c", rotation="daily", weekday=None, minute=150, starts=date(2019, 1, 1))
    plan = schedule(daily, zone=zone)
    found = shifts(plan, start, end)
    assert all(one.end == other.start for one, other in pairwise(found)), zone
    assert sum((one.end - one.start for one in found), timedelta()) == end - start, zone
    assert all(who_is_on_call(plan, one.start) == one.person for one in found[::97]), zone


def test_the_hardest_zones_keep_their_shifts_whole_for_twenty_years() -> None:
    for zone in HARD:
        _keeps_shifts_whole(zone, 2020, 2040)


def test_every_zone_there_is_keeps_its_shifts_whole_for_a_year() -> None:
    for zone in sorted(available_timezones()):
        _keeps_shifts_whole(zone, 2026, 2027)


@pytest.mark.long
def test_every_zone_there_is_keeps_its_shifts_whole_for_twenty_years() -> None:
    for zone in sorted(available_timezones()):
        _keeps_shifts_whole(zone, 2020, 2040)


@settings(max_examples=60, deadline=None)
@given(
    zone=st.sampled_from(HARD) | st.sampled_from(ZONES),
    day=st.dates(date(2020, 1, 1), date(2040, 1, 1)),
    minute=MINUTES,
)
@example(zone="Europe/Berlin", day=date(2026, 3, 29), minute=150)
def test_the_instant_of_a_local_time_never_runs_backwards(zone: str, day: date, minute: int) -> None:
    assert rules.instant_of(zone, day, minute) <= rules.instant_of(zone, day, minute + 1)


# -- cover -------------------------------------------------------------------------------------

START, END = at("2026-03-03 18:00"), at("2026-03-04 06:00")


def arranged(id: str, person: str, start: str, end: str) -> CoverArranged:
    return CoverArranged(at=at("2026-03-02 09:00"), cover=id, person=person, start=at(start), end=at(end), by="alice")


def test_cover_is_on_top_and_the_cover_arranged_last_wins() -> None:
    planned = schedule(
        covers=(
            Cover("c1", "carol", START, END),
            Cover("c2", "dana", at("2026-03-03 20:00"), at("2026-03-03 21:00")),
        )
    )
    found = shifts(planned, at("2026-03-03 12:00"), at("2026-03-04 12:00"))
    assert [one.person for one in found] == ["bob", "carol", "dana", "carol", "bob"]
    assert [one.cover for one in found] == [None, "c1", "c2", "c1", None]


def test_cover_outlives_a_revision_of_the_schedule() -> None:
    revised = ScheduleRevised(
        at=START, schedule="primary", title="P", zone="UTC", layers=(layer("dana"),), document={}, by="alice"
    )
    state = evolve(evolve(schedule(), arranged("c1", "carol", "2026-03-03 18:00", "2026-03-04 06:00")), revised)
    assert who_is_on_call(state, at("2026-03-03 19:00")) == "carol"
    assert who_is_on_call(state, at("2026-03-04 07:00")) == "dana"


def test_cancelling_cover_leaves_what_has_passed() -> None:
    state = evolve(schedule(), arranged("c1", "carol", "2026-03-03 18:00", "2026-03-04 06:00"))
    state = evolve(state, CoverCancelled(at=at("2026-03-03 20:00"), cover="c1", by="alice"))
    assert who_is_on_call(state, at("2026-03-03 19:59")) == "carol"
    assert who_is_on_call(state, at("2026-03-03 20:00")) == "bob"


def test_cancelling_cover_before_it_begins_leaves_nothing() -> None:
    state = evolve(schedule(), arranged("c1", "carol", "2026-03-03 18:00", "2026-03-04 06:00"))
    assert evolve(state, CoverCancelled(at=at("2026-03-02 20:00"), cover="c1", by="alice")).covers == ()


def test_cover_cannot_rewrite_the_past() -> None:
    now = at("2026-03-03 20:00")
    event = rules.arrange_cover(
        schedule(), cover="c", person="carol", start=START, end=END, reason="", by="alice", now=now
    )[0]
    assert isinstance(event, CoverArranged)
    assert (event.start, event.end) == (now, END)


@pytest.mark.parametrize(("end", "reason"), [("2026-03-03 19:00", "CoverIsOver"), ("2028-03-03 19:00", "CoverTooLong")])
def test_cover_that_makes_no_sense_is_refused(end: str, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        rules.arrange_cover(
            schedule(), cover="c", person="carol", start=START, end=at(end), reason="", by="alice",
            now=at("2026-03-03 20:00"),
        )  # fmt: skip
    assert refused.value.reason == reason


def test_the_same_cover_twice_is_refused() -> None:
    state = evolve(schedule(), arranged("c1", "carol", "2026-03-03 18:00", "2026-03-04 06:00"))
    with pytest.raises(Refused, match="arranged already"):
        rules.arrange_cover(
            state, cover="c2", person="carol", start=START, end=END, reason="", by="bob", now=at("2026-03-02 10:00")
        )


def test_cover_that_is_over_or_unknown_cannot_be_cancelled() -> None:
    state = evolve(schedule(), arranged("c1", "carol", "2026-03-03 18:00", "2026-03-04 06:00"))
    with pytest.raises(Refused, match="passed already"):
        rules.cancel_cover(state, cover="c1", by="bob", now=END)
    with pytest.raises(NotFound):
        rules.cancel_cover(state, cover="c9", by="bob", now=START)
