"""Histories in the record: real incidents with their times, once however often, and nobody is moved by them."""

import csv
import gzip
import json
import statistics
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from quarterdeck.app.cli import app
from quarterdeck.command import views as incidents
from quarterdeck.command.projections import incident as incident_table
from quarterdeck.command.views import Filters
from quarterdeck.direction.views.measuring import asked as asked_of
from quarterdeck.direction.views.tracing import Tracing
from quarterdeck.kernel.errors import Forbidden, Invalid
from quarterdeck.migration import actions, views
from quarterdeck.migration.actions import Advance, carrying
from quarterdeck.migration.rules.formats import FORMATS
from quarterdeck.migration.rules.told import Rejection, Told
from quarterdeck.migration.sources import read_history
from quarterdeck.record import open_store, schema
from quarterdeck.record.tables import read as read_tables
from tests.cast import ADMIN, ALICE
from tests.comms.town import declare, open_house
from tests.conftest import House
from tests.migration.real import real
from tests.migration.tickets import HEADER, LOG, asked, row, write


def bring_in(house: House, path: Path, format: str = "servicenow", by: Any = ADMIN) -> tuple[str, Advance]:
    how = asked(format)
    return carry(house, read_history(FORMATS[format], path, how), how.seen, path.name, by)


def carry(
    house: House, items: Iterator[Told | Rejection], seen: Any, file: str = "log.csv", by: Any = ADMIN
) -> tuple[str, Advance]:
    house.clock.forward(minutes=1)
    return actions.bring_in_history(
        house.record, by, items=items, seen=seen, after=lambda done: None, format="servicenow", file=file, size=1
    )


def counts(done: Advance) -> tuple[int, ...]:
    return done.incidents, done.continued, done.known, done.differing, done.rejected


def rows(house: House) -> dict[str, list[str]]:
    """Every read table, in an order of our own: a store gives rows as they happen to lie."""
    with house.read() as conn:
        return {table.name: sorted(map(str, conn.execute(select(table)))) for table in read_tables.sorted_tables}


def test_a_history_is_brought_in_once_goes_on_and_moves_nobody(house: House, tmp_path: Path) -> None:
    open_house(house)
    own = declare(house)
    house.run_until_idle()
    before = len(house.ask(incidents.timeline, own))
    not_over = [line.replace("1/3/2016 10:00,6/3/2016 10:00", "?,?") for line in LOG[:4]]
    early = write(tmp_path / "early.csv", HEADER, *not_over, *LOG[6:])
    run, done = bring_in(house, early)
    assert counts(done) == (4, 0, 0, 0, 0)
    house.run_until_idle()
    assert len(house.ask(incidents.timeline, own)) == before

    found = house.ask(incidents.incidents, Filters(imported=True)).items
    assert [one.source for one in reversed(found)] == [f"servicenow:INC{n}" for n in (1, 2, 3, 4)]
    first = found[-1]
    assert (first.number, first.state, first.team, first.reassigned) == (own + 1, "active", "Group 20", 1)
    story = [(entry.sentence, entry.late) for entry in reversed(house.ask(incidents.timeline, first.number))]
    assert story[0] == ("Brought in from servicenow:INC1 by Caller 3 as SEV3", True)
    assert ("Updated by 9 passed it from Group 70 to Group 20", True) in story
    assert house.ask(incidents.incidents, Filters(text="inc4")).items[0].doubts == 1

    assert counts(bring_in(house, early)[1]) == (0, 0, 4, 0, 0)
    whole = write(tmp_path / "whole.csv", HEADER, *LOG)
    assert counts(bring_in(house, whole)[1]) == (0, 1, 3, 0, 0)
    assert house.ask(incidents.incident, first.number).state == "closed"
    other = write(tmp_path / "other.csv", HEADER, row("INC1", "New", "1/3/2016 08:00", times="1/3/2016 08:00,?,?"))
    run, done = bring_in(house, other)
    assert counts(done) == (0, 0, 0, 1, 1)
    assert [one.reason for one in house.ask(lambda conn: list(views.rejected_rows(conn, run)))] == [
        f"INC1 is INC-{first.number} and was told otherwise before; it stays as it was told first"
    ]
    told = house.ask(views.imports)
    assert [(one.incidents, one.continued, one.known, one.rejected, one.state) for one in reversed(told)] == [
        (4, 0, 0, 0, "ended"),
        (0, 0, 4, 0, "ended"),
        (0, 1, 3, 0, "ended"),
        (0, 0, 0, 1, "ended"),
    ]
    live = rows(house)
    schema.rebuild(house.record)
    assert rows(house) == live


def test_an_import_that_was_killed_goes_on_where_it_was(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carrying, "BATCH", 2)
    path = write(tmp_path / "log.csv", HEADER, *LOG)

    def killed(items: Iterator[Any]) -> Iterator[Any]:
        yield next(items)
        yield next(items)
        raise KeyboardInterrupt

    how = asked()
    with pytest.raises(KeyboardInterrupt):
        carry(house, killed(read_history(FORMATS["servicenow"], path, how)), how.seen)
    assert [one.state for one in house.ask(views.imports)] == ["open"]
    assert len(house.ask(incidents.incidents).items) == 2
    assert counts(bring_in(house, path)[1]) == (2, 0, 2, 0, 0)
    assert [one.source for one in house.ask(incidents.incidents).items] == [f"servicenow:INC{n}" for n in (4, 3, 2, 1)]


