"""On-call from the command line, and read tables that can always be made again."""

import json
from pathlib import Path
from typing import Any

import typer
from sqlalchemy import select
from typer.testing import CliRunner

from quarterdeck.command import actions as command
from quarterdeck.kernel.errors import Invalid, Refused
from quarterdeck.oncall import actions, cli, projections
from quarterdeck.record import schema
from quarterdeck.record.local import LOCAL, Desk
from tests.cast import ALICE, BOB, CAROL
from tests.oncall.world import PRIMARY, declare, escalation, open_house, paged


def run(house: Any, *words: str) -> Any:
    app = typer.Typer()
    app.add_typer(cli.commands)

    @app.callback()
    def root(ctx: typer.Context) -> None:
        ctx.obj = lambda home: Desk(house.record, LOCAL, None)

    return CliRunner().invoke(app, ["oncall", *words, "--home", str(house.home)], catch_exceptions=True)


def test_a_schedule_is_set_from_a_file_and_shown_as_it_was_written(house: Any, tmp_path: Path) -> None:
    open_house(house, schedule=False)
    file = tmp_path / "primary.yaml"
    file.write_text(json.dumps(PRIMARY))
    assert "quarterdeck oncall now" in run(house, "schedule", "set", "primary", str(file)).output
    assert json.loads(run(house, "schedule", "show", "primary").output) == PRIMARY
    file.write_text("title: x")
    assert isinstance(run(house, "schedule", "set", "primary", str(file)).exception, Invalid)
    assert isinstance(run(house, "schedule", "set", "primary", str(tmp_path / "none")).exception, Invalid)


def test_who_is_on_call_now_and_next_with_an_exit_code_for_a_gap(house: Any) -> None:
    open_house(house)
    now = run(house, "now", "--json")
    (item,) = json.loads(now.output)["items"]
    assert item == {"schedule": "primary", "now": "Bob", "until": "2026-03-09 08:00", "next": "Alice"}
    assert now.exit_code == 0
    assert run(house, "next", "--days", "20").exit_code == 0
    assert [one["person"] for one in json.loads(run(house, "next", "--json").output)["items"]] == [
        "Bob",
        "Alice",
        "Bob",
    ]
    ended = {**PRIMARY, "layers": [{**PRIMARY["layers"][0], "ends": "2026-03-03"}]}
    house.perform(lambda tx: actions.revise_schedule(tx, id="primary", document=ended))
    found = run(house, "next")
    assert found.exit_code == 1
    assert "Nobody would be paged on primary from 2026-03-03 08:00" in found.output
    house.clock.forward(days=3)
    assert run(house, "now").exit_code == 1
    assert "NOBODY" in run(house, "now").output


def test_cover_acknowledging_and_escalating_from_the_command_line(house: Any) -> None:
    open_house(house)
    made = run(house, "cover", "primary", "carol", "now", "2026-03-02T20:00Z", "--json")
    assert json.loads(run(house, "now", "--json").output)["items"][0]["now"] == "Carol"
    assert run(house, "uncover", "primary", json.loads(made.output)["cover"]).exit_code == 0
    assert isinstance(run(house, "cover", "primary", "carol", "now", "tomorrow").exception, Invalid)
    number = declare(house)
    assert "level 2; paged: Bob, Alice" in run(house, "escalate", str(number)).output
    assert f"INC-{number} acknowledged: Bob." in run(house, "ack", str(number), "--person", "bob").output
    assert "somebody has it already: Bob." in run(house, "ack", str(number), "--person", "alice").output
    house.perform(lambda tx: command.resolve(tx, number=number, reason="done"), by=ALICE)
    assert "is over" in run(house, "ack", str(number)).output
    house.run_until_idle()
    assert isinstance(run(house, "escalate", str(number)).exception, Refused)


def _tables(house: Any) -> dict[str, list[Any]]:
    names = ("schedule", "cover", "escalation", "step", "page")
    with house.read() as conn:
        return {name: sorted(map(repr, conn.execute(select(getattr(projections, name))).all())) for name in names}


def test_dropping_and_rebuilding_the_read_tables_gives_the_same_rows(house: Any) -> None:
    open_house(house)
    made = json.loads(run(house, "cover", "primary", "carol", "now", "2026-03-02T20:00Z", "--json").output)["cover"]
    house.forward(hours=1)
    run(house, "uncover", "primary", made)
    first, second, third = declare(house), declare(house, severity="SEV3"), declare(house)
    house.forward(minutes=12)
    house.perform(lambda tx: actions.acknowledge(tx, number=first), by=BOB)
    house.perform(lambda tx: actions.acknowledge(tx, number=first), by=ALICE)
    house.perform(lambda tx: actions.acknowledge(tx, number=second), by=CAROL)
    house.perform(lambda tx: command.change_severity(tx, number=second, severity="SEV1", reason="worse"), by=CAROL)
    house.perform(lambda tx: command.resolve(tx, number=third, reason="done"), by=ALICE)
    house.run_until_idle()
    house.perform(lambda tx: command.reopen(tx, number=third, reason="back"), by=ALICE)
    house.forward(hours=5)
    assert escalation(house, third).status == "exhausted"
    assert len(paged(house)) > 10
    before = _tables(house)
    schema.rebuild(house.record)
    assert _tables(house) == before
