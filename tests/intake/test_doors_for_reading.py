"""Signals as programs, people and the command line read them."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from quarterdeck.intake import actions, pages
from quarterdeck.intake.cli import commands
from quarterdeck.kernel.errors import QuarterdeckError
from quarterdeck.kernel.principal import ENGINE
from quarterdeck.record.local import LOCAL, Desk
from tests.cast import ALICE, CHARLIE
from tests.conftest import House
from tests.intake.plans import MONITOR, arrival, bring_into_force
from tests.intake.test_accept import groups

HOSTILE = "<script>alert('x')</script>{{7*7}}"


@pytest.fixture
def storm(house: House) -> House:
    house.perform(bring_into_force)
    batch = [arrival(f"api-{n}", title=f"{HOSTILE} {n}") for n in range(60)]
    house.perform(lambda tx: actions.accept(tx, batch), by=MONITOR)
    house.perform(lambda tx: actions.accept(tx, [batch[0], arrival("api-1", "resolve")]), by=MONITOR)
    (group,) = groups(house)
    house.perform(lambda tx: actions.attach_group(tx, group=group, number=7), by=ENGINE)
    return house


def test_the_list_for_programs_goes_on_by_its_cursor(storm: House) -> None:
    client = storm.client(ALICE)
    seen: list[Any] = []
    cursor = None
    while True:
        page = client.get("/api/signals", params={"limit": 25, **({"cursor": cursor} if cursor else {})}).json()
        seen += page["items"]
        cursor = page["next"]
        if cursor is None:
            break
    assert len({row["dedup_key"] for row in seen}) == len(seen) == 60
    row = next(row for row in seen if row["dedup_key"] == "api-0")
    assert (row["source"], row["state"], row["count"], row["incident"]) == ("test", "open", 2, 7)


def test_the_list_for_programs_can_be_narrowed(storm: House) -> None:
    client = storm.client(ALICE)
    resolved = client.get("/api/signals", params={"state": "resolved"}).json()["items"]
    assert [row["dedup_key"] for row in resolved] == ["api-1"]
    assert client.get("/api/signals", params={"incident": 8}).json()["items"] == []
    assert client.get("/api/signals/test/api-1").json()["state"] == "resolved"
    assert client.get("/api/signals/test/nothing").status_code == 404


@pytest.mark.parametrize("query", ["state=odd", "cursor=x", "limit=0", "limit=9999", "incident=x"])
def test_nonsense_questions_are_refused(storm: House, query: str) -> None:
    assert storm.client(ALICE).get(f"/api/signals?{query}").status_code == 400


@pytest.mark.parametrize("path", ["/api/signals", "/api/changes", "/api/signals/test/api-1", "/signals"])
def test_charlie_may_see_no_signals_and_strangers_neither(storm: House, path: str) -> None:
    assert storm.client(CHARLIE).get(path).status_code == 403
    assert storm.client(None).get(path, follow_redirects=False).status_code in (401, 303)


def test_the_page_shows_hostile_text_as_text(storm: House) -> None:
    answer = storm.client(ALICE).get("/signals", headers={"accept": "text/html"})
    assert answer.status_code == 200
    assert "<script>alert(" not in answer.text
    assert "&lt;script&gt;alert(" in answer.text
    assert "{{7*7}}" in answer.text
    assert "INC-7" in answer.text
    assert "/signals?before=" in answer.text
    assert "Newest" in storm.client(ALICE).get("/signals?before=50&state=open", headers={"accept": "text/html"}).text


def test_the_empty_page_says_how_to_begin(house: House) -> None:
    assert "quarterdeck signal send" in house.client(ALICE).get("/signals", headers={"accept": "text/html"}).text


def test_the_panel_sums_up_the_alerts_of_an_incident(storm: House) -> None:
    (panel,) = pages.PANELS
    context = storm.ask(panel.context, ALICE, 7)
    assert context is not None
    from quarterdeck.app import pages as app_pages
    from quarterdeck.app.web import templates

    environment = templates()
    app_pages.prepare(environment, lambda: storm.record, ())
    text = environment.get_template(panel.template).render(context)
    assert "60 signals" in text
    assert "59 firing" in text
    assert "raised 61 times" in text
    assert "alertname=HighLatency" in text
    assert "<script>" not in text
    assert storm.ask(panel.context, ALICE, 8) is None


def run(house: House, *words: str) -> Any:
    return CliRunner().invoke(commands, [*words, "--home", "."], obj=lambda home: Desk(house.record, LOCAL, None))


def test_the_command_line_sends_and_lists(house: House, tmp_path: Path) -> None:
    house.perform(bring_into_force)
    sent = run(house, "send", "--title", "Disk full", "--severity", "critical", "--label", "team=storage", "--json")
    assert sent.exit_code == 0, sent.output
    key = json.loads(sent.output)["dedup_key"]
    listed = json.loads(run(house, "list", "--json").output)
    assert [(row["dedup_key"], row["severity"], row["labels"]["team"]) for row in listed] == [
        (key, "critical", "storage")
    ]
    assert run(house, "send", "--dedup-key", key, "--resolve").exit_code == 0
    assert json.loads(run(house, "list", "--state", "open", "--json").output) == []


@pytest.mark.parametrize("words", [[], ["--resolve"], ["--title", "x", "--label", "nonsense"]])
def test_the_command_line_says_what_is_missing(house: House, words: list[str]) -> None:
    assert isinstance(run(house, "send", *words).exception, QuarterdeckError)
