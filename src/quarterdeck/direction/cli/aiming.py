"""`quarterdeck objective`: whether what the organisation wants is met, missed, or cannot be told yet."""

from typing import Annotated

import typer

from quarterdeck.direction.views import objectives as views
from quarterdeck.record.local import AsJson, Home, open_desk, show

commands = typer.Typer(name="objective", help="Objectives: list, show.", no_args_is_help=True)
FOUND_SOMETHING = 1


@commands.command("list")
def list_(ctx: typer.Context, home: Home, as_json: AsJson = False) -> None:
    """List every objective with its verdict. Exit code 1: one is missed."""
    record = open_desk(ctx, home).record
    with record.read() as conn:
        found = views.objectives(conn, record.clock.now())
    rows = [views.document(one) for one in found.rows]
    show({"items": rows, "next": None} if as_json else rows, as_json, ("id", "verdict", "title"))
    raise typer.Exit(FOUND_SOMETHING if any(one.verdict == "missed" for one in found.rows) else 0)


@commands.command("show")
def show_(
    ctx: typer.Context,
    id: Annotated[str, typer.Argument(metavar="ID", help="As in the plan.", show_default=False)],
    home: Home,
    as_json: AsJson = False,
) -> None:
    """Show an objective: each measure against its target, and what can move it. Exit code 1: it is missed."""
    record = open_desk(ctx, home).record
    with record.read() as conn:
        found = views.objective(conn, id, record.clock.now())
    if as_json:
        show(views.document(found), True)
    else:
        typer.echo(f"{found.objective.title}: {found.verdict}.")
        for one in found.measures:
            said = one.standing.sentence if one.standing else "Measured elsewhere: the plan names no figure for it."
            typer.echo(f"  {one.kpi.title}: {said}")
            if one.trend:
                typer.echo(f"    {one.trend.sentence}")
        for document in found.documents:
            typer.echo(f"  served by {document.kind} {document.title}")
        for action in found.actions:
            typer.echo(f"  {action.name} {action.title}, due {action.due:%Y-%m-%d}")
    raise typer.Exit(FOUND_SOMETHING if found.verdict == "missed" else 0)
