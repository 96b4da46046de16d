"""`quarterdeck simulate`: the own history run again under another plan, another staffing, more or less to do."""

from math import isfinite
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from quarterdeck.direction import views
from quarterdeck.direction.rules.simulation.history import TooLittle
from quarterdeck.direction.rules.simulation.predicting import (
    MOST_REPLICATIONS,
    REPLICATIONS,
    predict,
    setting,
    staffing,
)
from quarterdeck.direction.rules.simulation.words import change_words, document, held_out_words
from quarterdeck.kernel.errors import Invalid, Refused
from quarterdeck.plan.rules.checking import check
from quarterdeck.plan.sources.directory import read_directory
from quarterdeck.plan.views import draft_plan, in_force
from quarterdeck.record.local import AsJson, Home, open_desk, show

commands = typer.Typer(
    name="simulate",
    help="Run the own history again under another plan or staffing: what would change, and how sure is that.",
    subcommand_metavar="",
    context_settings={"allow_interspersed_args": True},
)
Staff = Annotated[list[str] | None, typer.Option(metavar="TEAM=N[/N]", help="Responders by day/night; repeatable.")]


@commands.callback(invoke_without_command=True)
def simulate(
    ctx: typer.Context,
    home: Home,
    directory: Annotated[
        Path | None, typer.Argument(metavar="DIR", help="A plan to try; none: the one in force.", show_default=False)
    ] = None,
    draft: Annotated[int | None, typer.Option(min=1, help="A draft to try, instead of a directory.")] = None,
    staff: Staff = None,
    then_staff: Staff = None,
    arrivals: Annotated[float, typer.Option(min=0, max=20, help="So many times as many incidents.")] = 1.0,
    work: Annotated[float, typer.Option(min=0, max=20, help="So many times as long at work.")] = 1.0,
    replications: Annotated[int, typer.Option(min=2, max=MOST_REPLICATIONS, help="Years to simulate.")] = REPLICATIONS,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same answer.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Compare now with then over so many drawn years; a test on weeks that were held out stands beside it."""
    if directory is not None and draft is not None:
        raise Invalid("Name a directory or a draft, one of them.")
    checked = check(*read_directory(directory)).sound() if directory else None
    with open_desk(ctx, home).record.read() as conn:
        standing = in_force(conn)
        if standing is None:
            raise Refused("NoPlan", "No plan is in force, so there is no present to compare with. Publish one first.")
        then = checked or (draft_plan(conn, draft) if draft else standing.plan)
        basis = views.basis(conn)
    present = staffing(staff or [])
    settings = (
        setting(standing.plan, basis, present),
        setting(then, basis, {**present, **staffing(then_staff or [])}, _factor(arrivals), _factor(work)),
    )
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Simulating", total=replications)
        try:
            found = predict(basis, *settings, replications, seed, lambda done, total: bar.update(task, completed=done))
        except TooLittle as error:
            raise Refused("TooLittleHistory", str(error)) from error
    if as_json:
        show(document(found), True)
        return
    typer.echo(f"{found.incidents} incidents, {found.pages} pages; {replications} years drawn from them, seed {seed}.")
    for change in found.changes:
        typer.echo(f"  {change_words(change)}")
    typer.echo(held_out_words(found.held_out))


def _factor(value: float) -> float:
    if not isfinite(value):
        raise Invalid("A factor is a number such as 1.2.")
    return value
