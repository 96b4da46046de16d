"""Commands on a plan's files, without a home: check them, print their schema."""

import json
from dataclasses import asdict

import typer

from quarterdeck.plan.cli.group import Directory, commands, stop_at_faults
from quarterdeck.plan.rules.checking import check
from quarterdeck.plan.rules.shape import schema
from quarterdeck.plan.sources.directory import read_directory
from quarterdeck.record.local import AsJson


@commands.command("check")
def check_(directory: Directory, as_json: AsJson = False) -> None:
    """Check a plan and name every fault with its place. Exit code 1 if there is one."""
    checked = check(*read_directory(directory))
    if as_json:
        faults = [
            {**asdict(fault.place), "path": fault.path, "problem": fault.problem, "remedy": fault.remedy}
            for fault in checked.faults
        ]
        typer.echo(json.dumps({"ok": not faults, "faults": faults}, indent=2, ensure_ascii=False))
    elif checked.plan:
        plan = checked.plan
        steps = sum(len(procedure.steps) for procedure in plan.procedures.values())
        typer.echo(
            f"The plan is sound: {len(plan.types)} incident types, {len(plan.procedures)} procedures with {steps} "
            f"steps, {len(plan.escalation)} escalation paths, {len(plan.routing)} routes."
        )
    stop_at_faults(checked, quiet=as_json)


@commands.command("schema")
def schema_() -> None:
    """Print the JSON Schema of a plan file, for editors: quarterdeck plan schema > plan/plan.schema.json"""
    typer.echo(json.dumps(schema(), indent=2, ensure_ascii=False))
