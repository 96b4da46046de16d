"""`quarterdeck review`: list what is owed, record that a review was held, waive one."""

from typing import Annotated

import typer

from quarterdeck.learning import actions, views
from quarterdeck.record.local import AsJson, Home, open_desk, show

commands = typer.Typer(name="review", help="Reviews: list, hold, waive.", no_args_is_help=True)
Number = Annotated[int, typer.Argument(help="The incident's number.", show_default=False)]
COLUMNS = ("number", "severity", "state", "due", "title")


@commands.command("list")
def list_(
    ctx: typer.Context,
    home: Home,
    state: Annotated[str | None, typer.Option(help="due, overdue, held, waived or cancelled.")] = None,
    as_json: AsJson = False,
) -> None:
    """List reviews: those owed by due date, then the others."""
    with open_desk(ctx, home).record.read() as conn:
        rows, following = views.reviews(conn, state, limit=views.MOST)
    show({"items": rows, "next": following} if as_json else rows, as_json, COLUMNS)


@commands.command("hold")
def hold(
    ctx: typer.Context,
    number: Number,
    home: Home,
    facilitator: Annotated[str, typer.Option(help="Login of who led it; not the commander.", show_default=False)],
    summary: Annotated[str, typer.Option(help="What was learnt. Markdown.", show_default=False)],
    as_json: AsJson = False,
) -> None:
    """Record that the review was held; the incident may then be closed."""
    desk = open_desk(ctx, home)
    desk.record.perform(
        desk.who, lambda tx: actions.hold_review(tx, number=number, summary=summary, facilitator=facilitator)
    )
    with desk.record.read() as conn:
        row = views.review(conn, number)
    show([row] if not as_json else row, as_json, COLUMNS)


@commands.command("waive")
def waive(
    ctx: typer.Context,
    number: Number,
    home: Home,
    reason: Annotated[str, typer.Option(help="Why the organisation does without it.", show_default=False)],
    as_json: AsJson = False,
) -> None:
    """Do without the review, with a reason for the record."""
    desk = open_desk(ctx, home)
    desk.record.perform(desk.who, lambda tx: actions.waive_review(tx, number=number, reason=reason))
    with desk.record.read() as conn:
        row = views.review(conn, number)
    show([row] if not as_json else row, as_json, COLUMNS)
