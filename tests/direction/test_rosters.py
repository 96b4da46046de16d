"""A roster from its task to the schedules that page, through every door, on both stores."""

from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from quarterdeck.direction import actions, views
from quarterdeck.direction.cli import rostering as cli
from quarterdeck.direction.rules.rostering.document import NeedsText, check, read
from quarterdeck.direction.rules.rostering.example import example
from quarterdeck.direction.rules.rostering.filling import Filled, fields_of, task_of
from quarterdeck.direction.rules.rostering.life import layers
from quarterdeck.direction.rules.rostering.making import Made, make
from quarterdeck.kernel.errors import Forbidden, Invalid, Refused
from quarterdeck.oncall import actions as oncall
from quarterdeck.oncall import views as schedules
from quarterdeck.record import Tx
from quarterdeck.record.local import LOCAL, Desk
from tests.cast import ALICE, BOB, CHARLIE
from tests.conftest import House
from tests.people import settle

TASK = """
title: Spring
zone: Europe/Berlin
starts: 2026-03-09
weeks: 6
handover: {day: mon, time: "09:00"}
rest: 1
rotations:
  - {id: db, title: Database, places: [primary, backup], seniors: 1}
people:
  - {login: alice, senior: true}
  - {login: bob, senior: true, leave: [2026-03-09/2026-03-13]}
  - {login: carol}
  - {login: dana, spare: [2026-03-30]}
"""


def build(house: House, text: str = TASK) -> int:
    task = read(text)
    made = make(task, steps=20_000, seed=1)
    return house.perform(lambda tx: actions.keep_roster(tx, task=task, made=made), ALICE)


def _accept(number: int, tx: Tx) -> None:
    actions.accept_roster(tx, number=number)


def _keep(task: NeedsText, made: Made, tx: Tx) -> None:
    actions.keep_roster(tx, task=task, made=made)


def test_an_accepted_roster_is_who_is_paged(house: House) -> None:
    settle(house.record)
    number = build(house)
    whole = house.ask(views.roster, number)
    assert whole.row.proved_best
    assert (whole.row.unfilled, whole.row.unwelcome) == (0, 0)
    assert [one.turns for one in whole.shares] == [3, 3, 3, 3]
    assert "bob" not in whole.weeks[0][1][0]

    assert house.perform(lambda tx: actions.accept_roster(tx, number=number), ALICE) == ("db-primary", "db-backup")
    for week, (day, ((primary, backup),)) in enumerate(whole.weeks):
        at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC) + timedelta(days=3)
        now = {row.schedule: row.person for row in house.ask(schedules.on_call_now, at)}
        assert now == {"db-primary": primary, "db-backup": backup}, week
    after = datetime(2026, 4, 22, 12, tzinfo=UTC)
    assert {row.person for row in house.ask(schedules.on_call_now, after)} == {None}
    with pytest.raises(Refused, match="accepted already"):
        house.perform(lambda tx: actions.accept_roster(tx, number=number), ALICE)


def test_what_a_schedule_said_goes_on_before_and_after_and_a_later_roster_replaces_an_earlier(house: House) -> None:
    settle(house.record)
    standing = {"name": "standing", "rotation": "weekly", "handover": {"day": "mon", "time": "08:00"}}
    layer = {**standing, "starts": "2026-01-05", "participants": ["bob"], "only": [{"days": ["mon", "tue", "wed"]}]}
    document = {"title": "Database, first", "zone": "Europe/Berlin", "layers": [layer]}
    house.perform(lambda tx: oncall.revise_schedule(tx, id="db-primary", document=document), ALICE)
    for _ in range(2):
        number = build(house)
        house.perform(partial(_accept, number), ALICE)
    found = next(
        row.schedule for row in house.ask(schedules.schedules, house.clock.now()) if row.schedule.id == "db-primary"
    )
    assert [one.name for one in found.layers] == ["standing", "Roster 2"]
    assert found.title == "Database, first"

    def primary(when: datetime) -> Any:
        return {row.schedule: row.person for row in house.ask(schedules.on_call_now, when)}["db-primary"]

    assert primary(datetime(2026, 3, 3, 12, tzinfo=UTC)) == "bob"
    assert primary(datetime(2026, 3, 5, 12, tzinfo=UTC)) is None, "its restriction is kept"
    assert primary(datetime(2026, 4, 21, 12, tzinfo=UTC)) == "bob"
    elsewhere = build(house, TASK.replace("Europe/Berlin", "UTC"))
    with pytest.raises(Refused, match="Build it for Europe/Berlin"):
        house.perform(lambda tx: actions.accept_roster(tx, number=elsewhere), ALICE)
    assert house.ask(views.roster, elsewhere).row.state == "built", "nothing of it was done"


