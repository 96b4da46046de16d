"""What if and staffing through their doors: a history that came about by itself, on both stores."""

from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import update
from typer.testing import CliRunner

from quarterdeck.command import actions as command
from quarterdeck.command.projections import incident
from quarterdeck.direction import views
from quarterdeck.direction.cli import simulating as cli
from quarterdeck.direction.rules.simulation.predicting import staffing
from quarterdeck.direction.views.simulating import WallClock
from quarterdeck.kernel.errors import Invalid, Refused
from quarterdeck.kernel.time import micros
from quarterdeck.plan import actions as plan
from quarterdeck.record import Tx
from quarterdeck.record.local import LOCAL, Desk
from tests.cast import ALICE
from tests.conftest import MONDAY, House
from tests.people import settle
from tests.plan.texts import example_files

WEEK = 7 * 24 * 3600 * 1_000_000


@pytest.fixture
def past(house: House) -> House:
    """60 incidents over 40 weeks, each answered and ended; the instants are set in the read table alone."""
    settle(house.record)
    house.perform(partial(_publish, example_files()))
    house.perform(_declare_many, ALICE)
    with house.record.store.writing() as conn:
        for number in range(1, 61):
            at = micros(MONDAY) + (number % 40) * WEEK + number * 141 * 60_000_000
            values = {
                "declared_at": at,
                "acknowledged_at": at + (number % 9) * 60_000_000,
                "resolved_at": at + 3_600_000_000,
            }
            conn.execute(update(incident).where(incident.c.number == number).values(values))
    return house


def _publish(files: dict[str, str], tx: Tx) -> None:
    plan.adopt(tx, files=files, reason="First")


def _declare_many(tx: Tx) -> None:
    for number in range(60):
        command.declare(tx, title=f"Incident {number}")


def test_the_history_is_read_on_the_organisations_clock(past: House) -> None:
    basis = past.ask(views.basis)
    assert len(basis.seen) == 60
    assert not basis.from_pages, "nobody was paged: the incidents' own times stand for answers"
    assert basis.monday.weekday() == 0
    assert {one.team for one in basis.seen} == {views.NO_TEAM}
    assert all(one.work is not None and 50 < one.work <= 60 for one in basis.seen)


@given(
    st.sampled_from(["UTC", "Europe/Vienna", "Australia/Lord_Howe", "Pacific/Apia"]),
    st.datetimes(datetime(2011, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),
    st.lists(st.integers(0, 3 * 366 * 24 * 60), min_size=1, max_size=20),
)
@example("Europe/Vienna", datetime(2026, 3, 28, tzinfo=UTC), list(range(0, 2 * 24 * 60, 30)))
@example("Australia/Lord_Howe", datetime(2026, 4, 4, tzinfo=UTC), list(range(0, 2 * 24 * 60, 15)))
def test_a_minute_of_the_wall_clock_is_right_on_days_when_the_clock_changes(
    zone: str, first: datetime, later: list[int]
) -> None:
    clock = WallClock(ZoneInfo(zone))
    clock.begin(first)
    for minutes in later:
        at = first + timedelta(minutes=minutes)
        wall = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) - clock.monday.replace(tzinfo=None)
        assert clock.minute(micros(at)) == wall / timedelta(minutes=1)


def test_the_question_is_asked_on_the_page_by_the_api_and_on_the_command_line(past: House, tmp_path: Path) -> None:
    client = past.client(ALICE)
    form = client.get("/what-if")
    assert "Run it" in form.text
    found = client.get("/what-if?run=1&arrivals=2")
    assert found.status_code == 200
    assert "would change by more than the luck of a year" in found.text
    bad = client.get("/what-if?run=1&staff=<script>")
    assert "write team=2" in bad.text
    assert "<script>" not in bad.text
    told = client.post("/api/predictions", json={"replications": 5, "arrivals": 1.5})
    assert told.status_code == 200, told.text
    assert told.json()["incidents"] == 60
    assert told.json()["back_test"]["weeks"] == 8
    desk = Desk(past.record, LOCAL, None)
    run = CliRunner().invoke(
        cli.commands, ["--replications", "3", "--home", str(tmp_path)], obj=lambda home: desk, standalone_mode=False
    )
    assert run.exit_code == 0, run.output
    assert "unchanged" in run.output
    assert "taught without the last 8 weeks" in run.output


def test_staffing_says_the_fewest_for_each_stretch_of_the_week(past: House) -> None:
    client = past.client(ALICE)
    page = client.get("/staffing?within=10&goal=90")
    assert "The fewest that reach it" in page.text
    found = client.get("/api/staffing?within=10&goal=0.9").json()
    assert found["n"] == 60
    assert {block["name"] for block in found["blocks"]} >= {"days, working days", "nights, weekends"}
    assert client.get("/api/staffing?team=nowhere").status_code == 400


def test_without_a_history_it_is_said_what_is_missing(house: House, tmp_path: Path) -> None:
    settle(house.record)
    client = house.client(ALICE)
    assert "No plan is in force" in client.get("/what-if").text
    house.perform(partial(_publish, example_files()))
    assert "0 incidents are on record" in client.get("/what-if?run=1").text
    refused = client.post("/api/predictions", json={})
    assert refused.status_code == 409
    assert "0 incidents are on record" in refused.text
    assert "No incident has ended yet" in client.get("/staffing").text
    desk = Desk(house.record, LOCAL, None)
    run: Any = CliRunner().invoke(cli.commands, ["--home", str(tmp_path)], obj=lambda home: desk)
    assert isinstance(run.exception, Refused)


def test_a_staffing_that_cannot_be_read_is_told_line_by_line() -> None:
    assert staffing(["payments=3/1", "", " shop = 2 "]) == {"payments": (3, 1), "shop": (2, 2)}
    with pytest.raises(Invalid) as told:
        staffing(["payments", "shop=two"])
    assert len(told.value.errors) == 2
