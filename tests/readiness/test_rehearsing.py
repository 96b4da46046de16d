"""A rehearsal runs the same rules under a virtual clock: who would be told when, and what the plan cannot keep."""

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from quarterdeck.app.cli import app
from quarterdeck.plan.sources.example import example_files, example_folder
from quarterdeck.readiness.sources import example_folder as scenarios

NIGHT = scenarios() / "night-page.yaml"


def rehearse(*words: Any) -> tuple[int, Any]:
    done = CliRunner().invoke(app, ["drill", "rehearse", *map(str, words), "--at", "2026-03-02T09:00Z", "--json"])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, json.loads(done.stdout)


def verdicts(answer: Any) -> dict[str, str]:
    return {one["id"]: one["verdict"] for row in answer["exercise"]["objectives"] for one in row["expected"]}


def test_a_rehearsal_of_the_night_page_climbs_past_whoever_cannot_be_had() -> None:
    code, answer = rehearse(NIGHT, example_folder())
    assert (code, verdicts(answer)) == (0, {"acknowledged": "met", "command": "met", "take-command": "met"})
    paged = [(one["at"][11:16], one["to"]) for one in answer["told"] if one["purpose"] == "page"]
    assert paged[0] == ("09:01", "schedule-primary")
    assert paged[1][1] == "admin", "the first did not answer, so the next level was paged"
    assert all(one["text"].startswith(("DRILL", "TEST")) for one in answer["told"])
    assert answer["stumbles"] == []


def test_nobody_answers_and_the_path_climbs_to_its_end() -> None:
    code, answer = rehearse(NIGHT, example_folder(), "--nobody")
    assert code == 1
    assert set(verdicts(answer).values()) == {"unmet"}
    assert len([one for one in answer["told"] if one["purpose"] == "page"]) > 2


def test_a_plan_that_cannot_keep_what_the_scenario_expects_is_found_out(tmp_path: Path) -> None:
    for name, text in example_files().items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        slower = name == "procedures/service-outage.yaml"
        path.write_text(text.replace("within: 5 min", "within: 28 min", 1) if slower else text)
    code, answer = rehearse(NIGHT, tmp_path)
    assert (code, verdicts(answer)["take-command"]) == (1, "late")


def test_what_cannot_be_rehearsed_is_refused_with_a_reason() -> None:
    done = CliRunner().invoke(
        app, ["drill", "rehearse", str(scenarios() / "ransomware-tabletop.yaml"), str(example_folder())]
    )
    assert "tabletop has nothing to rehearse" in str(done.exception)
    done = CliRunner().invoke(app, ["drill", "rehearse", str(NIGHT), str(Path(__file__).parent)])
    assert "The plan has 1 fault" in str(done.exception)
