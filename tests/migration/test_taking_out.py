"""Incidents out: what XES holds comes back as it was, others can read it, spreadsheets do not calculate with it."""

import csv
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Tree

import pytest
from typer.testing import CliRunner

from quarterdeck.app.cli import app
from quarterdeck.command import actions as command
from quarterdeck.command import views as incidents
from quarterdeck.migration.rules.naming import Names
from quarterdeck.migration.rules.writing.kept import Kept
from quarterdeck.migration.rules.writing.ocel import ocel
from quarterdeck.migration.rules.writing.xes import xes
from quarterdeck.migration.views import Wanted, incidents_to_export
from quarterdeck.record import open_store
from tests.cast import ALICE, BOB
from tests.command.situations import furnish
from tests.conftest import House
from tests.migration.test_history import bring_in, counts
from tests.migration.tickets import HEADER, LOG, write


@pytest.fixture
def other(tmp_path: Path) -> Iterator[House]:
    store = open_store(f"sqlite:///{tmp_path / 'other.db'}")
    (tmp_path / "other").mkdir()
    yield House(store, tmp_path / "other")
    store.close()


def out(house: House, names: Names | None = None) -> Iterator[Kept]:
    return incidents_to_export(house.record, Wanted(), names or Names())


def test_what_is_exported_as_xes_comes_back_as_it_was(house: House, other: House, tmp_path: Path) -> None:
    furnish(house)
    bring_in(house, write(tmp_path / "log.csv", HEADER, *LOG))
    title = 'Mail "fails" <b>&\tand Störung \x07'
    number = house.perform(
        lambda tx: command.declare(tx, title=title, severity="SEV2", severity_reason="felt"), by=ALICE
    )
    house.perform(lambda tx: command.acknowledge(tx, number=number), by=BOB)
    house.perform(lambda tx: command.note(tx, number=number, text="line one\nline <two>"), by=ALICE)
    house.perform(lambda tx: command.resolve(tx, number=number, reason="restarted"), by=ALICE)
    first = "".join(xes(out(house)))
    path = tmp_path / "out.xes"
    path.write_text(first, encoding="utf-8")
    assert counts(bring_in(other, path, "xes")[1]) == (5, 0, 0, 0, 0)
    back = other.ask(incidents.incident, 5)
    assert (back.source, back.severity, back.state) == (f"quarterdeck:INC-{number}", "SEV2", "resolved")
    assert (back.commander, back.plan_revision, back.review) == ("source/Alice", None, "none")
    story = [entry.body for entry in other.ask(incidents.timeline, 5)]
    assert "line one\nline <two>" in story
    second = "".join(xes(out(other)))
    path.write_text(second, encoding="utf-8")
    assert counts(bring_in(other, path, "xes")[1]) == (0, 0, 5, 0, 0)
    foreign = [text.split("</trace>")[:4] for text in (first, second)]
    assert foreign[0] == foreign[1], "the histories, byte for byte"
    names = [event[0].get("value") for event in Tree.fromstring(second).iter() if event.tag.endswith("event")]
    assert "Stage entered: Awaiting User Info" in names, "what others call the activity tells one stage from another"
    trace = Tree.fromstring(second).findall("{http://www.xes-standard.org/}trace")[0]
    event = trace.findall("{http://www.xes-standard.org/}event")[0]
    read: dict[Any, Any] = {one.get("key"): one.get("value") for one in event}
    assert read["concept:name"] == "Incident declared"
    assert (read["time:timestamp"], read["org:resource"]) == ("2016-02-29T08:00:00.000000Z", "Caller 3")
    third = "".join(xes(out(other, Names(b"key"))))
    assert "Caller 3" not in third and "Resolver 1" not in third and "Alice" not in third


