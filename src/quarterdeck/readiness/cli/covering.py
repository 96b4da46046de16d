"""`quarterdeck drill coverage`: what has been exercised, and what to exercise next."""

from typing import Annotated

import typer

from quarterdeck.readiness import views
from quarterdeck.readiness.cli.group import FOUND_SOMETHING, commands
from quarterdeck.readiness.views.documents import coverage_document
from quarterdeck.record.local import AsJson, Home, open_desk, show


@commands.command("coverage")
def coverage(
    ctx: typer.Context,
    home: Home,
    limit: Annotated[int, typer.Option(min=0, help="How many to name that want an exercise.")] = 5,
    as_json: AsJson = False,
) -> None:
    """Say when each incident type was last exercised, and what to exercise next. Exit code 1: something is stale."""
    desk = open_desk(ctx, home)
    with desk.record.read() as conn:
        found = views.coverage(conn, desk.record.clock.now())
    if as_json:
        show(coverage_document(found), True)
    else:
        for row in found.rows:
            typer.echo(f"{row.whole.state:7} {row.title}: {row.whole.why}")
        for one in found.next[:limit]:
            typer.echo(f"Next: {one.title}. {one.why}")
    if any(row.whole.state in ("stale", "never") for row in found.rows):
        raise typer.Exit(FOUND_SOMETHING)
