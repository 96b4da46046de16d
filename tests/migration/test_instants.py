"""Instants as other systems write them."""

from datetime import UTC, datetime

import pytest

from quarterdeck.kernel.errors import Invalid
from quarterdeck.migration.rules.instants import Dates, guessed, reader


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]  # year, month, day, hour, minute, second


@pytest.mark.parametrize(
    ("form", "text", "meant"),
    [
        ("D/M/Y", "29/2/2016 01:16", at(2016, 2, 29, 1, 16)),
        ("D/M/Y", "3/4/16 9:05 PM", at(2016, 4, 3, 21, 5)),
        ("D/M/Y", "03.04.2016", at(2016, 4, 3)),
        ("D/M/Y", "2016-04-03 10:00:30.25", datetime(2016, 4, 3, 10, 0, 30, 250_000, tzinfo=UTC)),
        ("D/M/Y", "3-Apr-2016 10:00", at(2016, 4, 3, 10)),
        ("M/D/Y", "4/3/2016 12:00 AM", at(2016, 4, 3)),
        ("M/D/Y", "12/31/99 12:30 pm", at(1999, 12, 31, 12, 30)),
        ("D/M/Y", "42429.0527778", at(2016, 2, 29, 1, 16)),
        ("Y-M-D", "2021-06-08T09:58:00-00:00", at(2021, 6, 8, 9, 58)),
        ("Y-M-D", "2021-06-08T09:58:00+0200", at(2021, 6, 8, 7, 58)),
        ("Y-M-D", "2021-06-08T09:58:00Z", at(2021, 6, 8, 9, 58)),
        ("epoch", "1456708560", at(2016, 2, 29, 1, 16)),
        ("epoch-ms", "1456708560000", at(2016, 2, 29, 1, 16)),
    ],
)
def test_an_instant_is_read_as_it_was_meant(form: Dates, text: str, meant: datetime) -> None:
    assert reader(form)(text) == meant


def test_local_times_belong_to_the_zone_and_the_hour_that_comes_twice_is_the_first() -> None:
    read = reader("D/M/Y", "Europe/Lisbon")
    assert read("1/7/2016 12:00") == at(2016, 7, 1, 11)
    assert read("1/1/2016 12:00") == at(2016, 1, 1, 12)
    assert read("30/10/2016 01:30") == at(2016, 10, 30, 0, 30)


@pytest.mark.parametrize(
    "text", ["31/2/2016", "31/12/9999 10:00", "1/1/1969", "soon", "", "13/13/2016", "1/1/2016 25:00"]
)
def test_what_is_no_instant_is_said_with_the_text(text: str) -> None:
    with pytest.raises(ValueError, match=r".") as refusal:
        reader("D/M/Y")(text)
    assert text in str(refusal.value)


def test_the_values_tell_whether_the_day_comes_first_or_that_nobody_can_know() -> None:
    assert guessed(["3/4/2016", "29/2/2016"]) == "D/M/Y"
    assert guessed(["3/4/2016", "2/29/2016"]) == "M/D/Y"
    assert guessed(["2016-03-04", ""]) == "Y-M-D"
    for values in (["3/4/2016"], ["29/2/2016", "2/29/2016"]):
        with pytest.raises(Invalid, match=r"day|month"):
            guessed(values)
    with pytest.raises(Invalid, match="zone"):
        reader("D/M/Y", "Mars/Olympus")
