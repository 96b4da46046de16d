"""Commands on scenario files, without a home: check one, print the schema."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from quarterdeck.plan.rules.checking import check as check_plan
from quarterdeck.plan.sources.directory import read_directory
from quarterdeck.readiness.cli.group import FOUND_SOMETHING, ScenarioFile, commands, text_of
from quarterdeck.readiness.rules.fitting import check_against
from quarterdeck.readiness.rules.scenario_text import check, schema
from quarterdeck.record.local import AsJson


@commands.command("check")
def check_(
    scenario: ScenarioFile,
    plan: Annotated[Path | None, typer.Option("--plan", help="Hold it against the plan in this directory.")] = None,
    as_json: AsJson = False,
) -> None:
    """Check a scenario and name every fault with its place. Exit code 1 if there is one."""
    text, name = text_of(scenario), file_name(scenario)
    found = check_against(text, check_plan(*read_directory(plan)).sound(), None, name) if plan else check(text, name)
    if as_json:
        faults = [
            {**asdict(one.place), "path": one.path, "problem": one.problem, "remedy": one.remedy}
            for one in found.faults
        ]
        typer.echo(json.dumps({"ok": not faults, "faults": faults}, indent=2, ensure_ascii=False))
    elif found.scenario:
        sound = found.scenario
        typer.echo(
            f"The scenario is sound: {sound.kind}, {sound.minutes} minutes, {len(sound.objectives)} objectives, "
            f"{len(sound.injects)} injects, {len(sound.expected)} expectations."
        )
    else:
        for fault in found.faults:
            typer.echo(str(fault))
    if found.faults:
        raise typer.Exit(FOUND_SOMETHING)


def file_name(path: Path) -> str:
    """The file's own name where the reader takes it for one; faults are told by it."""
    return path.name if path.suffix in (".yaml", ".yml") and path.stem.replace("-", "").isalnum() else "scenario.yaml"


@commands.command("schema")
def schema_() -> None:
    """Print the JSON Schema of a scenario, for editors: quarterdeck drill schema > scenario.schema.json"""
    typer.echo(json.dumps(schema(), indent=2, ensure_ascii=False))
