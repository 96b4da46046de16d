"""The fortnight's columns: every day is named at any hour, however little of it is left."""

from datetime import UTC, datetime, timedelta

import pytest

from quarterdeck.oncall.pages.strip import strip
from quarterdeck.oncall.rules import Schedule

FORTNIGHT = timedelta(days=14)


@pytest.mark.parametrize("hour", range(24))
def test_every_day_has_a_name_and_shows_what_there_is_room_for(hour: int) -> None:
    start = datetime(2026, 11, 28, hour, tzinfo=UTC)
    days = strip(Schedule(id="primary", title="Primary", zone="UTC", layers=()), start, start + FORTNIGHT, {}).days
    assert sum(day.hours for day in days) == 14 * 24
    assert all(day.name for day in days)
    assert days[0].name == "Sat 28"
    assert days[0].shown == ("Sat 28" if hour < 16 else "28" if hour < 21 else "")
