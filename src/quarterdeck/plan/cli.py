"""`quarterdeck plan`: check a directory, publish it, show a revision, print the schema for editors."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from quarterdeck.plan import actions, views
from quarterdeck.plan.rules import InForce
from quarterdeck.plan.rules.checking import Checked, check
from quarterdeck.plan.rules.shape import schema
from quarterdeck.plan.sources.directory import read_directory
from quarterdeck.record.local import AsJson, Home, open_desk, show

commands = typer.Typer(name="plan", help="The incident management plan: check, publish, show.", no_args_is_help=True)
Directory = Annotated[
    Path, typer.Argument(metavar="DIR", help="The directory that holds plan.yaml.", show_default=False)
]
FOUND_SOMETHING = 1


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
    _stop_at_faults(checked, quiet=as_json)


@commands.command("publish")
def publish(
    ctx: typer.Context,
    directory: Directory,
    home: Home,
    reason: Annotated[str, typer.Option(help="Why the plan changes: for the record.", show_default=False)],
    as_json: AsJson = False,
) -> None:
    """Bring the plan of a directory into force. Incidents that are running keep the revision they began with."""
    texts, faults = read_directory(directory)
    _stop_at_faults(check(texts, faults), quiet=False)
    desk = open_desk(ctx, home)
    number = desk.record.perform(desk.who, lambda tx: actions.publish(tx, files=texts, reason=reason))
    if as_json:
        show({"revision": number}, True)
    else:
        typer.echo(f"Revision {number} is in force. Read it at /plan, or with: quarterdeck plan show --home {home}")


@commands.command("show")
def show_(
    ctx: typer.Context,
    home: Home,
    revision: Annotated[int | None, typer.Option(help="An earlier revision, by its number.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show the plan in force, or an earlier revision."""
    desk = open_desk(ctx, home)
    with desk.record.read() as conn:
        found = views.in_force(conn) if revision is None else views.revision(conn, revision)
    if found is None:
        typer.echo("No plan has been published yet. Publish one: quarterdeck plan publish DIR --reason …", err=True)
        raise typer.Exit(FOUND_SOMETHING)
    if as_json:
        show(as_document(found), True)
    else:
        _print(found)


@commands.command("revisions")
def revisions(ctx: typer.Context, home: Home, as_json: AsJson = False) -> None:
    """List what was published when, by whom and why; the latest first."""
    desk = open_desk(ctx, home)
    with desk.record.read() as conn:
        show(views.revisions(conn, limit=1000), as_json, columns=("revision", "published_at", "by", "reason"))


@commands.command("schema")
def schema_() -> None:
    """Print the JSON Schema of a plan file, for editors: quarterdeck plan schema > plan/plan.schema.json"""
    typer.echo(json.dumps(schema(), indent=2, ensure_ascii=False))


def _stop_at_faults(checked: Checked, *, quiet: bool) -> None:
    if not checked.faults:
        return
    if not quiet:
        for fault in checked.faults:
            typer.echo(str(fault))
        count = len(checked.faults)
        typer.echo(f"{count} fault{'s' if count > 1 else ''}. Such a plan cannot be published.", err=True)
    raise typer.Exit(FOUND_SOMETHING)


def as_document(found: InForce) -> dict[str, Any]:
    """A revision as JSON: its head beside the whole plan."""
    return {
        "revision": found.revision,
        "published_at": found.published_at,
        "by": found.by,
        "reason": found.reason,
        "content_hash": found.content_hash,
        "plan": found.plan.model_dump(mode="json"),
    }


def _print(found: InForce) -> None:
    plan, console = found.plan, Console()
    console.print(f"{plan.name}, revision {found.revision}", markup=False, style="bold")
    when = f"{found.published_at:%Y-%m-%d %H:%M} UTC by {found.by}: {found.reason}"
    console.print(f"Published {when}\nSHA-256 {found.content_hash}\n", markup=False, highlight=False)
    matrix = Table("Impact \\ urgency", *(grade.title for grade in plan.severity.urgency), box=None, pad_edge=False)
    for impact in plan.severity.impact:
        row = plan.severity.matrix[impact.id]
        matrix.add_row(impact.title, *(row[urgency.id] for urgency in plan.severity.urgency))
    console.print(matrix, markup=False)
    types = Table("\nType", "\nTitle", "\nProcedure", "\nAt least", box=None, pad_edge=False)
    for name, type_ in plan.types.items():
        types.add_row(name, type_.title, type_.procedure or f"as {type_.parent}", type_.severity_floor or "")
    console.print(types, markup=False)
