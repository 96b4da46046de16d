"""`quarterdeck pattern`: what came up more than once, and the monthly checks."""

from dataclasses import asdict
from datetime import timedelta
from typing import Annotated

import typer

from quarterdeck.learning import actions, views
from quarterdeck.record.local import AsJson, Home, open_desk, show

commands = typer.Typer(name="pattern", help="What recurs: list it, and the monthly checks.", no_args_is_help=True)
COLUMNS = ("kind", "words", "count", "first", "last", "incidents")
CHECK = ("month", "incidents", "patterns", "checked_at", "assessed_by_name")


@commands.command("list")
def list_(
    ctx: typer.Context,
    home: Home,
    kind: Annotated[str | None, typer.Option(help="alert, change, factor, type-on-service, service or type.")] = None,
    days: Annotated[int, typer.Option(help="How far back.", min=1, max=36_500)] = 184,
    as_json: AsJson = False,
) -> None:
    """List what came up more than once, the most telling first. Exit code 1 if there is something."""
    desk = open_desk(ctx, home)
    with desk.record.read() as conn:
        found, incidents = views.patterns(conn, since=desk.record.clock.now() - timedelta(days=days), kind=kind)
    if as_json:
        show({"items": [{**asdict(one), "count": one.count} for one in found], "incidents": incidents}, True)
    else:
        rows = [
            {
                **asdict(one),
                "count": one.count,
                "first": f"{one.first:%Y-%m-%d}",
                "last": f"{one.last:%Y-%m-%d}",
                "incidents": " ".join(f"INC-{number}" for number in one.numbers[-5:]),
            }
            for one in found
        ]
        show(rows, False, COLUMNS)
    if found:
        raise typer.Exit(1)


@commands.command("checks")
def checks(ctx: typer.Context, home: Home, as_json: AsJson = False) -> None:
    """List the monthly checks with what they found, the latest first."""
    with open_desk(ctx, home).record.read() as conn:
        rows = views.recurrence_checks(conn, limit=500)
    show(rows if as_json else [{**vars(row), "patterns": len(row.found)} for row in rows], as_json, CHECK)


@commands.command("assess")
def assess(
    ctx: typer.Context,
    month: Annotated[str, typer.Argument(help="As 2026-03.", show_default=False)],
    text: Annotated[str, typer.Argument(help="What follows from the result.", show_default=False)],
    home: Home,
    as_json: AsJson = False,
) -> None:
    """Say what follows from a month's result."""
    desk = open_desk(ctx, home)
    desk.record.perform(desk.who, lambda tx: actions.assess_recurrence(tx, month=month, text=text))
    with desk.record.read() as conn:
        row = views.recurrence_check(conn, month)
    show(row if as_json else [{**vars(row), "patterns": len(row.found)}], as_json, CHECK)
