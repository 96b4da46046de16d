"""The paths of a house, on both stores: one answer on the page, in the API and on the command line."""

import json
from pathlib import Path
from typing import Any

from sqlalchemy import select
from typer.testing import CliRunner

from quarterdeck.command import actions as command
from quarterdeck.direction.cli import paths as cli
from quarterdeck.direction.projections import measured_path
from quarterdeck.record import schema
from quarterdeck.record.local import LOCAL, Desk
from tests.cast import ALICE, BOB, CHARLIE
from tests.direction.test_measuring import lived, opened
from tests.direction.test_replay import declare
from tests.migration.test_history import bring_in
from tests.migration.tickets import HEADER, LOG, write

BROWSER = {"accept": "text/html"}


def test_paths_are_the_same_on_the_page_in_the_api_and_on_the_command_line(house: Any, tmp_path: Path) -> None:
    opened(house)
    web = house.client(ALICE)
    assert "No incident of this period has come to its end" in web.get("/paths", headers=BROWSER).text
    assert web.get("/api/paths").json()["n"] == 0
    for _ in range(2):
        lived(house, service="checkout", title="<b>Checkout</b> is down")
    lived(house, drill=True)
    declare(house)
    own = web.get("/api/paths?detail=milestones").json()
    assert (own["n"], own["left_out"]) == (2, {"still open": 1, "drills": 1})
    assert [(one["words"][:3], one["n"]) for one in own["variants"]] == [(["Declared", "Acknowledged", "Mitigated"], 2)]
    assert own["plan"]["kept"]["value"] == 1 and own["plan"]["steps"], "the plan foresaw steps that nobody did"
    bring_in(house, write(tmp_path / "log.csv", HEADER, *LOG))
    found = web.get("/api/paths?days=36600&source=servicenow").json()
    assert (found["n"], found["imported"], found["paths"]) == (4, 4, 4)
    assert found["handovers"]["pairs"] == [
        {"from": "Group 70", "to": "Group 20", "times": 1, "straight_back": 0,
         "kept_before": {"value": 60, "low": None, "high": None, "enough": False, "endless": False}}
    ]  # fmt: skip
    waited = next(one for one in found["variants"] if "waiting:Awaiting User Info" in one["activities"])
    assert waited["activities"] == [
        "declared", "handed", "acknowledged", "waiting:Awaiting User Info", "resolved", "closed",
    ]  # fmt: skip
    assert found["backwards"] == 1, "resolved before it was opened, by its own times"
    shown = CliRunner().invoke(
        cli.commands, ["show", "--home", str(house.home), "--json", "--days", "36600", "--source", "servicenow"],
        obj=lambda home: Desk(house.record, LOCAL, None),
    )  # fmt: skip
    assert shown.exit_code == 0 and json.loads(shown.stdout) == found
    page = web.get("/paths?days=36600&cover=100&detail=everything", headers=BROWSER).text
    assert page.count("<svg") > 4 and "Awaiting User Info" in page and "Group 20" in page
    one = web.get(f"/paths/{waited['id']}?days=36600", headers=BROWSER).text
    assert "INC-5" in one and "Awaiting User Info" in one
    taken = web.get(f"/api/paths/{own['variants'][0]['id']}/incidents?detail=milestones").json()
    assert [row["number"] for row in taken["items"]] == [1, 2] and taken["items"][0]["minutes"] == 30
    with house.read() as conn:
        rows = conn.execute(select(measured_path).order_by(measured_path.c.place)).all()
    schema.rebuild(house.record)
    with house.read() as conn:
        assert conn.execute(select(measured_path).order_by(measured_path.c.place)).all() == rows


def test_paths_follow_what_happens_and_odd_questions_are_refused(house: Any) -> None:
    opened(house)
    number = lived(house)
    web = house.client(ALICE)
    first = web.get("/api/paths").json()["variants"][0]
    assert web.get(f"/paths/{first['id']}", headers=BROWSER).status_code == 200
    house.perform(lambda tx: command.reopen(tx, number=number, reason="back"), by=ALICE)
    assert web.get("/api/paths").json()["n"] == 0, "it is open again"
    house.perform(lambda tx: command.resolve(tx, number=number, reason="over"), by=BOB)
    again = web.get("/api/paths").json()
    assert "reopened" in again["variants"][0]["activities"]
    assert {one["plan"] for one in again["links"] if "reopened" in (one["before"], one["after"])} == {"beyond"}
    assert web.get(f"/paths/{first['id']}", headers=BROWSER).status_code == 404, "nobody took that path"
    for query in ("cover=0", "cover=101", "detail=all", "days=0", "from=2026-02-01&to=2026-01-01", "cover=x"):
        assert web.get(f"/api/paths?{query}").status_code == 400, query
    for query in ("service=%00%3Cb%3E", "team=-", "detail=everything&cover=1", "type=outage"):
        assert web.get(f"/paths?{query}", headers=BROWSER).status_code == 200, query
    assert house.client(CHARLIE).get("/api/paths").status_code == 403