def test_a_hostile_log_in_our_own_words_acts_for_nobody_and_promises_nothing(house: House, tmp_path: Path) -> None:
    furnish(house)
    declared = {
        "at": "2025-01-13T10:00:00Z",
        "number": 1,
        "title": "Mine\x1b[2J" * 100,
        "severity": "SEV1",
        "computed_severity": "SEV1",
        "plan_revision": 1,
        "commander": "alice",
        "declared_by": "person/alice",
        "group": "g",
        "auto_resolve": True,
        "detected_at": "2025-01-13T10:00:00Z",
    }
    task = {"at": "2025-01-13T10:00:00Z", "task": "t", "title": "Do it", "due": "2025-01-13T11:00:00Z", "by": "bob"}

    def event(kind: str, data: Any) -> str:
        fact = json.dumps(data).replace("&", "&amp;").replace("'", "&apos;").replace("<", "&lt;")
        said = {"quarterdeck:type": kind, "quarterdeck:fact": fact}
        strings = "".join(f"<string key='{key}' value='{value}'/>" for key, value in said.items())
        return f"<event>{strings}</event>"

    good = event("command.IncidentDeclared", declared)
    traces = {
        "a": good
        + event("command.TaskAdded", task)
        + event("command.RoleAssigned", {**task, "role": "x", "person": "bob"}),
        "b": event("command.IncidentDeclared", {**declared, "severity": "SEV9"}),
        "c": event("command.TaskAdded", task),
        "d": good + event("command.IncidentClosed", {"at": "yesterday", "by": ""}),
        "e": good + event("command.IncidentResolved", {"at": "2025-01-13T10:00:00Z", "by": 7}),
    }
    text = "".join(
        f"<trace><string key='quarterdeck:source' value='x:{key}'/>{events}</trace>" for key, events in traces.items()
    )
    path = tmp_path / "log.xes"
    path.write_text(f"<log>{text}</log>", encoding="utf-8")
    assert counts(bring_in(house, path, "xes")[1]) == (1, 0, 0, 0, 4)
    row = house.ask(incidents.incident, 1)
    assert (row.commander, row.declared_by, row.plan_revision) == ("source/alice", "source/alice", None)
    assert "\x1b" not in row.title and len(row.title) <= 200
    assert house.ask(incidents.tasks, 1) == []
    assert {one.person for one in house.ask(incidents.roles, 1)} == {"source/alice", "source/bob"}
    house.run_until_idle()
    assert "Task added" not in str(house.ask(incidents.timeline, 1)[0])


def test_ocel_names_its_objects_and_comes_back_by_the_shipped_mapping(
    house: House, other: House, tmp_path: Path
) -> None:
    bring_in(house, write(tmp_path / "log.csv", HEADER, *LOG))
    text = "".join(ocel(lambda: out(house)))
    found = json.loads(text)
    ids = {one["id"] for one in found["objects"]}
    assert {one["type"] for one in found["objects"]} == {"Incident", "Person", "Team"}
    assert all(link["objectId"] in ids for event in found["events"] for link in event["relationships"])
    assert {event["type"] for event in found["events"]} <= {one["name"] for one in found["eventTypes"]}
    path = tmp_path / "out.json"
    path.write_text(text, encoding="utf-8")
    assert counts(bring_in(other, path, "ocel")[1]) == (4, 0, 0, 0, 0)
    first = other.ask(incidents.incident, 1)
    assert (first.source, first.state, first.team) == ("ocel:servicenow:INC1", "closed", "Team:Group 20")


def test_the_command_line_writes_tables_whole_or_not_at_all(tmp_path: Path) -> None:
    home, run = str(tmp_path / "home"), CliRunner()
    assert run.invoke(app, ["init", home]).exit_code == 0
    table = write(tmp_path / "t.csv", "id,title,created,resolved", "7,=1+1,2025-01-13T10:00:00Z,2025-01-13T11:00:00Z")
    assert run.invoke(app, ["import", "csv", str(table), "--home", home]).exit_code == 0

    def export(format: str, name: str) -> Path:
        done = run.invoke(app, ["export", format, str(tmp_path / name), "--home", home])
        assert (done.exit_code, "1 incidents" in done.output) == (0, True), done.output
        return tmp_path / name

    with export("csv", "out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert (rows[0]["source"], rows[0]["title"], rows[0]["resolved_at"]) == (
        "csv:7",
        "'=1+1",
        "2025-01-13T11:00:00.000000Z",
    )
    with gzip.open(export("facts", "facts.csv.gz"), "rt", encoding="utf-8", newline="") as packed:
        facts = [row["fact"] for row in csv.DictReader(packed)]
    assert facts == ["Incident declared", "Incident activated", "Incident resolved"]
    duckdb = pytest.importorskip("duckdb")
    query = f"SELECT title, epoch(resolved_at - opened_at) FROM '{export('parquet', 'out.parquet')}'"
    assert duckdb.sql(query).fetchall() == [("=1+1", 3600.0)]
    paths = export("paths", "paths.parquet")
    query = f'SELECT place, activity, epoch("at" - min("at") OVER ()) FROM \'{paths}\' ORDER BY place'
    assert duckdb.sql(query).fetchall() == [(1, "declared", 0.0), (2, "resolved", 3600.0)]
    assert duckdb.sql(f"SELECT count(*) FROM '{export('facts', 'facts.parquet')}'").fetchall() == [(3,)]
    nowhere = run.invoke(app, ["export", "csv", str(tmp_path / "none" / "x.csv"), "--home", home])
    assert "There is no such folder" in str(nowhere.exception)
    assert sorted(one.name for one in tmp_path.iterdir() if one.name.startswith(".")) == []
