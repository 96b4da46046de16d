"""`quarterdeck roster`: build rosters for a task, look at them, let one page."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from quarterdeck.direction import actions, views
from quarterdeck.direction.rules.rostering.document import read
from quarterdeck.direction.rules.rostering.example import example
from quarterdeck.direction.rules.rostering.making import MOST_STEPS, STEPS, make
from quarterdeck.governance.views import people
from quarterdeck.kernel.errors import Invalid
from quarterdeck.record.local import AsJson, Home, open_desk, show

commands = typer.Typer(name="roster", help="Rosters: build, show, accept.", no_args_is_help=True)
Number = Annotated[int, typer.Argument(help="The roster's number.", min=1, max=2**31 - 1, show_default=False)]
COLUMNS = ("number", "title", "state", "starts", "weeks", "people", "unfilled", "gap")
FOUND_SOMETHING = 1


@commands.command("example")
def example_(ctx: typer.Context, home: Home) -> None:
    """Print a task to begin with, made of the people who are here: quarterdeck roster example > task.yaml."""
    record = open_desk(ctx, home).record
    with record.read() as conn:
        logins = [one.login for one in people(conn) if one.active]
    typer.echo(example(logins, record.clock.now().date()), nl=False)


@commands.command()
def build(
    ctx: typer.Context,
    task: Annotated[Path, typer.Argument(metavar="TASK", help="The task as YAML.", show_default=False)],
    home: Home,
    seed: Annotated[int, typer.Option(min=0, help="The same task, steps and seed give the same roster.")] = 1,
    steps: Annotated[int, typer.Option(min=1, max=MOST_STEPS, help="About 250,000 a second.")] = STEPS,
    as_json: AsJson = False,
) -> None:
    """Build a roster, and say how near it is to the best. Exit code 1: places stay empty, or without a senior."""
    try:
        asked = read(task.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(f"The task {task} cannot be read.", (str(error),)) from error
    desk = open_desk(ctx, home)
    with Progress(console=Console(stderr=True), transient=True) as bar:
        shown = bar.add_task("Searching", total=1.0)
        made = make(asked, steps, seed, lambda step: bar.update(shown, completed=step.share))
    number = desk.record.perform(desk.who, lambda tx: actions.keep_roster(tx, task=asked, made=made))
    _tell(ctx, home, number, as_json)
    raise typer.Exit(FOUND_SOMETHING if made.cost.unfilled or made.cost.without_seniors else 0)


@commands.command("list")
def list_(ctx: typer.Context, home: Home, as_json: AsJson = False) -> None:
    """List rosters, the latest first."""
    with open_desk(ctx, home).record.read() as conn:
        rows = views.rosters(conn)
    show({"items": rows, "next": None} if as_json else rows, as_json, COLUMNS)


@commands.command("show")
def show_(ctx: typer.Context, number: Number, home: Home, as_json: AsJson = False) -> None:
    """Show who serves when, and how the load is shared."""
    _tell(ctx, home, number, as_json)


@commands.command()
def accept(
    ctx: typer.Context,
    number: Number,
    home: Home,
    gaps: Annotated[bool, typer.Option("--gaps", help="Places that nobody fills may stay empty.")] = False,
) -> None:
    """Let it become the schedules that page, from its first week on."""
    desk = open_desk(ctx, home)
    schedules = desk.record.perform(desk.who, lambda tx: actions.accept_roster(tx, number=number, gaps=gaps))
    typer.echo(f"Roster {number} pages as {', '.join(schedules)}.")


@commands.command("give-up")
def give_up(
    ctx: typer.Context,
    number: Number,
    home: Home,
    reason: Annotated[str, typer.Option(help="Why.", show_default=False)],
) -> None:
    """Put a roster aside; it stays on record."""
    desk = open_desk(ctx, home)
    desk.record.perform(desk.who, lambda tx: actions.give_up_roster(tx, number=number, reason=reason))
    typer.echo(f"Roster {number} is given up.")


def _tell(ctx: typer.Context, home: Path, number: int, as_json: bool) -> None:
    with open_desk(ctx, home).record.read() as conn:
        whole = views.roster(conn, number)
    if as_json:
        show(views.roster_document(whole), True)
        return
    row = whole.row
    typer.echo(f"Roster {number}: {row.title}, {row.weeks} weeks from {row.starts}, {row.state}.")
    best = "proved to be the best" if row.proved_best else f"at most {row.gap:.1%} above the best"
    typer.echo(f"Cost {row.cost:.1f}, bound {row.bound:.1f}: {best}. {row.unfilled} places empty.")
    for reason in row.why:
        typer.echo(f"  {reason}")
    places = [f"{one.id}-{place}" for one in whole.task.rotations for place in one.places]
    weeks = [
        {"week": day, **dict(zip(places, (who or "nobody" for group in groups for who in group), strict=True))}
        for day, groups in whole.weeks
    ]
    show(weeks, False, ("week", *places))
    show(whole.shares, False, ("login", "turns", "first", "load", "fair", "heavy", "kept", "wishes"))
