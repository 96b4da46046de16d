"""`quarterdeck drill coverage|maturity`: what has been exercised, what to exercise next, and what records show."""

from typing import Annotated

import typer

from quarterdeck.readiness import views
from quarterdeck.readiness.cli.group import FOUND_SOMETHING, commands
from quarterdeck.readiness.views.documents import coverage_document, maturity_document
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


@commands.command("maturity")
def maturity(ctx: typer.Context, home: Home, as_json: AsJson = False) -> None:
    """Derive SIM3 levels and NIST CSF tiers from the records, each with its evidence. Never one score."""
    desk = open_desk(ctx, home)
    with desk.record.read() as conn:
        found = views.maturity(conn, desk.record.clock.now())
    if as_json:
        show(maturity_document(found), True)
        return
    typer.echo(f"SIM3: a level can be derived for {found.derivable} of {len(found.sim3)} parameters.")
    for one in found.sim3:
        if one.level is not None:
            typer.echo(f"  {one.id:5} {one.level}  {one.title}. {one.missing}")
            for each in one.evidence:
                typer.echo(f"            {each.text}")
    typer.echo("NIST CSF 2.0 tiers:")
    for tier in found.tiers:
        typer.echo(f"  {tier.function}: {tier.tier or 'not derivable'}  {tier.title}. {tier.why}")
        for rung in tier.rungs:
            typer.echo(f"      {rung.tier} {'yes' if rung.met else 'no '}  {rung.asks}: {rung.evidence.text}")
