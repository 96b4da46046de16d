"""A drill through real processes: planned on the command line, paged, broken by a kill -9, answered, scored, closed."""

import json
import signal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.journeys.installed import Installed, Make, ask, await_

SCENARIO = """\
title: The database is gone
kind: drill
type: service-outage
minutes: 30
objectives:
  - {id: lead, title: Somebody leads, criteria: [The page is acknowledged from the phone]}
  - {id: steps, title: The procedure is begun, criteria: [Command is taken in words]}
  - {id: press, title: One voice outside, criteria: [One person answers the press]}
injects:
  - id: alarm
    at: 0 min
    signal: {key: db-down, title: The database does not answer, severity: critical, labels: {impact: extensive}}
  - {id: press-calls, at: 20 min, message: {to: "post:incident-manager", text: A journalist is on the phone.}}
expected:
  - {id: ack, what: acknowledged, within: 5 min, objective: lead}
  - {id: command, what: step, of: take-command, within: 10 min, objective: steps}
  - {id: scope, what: step, of: scope, within: 10 min, objective: steps}
  - {id: voice, what: observed, says: One person answers, within: 25 min, objective: press}
"""


def drill(house: Installed, *words: str | Path) -> Any:
    return json.loads(house.must("drill", *words, "--json"))


def verdicts(house: Installed) -> dict[str, str]:
    found = house.get("/api/exercises/1")["objectives"]
    return {one["id"]: one["verdict"] for row in found for one in row["expected"]}


def test_a_drill_runs_through_real_processes_and_is_scored(make: Make, tmp_path: Path) -> None:
    house = make("sqlite")
    file = tmp_path / "database-gone.yaml"
    file.write_text(SCENARIO)
    assert drill(house, "plan", file, "--facilitator", "admin")["state"] == "planned"
    first = house.start()
    assert house.post("/api/exercises/1/start").status == 200
    (page,) = await_("the page", house.pages)
    assert (page["text"].split()[0], page["subject"].split()[0]) == ("DRILL", "DRILL")

    first.send_signal(signal.SIGKILL)
    first.wait()
    house.start()
    assert ask(house.base + urlsplit(page["link"]).path, "answer=ack", form=True).status == 303
    for task in ("take-command", "scope"):
        done = house.post(f"/api/incidents/1/tasks/{task}/completion", {"evidence": "As rehearsed"})
        assert done.status == 200, done.text
    await_("the evidence", lambda: verdicts(house)["scope"] == "met")
    assert verdicts(house) == {"ack": "met", "command": "met", "scope": "met", "voice": "open"}
    incident = house.get("/api/incidents/1")
    assert (incident["drill"], len(house.get("/api/incidents")["items"])) == (True, 1), (
        "the kill raised it no second time"
    )

    assert house.post("/api/exercises/1/injects/press-calls").status == 200
    told = await_("the caller", lambda: [one for one in house.provider.pages if one["purpose"] == "exercise"])
    assert told[0]["text"].startswith("DRILL EX-1: A journalist")
    assert house.post("/api/exercises/1/end").status == 200
    assert house.get("/api/incidents/1")["state"] == "cancelled"
    assert house.post("/api/exercises/1/expectations/voice/judgement", {"met": False, "note": "Two did."}).status == 200
    scored = house.get("/api/exercises/1")
    assert [one["suggested"] for one in scored["objectives"]] == ["P", "M", "U"], "a key did what was a person's to do"

    for objective, rating in (("lead", "P"), ("steps", "P"), ("press", "U")):
        rated = house.post(f"/api/exercises/1/objectives/{objective}/rating", {"rating": rating, "text": "As seen."})
        assert rated.status == 200, rated.text
    found = house.post("/api/exercises/1/findings", {"kind": "improvement", "text": "Nobody knew who speaks."})
    assert found.body["findings"][0]["lesson"] == 1
    assert drill(house, "evaluate", "1", "--summary", "It pages; it does not speak.")["failed"] == ["press"]
    asked = await_("the review of the procedure", lambda: [one for one in _open_reviews(house) if one["ref"] == "EX-1"])
    assert {one["trigger"] for one in asked} == {"exercise-failed"}
    covered = {row["type"]: row["state"] for row in house.get("/api/readiness/coverage")["types"]}
    assert (covered["service-outage"], covered["ransomware"]) == ("fresh", "never")
    assert house.post("/api/exercises/1/closure").body["state"] == "closed"


def _open_reviews(house: Installed) -> list[Any]:
    return [review for row in house.get("/api/plan/upkeep")["items"] for review in row["reviews"]]
