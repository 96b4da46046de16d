"""`quarterdeck replay`: run a plan that is not in force yet against the incidents on record."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from quarterdeck.direction import views
from quarterdeck.direction.rules import Deadline, Replayed, Totals
from quarterdeck.kernel.errors import Invalid
from quarterdeck.plan.rules.checking import check
from quarterdeck.plan.sources.directory import read_directory
from quarterdeck.plan.views import draft_plan
from quarterdeck.record.local import AsJson, Home, open_desk, show

commands = typer.Typer(
    name="replay",
    help="Run a plan against the incidents on record: what would have been otherwise.",
    subcommand_metavar="",
    context_settings={"allow_interspersed_args": True},
)
FOUND_SOMETHING = 1


@commands.callback(invoke_without_command=True)
def replay(
    ctx: typer.Context,
    home: Home,
    directory: Annotated[
        Path | None, typer.Argument(metavar="DIR", help="The directory that holds plan.yaml.", show_default=False)
    ] = None,
    draft: Annotated[int | None, typer.Option(min=1, help="A draft's number, instead of a directory.")] = None,
    limit: Annotated[int, typer.Option(min=0, help="How many incidents to print; --json prints all.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Say for each recorded incident what this plan would have done instead. Exit code 1: something differs."""
    if (directory is None) == (draft is None):
        raise Invalid("Name a directory or a draft, one of them: quarterdeck replay DIR, or --draft N.")
    checked = check(*read_directory(directory)).sound() if directory else None
    record = open_desk(ctx, home).record
    with record.read() as conn, _bar() as progress:
        plan = checked or draft_plan(conn, draft or 0)
        found = views.replay(conn, plan, record.clock.now(), progress)
        keep = views.keeping_their_revision(conn)
    if as_json:
        show({"totals": asdict(found.totals), "items": [views.document(row) for row in found.rows], "keep": keep}, True)
    else:
        for line in (*_totals(found.totals), *(line for row in found.rows[:limit] for line in _lines(row))):
            typer.echo(line)
        if len(found.rows) > limit:
            typer.echo(f"{len(found.rows) - limit} more incidents; --limit or --json shows them.")
        if keep:
            typer.echo(f"{len(keep)} open incidents keep their revision: " + ", ".join(f"INC-{k.number}" for k in keep))
    raise typer.Exit(FOUND_SOMETHING if found.rows else 0)


@contextmanager
def _bar() -> Iterator[views.Progress]:
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Replaying", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _totals(totals: Totals) -> Iterator[str]:
    yield f"{totals.incidents} incidents replayed, {totals.otherwise} of them otherwise."
    for kind, count in totals.kinds.items():
        if count:
            yield f"  {kind}: {count}"
    if totals.deadlines:
        yield (
            f"Of {totals.deadlines} deadlines that differ {totals.missed_was} were missed then; by this plan it is"
            f" {totals.missed_would} ({totals.newly_missed} newly, {totals.spared} spared)."
        )


def _lines(row: Replayed) -> Iterator[str]:
    yield f"INC-{row.number} {row.severity} {row.title}"
    for change in row.changes:
        if change.kind != "deadline":
            yield f"    {change.kind}: {change.was or 'nothing'} -> {change.would or 'nothing'}"
    for one in row.deadlines:
        yield f"    {one.title}: {_due(one)}{missed(one)}"


def _due(one: Deadline) -> str:
    was, would = (f"{at:%Y-%m-%d %H:%M}" if at else "no deadline" for at in (one.due_was, one.due_would))
    return f"due {was} -> {would}"


def missed(one: Deadline) -> str:
    """`, missed by 12 min`, or nothing."""
    minutes = one.late_would.total_seconds() / 60
    return f", missed by {minutes:.0f} min" if minutes > 0 else ""
