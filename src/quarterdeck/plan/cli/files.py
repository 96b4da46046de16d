"""Commands on a plan's files, without a home: check them, make a plan of Markdown, print the schema."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.time import SystemClock
from quarterdeck.plan.cli.group import FOUND_SOMETHING, Directory, commands, stop_at_faults
from quarterdeck.plan.rules import Plan
from quarterdeck.plan.rules.alignment_gaps import alignment_gaps
from quarterdeck.plan.rules.checking import check
from quarterdeck.plan.rules.completeness import Finding, examine
from quarterdeck.plan.rules.shape import schema
from quarterdeck.plan.sources.directory import read_directory, read_prose_directory
from quarterdeck.plan.sources.example import example_files
from quarterdeck.plan.sources.importing import imported
from quarterdeck.plan.sources.packs import packs
from quarterdeck.record.local import AsJson

Packs = Annotated[
    list[str] | None,
    typer.Option("--pack", help="Also check against this rule pack (its id; repeatable), or `all`."),
]


@commands.command("check")
def check_(directory: Directory, pack: Packs = None, as_json: AsJson = False) -> None:
    """Check a plan and name every fault with its place. Exit code 1 if there is one, or a requirement is missing."""
    checked = check(*read_directory(directory))
    found = _examined(checked.plan, pack or ()) if checked.plan else ()
    gaps = alignment_gaps(checked.plan) if checked.plan else ()
    missing = [one for one in found if one.status == "missing"]
    if as_json:
        faults = [
            {**asdict(fault.place), "path": fault.path, "problem": fault.problem, "remedy": fault.remedy}
            for fault in checked.faults
        ]
        answer: dict[str, Any] = {"ok": not faults and not missing, "faults": faults}
        answer |= {"alignment": [asdict(one) for one in gaps], "requirements": [asdict(one) for one in found]}
        typer.echo(json.dumps(answer, indent=2, ensure_ascii=False))
    elif checked.plan:
        plan = checked.plan
        steps = sum(len(procedure.steps) for procedure in plan.procedures.values())
        typer.echo(
            f"The plan is sound: {len(plan.types)} incident types, {len(plan.procedures)} procedures with {steps} "
            f"steps, {len(plan.escalation)} escalation paths, {len(plan.routing)} routes."
        )
        for gap in gaps:
            typer.echo(f"{gap.subject} ({gap.title}): {gap.gap.replace('-', ' ')}; {gap.fix}")
        _print(found)
    stop_at_faults(checked, quiet=as_json)
    raise typer.Exit(FOUND_SOMETHING if missing else 0)


def _examined(plan: Plan, names: Sequence[str]) -> tuple[Finding, ...]:
    known = {one.id: one for one in packs()}
    if unknown := [name for name in names if name not in known and name != "all"]:
        raise Invalid(f"There is no rule pack {unknown[0]!r}; there are {', '.join(known)}, and `all`.")
    chosen = list(known.values()) if "all" in names else [known[name] for name in names]
    return examine(plan, chosen, SystemClock().now().date())


def _print(found: Sequence[Finding]) -> None:
    if not found:
        return
    table = Table("", "Requirement", "Asks", "Found", box=None, pad_edge=False)
    for one in found:
        where = f"{one.where}\n{one.fix}" if one.status in ("missing", "unknown") else one.where
        table.add_row(one.status, one.cite, one.asks, where)
    Console().print(table, markup=False)
    count = sum(one.status == "missing" for one in found)
    typer.echo(f"{len(found)} requirements, {count} missing." if count else f"{len(found)} requirements, none missing.")


@commands.command("import")
def import_(
    source: Annotated[
        Path, typer.Argument(metavar="SOURCE", help="A directory of Markdown files.", show_default=False)
    ],
    target: Annotated[
        Path, typer.Argument(metavar="DIR", help="Where to write the plan; must not exist.", show_default=False)
    ],
    login: Annotated[str, typer.Option(help="Who holds every post at first.")] = "admin",
    as_json: AsJson = False,
) -> None:
    """Make a plan of Markdown texts: every text is kept, and what was not understood, blank or a stub is listed."""
    if target.exists():
        raise Invalid(f"{target} exists already. Give a directory that does not.")
    result = imported(read_prose_directory(source), example=example_files(), login=login)
    for name, text in result.files.items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    checked = check(result.files)
    if as_json:
        answer = {"files": sorted(result.files), "findings": [asdict(one) for one in result.findings]}
        typer.echo(json.dumps({**answer, "ok": not checked.faults}, indent=2, ensure_ascii=False))
    else:
        for one in result.findings:
            typer.echo(f"{one.place}: {one.what.replace('-', ' ')}: {one.text}")
        typer.echo(f"{len(result.files)} files in {target}, {len(result.findings)} things to look at.")
        typer.echo(f"Next: quarterdeck plan check {target}")
    stop_at_faults(checked, quiet=as_json)


@commands.command("schema")
def schema_() -> None:
    """Print the JSON Schema of a plan file, for editors: quarterdeck plan schema > plan/plan.schema.json"""
    typer.echo(json.dumps(schema(), indent=2, ensure_ascii=False))
