"""`quarterdeck drill judge|rate|finding|evaluate|close`: what is made of an exercise."""

from typing import Annotated

import typer

from quarterdeck.kernel.errors import Invalid
from quarterdeck.readiness import actions
from quarterdeck.readiness.cli.group import Number, act, commands, numbered
from quarterdeck.readiness.events.exercising import Rating
from quarterdeck.readiness.rules import RATINGS
from quarterdeck.record.local import AsJson, Home


@commands.command("judge")
def judge(
    ctx: typer.Context,
    number: Number,
    expectation: Annotated[str, typer.Argument(help="The expectation's id.", show_default=False)],
    home: Home,
    met: Annotated[bool, typer.Option("--met/--not-met", help="Whether it was.", show_default=False)],
    note: Annotated[str, typer.Option(help="What was seen.")] = "",
    as_json: AsJson = False,
) -> None:
    """Say whether something expected was met, where only people can see it."""
    which = numbered(number)
    act(
        ctx,
        home,
        which,
        lambda tx: actions.judge_expectation(tx, number=which, expectation=expectation, met=met, note=note),
        as_json,
    )


@commands.command("rate")
def rate(
    ctx: typer.Context,
    number: Number,
    objective: Annotated[str, typer.Argument(help="The objective's id.", show_default=False)],
    rating: Annotated[str, typer.Argument(help="P, S, M or U.", show_default=False)],
    home: Home,
    text: Annotated[str, typer.Option(help="Why.", show_default=False)],
    as_json: AsJson = False,
) -> None:
    """Rate an objective: P without challenges, S with some, M with major ones, U not met."""
    which, found = numbered(number), _rating(rating)
    act(
        ctx,
        home,
        which,
        lambda tx: actions.rate_objective(tx, number=which, objective=objective, rating=found, text=text),
        as_json,
    )


def _rating(given: str) -> Rating:
    found = next((one for one in RATINGS if one == given.upper()), None)
    if found is None:
        raise Invalid("There is no such rating.", tuple(f"{one}: {words}" for one, words in RATINGS.items()))
    return found


@commands.command("finding")
def finding(
    ctx: typer.Context,
    number: Number,
    text: Annotated[str, typer.Argument(help="In a sentence or two.", show_default=False)],
    home: Home,
    strength: Annotated[bool, typer.Option("--strength", help="Something to keep, not to improve.")] = False,
    objective: Annotated[str | None, typer.Option(help="The objective that it concerns.")] = None,
    as_json: AsJson = False,
) -> None:
    """Note a finding of the exercise."""
    which, kind = numbered(number), "strength" if strength else "improvement"
    act(
        ctx,
        home,
        which,
        lambda tx: actions.note_finding(tx, number=which, kind=kind, text=text, objective=objective),
        as_json,
    )


@commands.command("evaluate")
def evaluate(
    ctx: typer.Context,
    number: Number,
    home: Home,
    summary: Annotated[str, typer.Option(help="What came of it. Markdown.", show_default=False)],
    as_json: AsJson = False,
) -> None:
    """Give the verdict on the whole, once every objective is rated."""
    which = numbered(number)
    act(ctx, home, which, lambda tx: actions.evaluate_exercise(tx, number=which, summary=summary), as_json)


@commands.command("close")
def close(ctx: typer.Context, number: Number, home: Home, as_json: AsJson = False) -> None:
    """Nothing is left to be done about it."""
    which = numbered(number)
    act(ctx, home, which, lambda tx: actions.close_exercise(tx, number=which), as_json)