def test_places_that_nobody_fills_are_accepted_only_on_purpose(house: House) -> None:
    settle(house.record)
    number = build(
        house, TASK.replace("  - {login: carol}\n", "").replace("  - {login: dana, spare: [2026-03-30]}\n", "")
    )
    whole = house.ask(views.roster, number)
    assert whole.row.unfilled
    assert any("needs 4 turns in any 2 weeks" in reason for reason in whole.row.why)
    with pytest.raises(Refused, match="filled by nobody"):
        house.perform(lambda tx: actions.accept_roster(tx, number=number), ALICE)
    house.perform(lambda tx: actions.accept_roster(tx, number=number, gaps=True), ALICE)
    at = [datetime(2026, 3, 11, 12, tzinfo=UTC) + timedelta(weeks=week) for week in range(6)]
    paged = [{row.schedule: row.person for row in house.ask(schedules.on_call_now, when)}["db-primary"] for when in at]
    assert paged == [groups[0][0] for _, groups in whole.weeks]


def test_a_roster_that_breaks_its_task_is_not_kept(house: House) -> None:
    settle(house.record)
    task = read(TASK)
    good = make(task, steps=2_000, seed=1)
    same = tuple((("alice", "bob"),) for _ in range(6))
    for weeks, words in ((same, "rest"), (good.weeks[:3], "weeks, rotations"), (((("eve", None),),) * 6, "eve")):
        bad = Made(weeks, good.cost, 0.0, 1, 1, ())
        with pytest.raises(Invalid) as told:
            house.perform(partial(_keep, task, bad), ALICE)
        assert any(words in fault for fault in told.value.errors)
    stranger = read(TASK.replace("carol", "nobody-here"))
    with pytest.raises(Invalid, match="not here"):
        house.perform(lambda tx: actions.keep_roster(tx, task=stranger, made=good), ALICE)
    with pytest.raises(Forbidden):
        house.perform(lambda tx: actions.keep_roster(tx, task=task, made=good), CHARLIE)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"starts": "2026-03-10"}, "`starts` is a tue, but the handover is on mon"),
        ({"weeks": 0}, "weeks: "),
        ({"people": []}, "people: "),
        ({"handover": {"time": "09:00"}}, "handover.day"),
        ({"people": [{"login": "a", "leave": ["2026-03-31/2026-03-01"]}]}, "people.0.leave.0: is no date or span"),
        ({"people": [{"login": "a"}, {"login": "a"}]}, "a stand there twice"),
        ({"heavy": {"2026-03-09": -1}}, "a factor is above 0"),
        ({"heavy": {"Christmas": 2.0}}, "no date"),
        ({"colour": "red"}, "colour: "),
    ],
)
def test_a_task_that_is_wrong_is_told_where(change: dict[str, Any], fault: str) -> None:
    from quarterdeck.oncall.rules.document import read_text

    with pytest.raises(Invalid) as told:
        check({**read_text(TASK), **change})
    assert any(fault in one for one in told.value.errors), told.value.errors


def test_the_example_can_be_built_as_it_is() -> None:
    task = read(example(["alice", "bob", "carol", "dana"], date(2026, 3, 4), "Europe/Berlin"))
    assert task.starts == date(2026, 3, 16)
    made = make(task, steps=5_000, seed=1)
    assert made.cost.unfilled == 0
    assert read(example(["alice"], date(2026, 3, 4))).rest == 0


def test_a_place_with_too_many_gaps_cannot_become_a_schedule() -> None:
    from quarterdeck.direction.rules.rostering.life import Built

    task = check({**read(TASK).model_dump(mode="json"), "weeks": 60})
    weeks = tuple(((("alice" if week % 2 else None), None),) for week in range(60))
    with pytest.raises(Refused, match="30 separate stretches"):
        layers(Built(1, "built", task, weeks, 90), 0, 0)