def test_what_breaks_an_import_off_is_recorded_and_a_hopeless_one_stops(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carrying, "HOPELESS", 3)
    with pytest.raises(Forbidden):
        bring_in(house, write(tmp_path / "log.csv", HEADER, *LOG), by=ALICE)
    wrong = write(tmp_path / "wrong.csv", HEADER, *(row(f"INC{n}", "New", "tomorrow") for n in range(5)))
    with pytest.raises(Invalid, match="None of the first 5 rows"):
        bring_in(house, wrong)
    failed = house.ask(views.imports)[0]
    assert failed.state == "failed"
    assert "5 times: sys_updated_at: 'tomorrow' is no date" in failed.failure
    assert house.ask(incidents.incidents).items == []


@pytest.fixture
def home(tmp_path: Path) -> Path:
    made = CliRunner().invoke(app, ["init", str(tmp_path / "home")])
    assert made.exit_code == 0, made.output
    return tmp_path / "home"


def run(*words: str, code: int = 0) -> str:
    found = CliRunner().invoke(app, [*words])
    assert found.exit_code == code, found.output + str(found.exception)
    return found.output


def test_the_command_line_looks_first_then_brings_in_and_lists_what_it_rejected(home: Path, tmp_path: Path) -> None:
    path = str(write(tmp_path / "log.csv", HEADER, *LOG, "too,short"))
    looked = run("import", "servicenow", path, "--home", str(home), "--dry-run", code=1)
    for words in ("4 incidents would be brought in", "Awaiting User Info", "waiting", "it has 2 cells"):
        assert words in looked
    seen = json.loads(run("import", "servicenow", path, "--home", str(home), "--dry-run", "--json", code=1))
    assert (seen["incidents"], seen["known"], seen["rejected"]) == (4, 0, 1)
    done = run("import", "servicenow", path, "--home", str(home), "--pseudonymise", code=1)
    assert "4 incidents brought in" in done
    rejected = (home / "imports" / "log.csv.rejected.csv").read_text(encoding="utf-8").splitlines()
    assert rejected == ["line,what,reason", '17,rejected,"it has 2 cells, the header 16"']
    assert (home / "pseudonyms.key").stat().st_mode & 0o777 == 0o600
    listed = json.loads(run("incident", "list", "--imported", "--json", "--home", str(home)))
    assert len(listed["items"]) == 4
    assert all(one["declared_by"].startswith("source/p-") for one in listed["items"])
    mine = tmp_path / "mine.yaml"
    mine.write_text(run("import", "mapping", "csv").replace("[title, summary,", "[was, summary,"), encoding="utf-8")
    table = str(write(tmp_path / "t.csv", "id,was,created", "7,Mail is slow,2025-01-13T10:00:00Z"))
    assert "1 incidents brought in" in run("import", "csv", table, "--home", str(home), "--mapping", str(mine))
    found = json.loads(run("incident", "list", "--source", "csv", "--json", "--home", str(home)))
    assert [one["title"] for one in found["items"]] == ["Mail is slow"]


def counted_by_hand(path: Path) -> dict[tuple[str, ...], int]:
    """The ways of the log's incidents by its own words, counted without us."""
    ways: dict[str, list[str]] = {}
    told: dict[str, bool] = {}
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            way = ways.setdefault(row["number"], ["declared"])
            told[row["number"]] = row["resolved_at"] != "?"
            state = row["incident_state"]
            at_work = state == "Active" or state.startswith("Awaiting")
            if at_work and way[-1] in ("resolved", "closed"):
                way.append("reopened")
            if at_work and "acknowledged" not in way:
                way.append("acknowledged")
            if state in ("Resolved", "Closed") and way[-1] != state.lower():
                way.append(state.lower())
    for number, way in ways.items():
        if not told[number]:  # it never says when it was resolved
            way[:] = [one for one in way if one != "resolved"]
    return dict(Counter(tuple(way) for way in ways.values()))


def test_the_figures_of_a_real_help_desk_come_out_of_the_record(tmp_path: Path) -> None:
    """UCI data set 498, a tenth: median 19.7 h and mean 175.2 h to resolve, 64.33 % made, 55.11 % never reassigned."""
    path = real("tickets-servicenow/incident_event_log.sample.csv.gz")
    store = open_store(f"sqlite:///{tmp_path / 'real.db'}")
    house = House(store, tmp_path)
    assert counts(bring_in(house, path)[1]) == (2484, 0, 0, 0, 0)
    with house.read() as conn:
        found = conn.execute(select(incident_table)).all()
        walked = Tracing(conn, asked_of(house.clock.now(), days=36_600), "milestones").answer()
    store.close()
    assert {one.keys: one.n for one in walked.variants} == counted_by_hand(path)
    hours = [(row.resolved_at - row.declared_at) / 3.6e9 for row in found if row.resolved_at is not None]
    assert (len(found), len(hours)) == (2484, 2322)
    assert (round(statistics.median(hours), 1), round(statistics.mean(hours), 1)) == (19.7, 175.2)
    assert round(100 * sum(row.service_level_made for row in found) / len(found), 2) == 64.33
    assert round(100 * sum(row.reassigned == 0 for row in found) / len(found), 2) == 55.11