def test_the_api_and_the_pages_build_accept_and_give_up(house: House) -> None:
    settle(house.record)
    client = house.client(ALICE)
    page = client.get("/rosters/new/text")
    assert "login: bob" in page.text
    assert "Build one" in client.get("/rosters").text
    built = client.post("/rosters/text", data={"task": TASK, "search": "quick", "seed": "1"}, follow_redirects=True)
    assert "No roster for this task is fairer or keeps more wishes: proved." in built.text
    assert "title: Spring" in client.get("/rosters/new/text?like=1").text
    bad = client.post("/rosters/text", data={"task": "title: <script>", "search": "quick", "seed": "1"})
    assert bad.status_code == 400
    assert "<script>" not in bad.text
    given = client.post("/rosters/1/withdrawal", data={"reason": "Carol leaves <b>"}, follow_redirects=True)
    assert "Carol leaves &lt;b&gt;" in given.text
    body = {"task": check(read(TASK).model_dump(mode="json")).model_dump(mode="json"), "steps": 5000}
    made = client.post("/api/rosters", json=body)
    assert made.status_code == 201, made.text
    assert len(made.json()["assignments"]) == 6
    accepted = client.post("/api/rosters/2/acceptance", json={"gaps": False})
    assert accepted.json()["schedules"] == ["db-primary", "db-backup"]
    assert [one["state"] for one in client.get("/api/rosters").json()["items"]] == ["accepted", "given up"]
    assert client.get("/api/rosters/9").status_code == 404
    assert client.post("/api/rosters", json={"task": {}}).status_code == 400
    assert house.client(BOB).get("/rosters/2").status_code == 200
    assert house.client(CHARLIE).post("/api/rosters/2/withdrawal", json={"reason": "x"}).status_code == 403


def test_the_command_line_builds_and_accepts(house: House, tmp_path: Path) -> None:
    settle(house.record)
    run = CliRunner()
    desk = Desk(house.record, LOCAL, None)

    def call(*words: str) -> Any:
        return run.invoke(cli.commands, [*words, "--home", str(tmp_path)], obj=lambda home: desk)

    (tmp_path / "task.yaml").write_text(TASK)
    built = call("build", str(tmp_path / "task.yaml"), "--steps", "20000")
    assert built.exit_code == 0, built.output
    assert "proved to be the best" in built.output
    assert "login: bob" in call("example").output
    assert call("accept", "1").output == "Roster 1 pages as db-primary, db-backup.\n"
    assert '"state": "accepted"' in call("list", "--json").output
    assert isinstance(call("give-up", "1", "--reason", "x").exception, Refused)


def test_a_task_goes_through_the_form_and_comes_back_the_same() -> None:
    task = read(TASK.replace("rest: 1", "rest: 1\nheavy: {2026-03-17: 2}").replace("- {login: carol}", BUSY))
    filled = fields_of(task.model_dump(mode="json"), ["alice", "bob", "carol", "dana", "erin"])
    assert filled.head["heavy"] == "2026-03-17 2" and filled.people["carol"]["share"] == "50"
    assert not filled.people["erin"]["on"] and [one["title"] for one in filled.rotations] == ["Database", "", ""]
    assert task_of(posted(filled)) == task


BUSY = "- {login: carol, share: 0.5, most: 2, skills: [sql, linux], free_from: 2026-03-12}"


def posted(filled: Filled) -> dict[str, str]:
    """As a browser sends it: unticked boxes are left out."""
    rotations = {f"rotation.{n}.{key}": value for n, one in enumerate(filled.rotations) for key, value in one.items()}
    people = {f"person.{login}.{key}": value for login, one in filled.people.items() for key, value in one.items()}
    ticks = ("on", "senior")
    kept = {name: value for name, value in people.items() if value or name.rpartition(".")[2] not in ticks}
    return {**filled.head, **rotations, **kept}


def test_the_form_names_whose_field_is_wrong() -> None:
    form = posted(fields_of(read(TASK).model_dump(mode="json"), []))
    wrong = {"person.bob.leave": "next week", "person.dana.share": "half", "rotation.0.load": "much", "heavy": "Easter"}
    with pytest.raises(Invalid) as error:
        task_of({**form, **wrong})
    assert [fault.partition(":")[0] for fault in error.value.errors] == ["heavy", "Database, load", "dana, share"]
    with pytest.raises(Invalid, match="bob, leave: is no date or span of dates"):
        task_of({**form, "person.bob.leave": "next-week"})
    with pytest.raises(Invalid, match="no such field"):
        task_of({**form, "person.bob.salary": "1"})
    added = task_of({**form, "rotation.1.title": "Déjà vu"})
    assert [one.id for one in added.rotations] == ["db", "deja-vu"] and added.rotations[1].places == (
        "primary",
        "backup",
    )


def test_a_roster_is_built_by_the_form(house: House) -> None:
    settle(house.record)
    web = house.client(ALICE)
    shown = web.get("/rosters/new").text
    assert "On-call from" in shown and 'name="person.alice.on" value="yes" checked' in shown
    form = posted(fields_of(read(TASK).model_dump(mode="json"), []))
    built = web.post("/rosters", data={**form, "search": "quick", "seed": "1"}, follow_redirects=False)
    assert built.status_code == 303, built.text
    assert house.ask(views.roster, 1).task == read(TASK)
    like = web.get("/rosters/new?like=1").text
    assert 'value="2026-03-09/2026-03-13"' in like and 'value="Database"' in like
    assert "rotations:" in web.get("/rosters/new/text?like=1").text
