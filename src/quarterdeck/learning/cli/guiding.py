"""`quarterdeck guideline`: see which lessons belong together, and make a guideline of them."""

from typing import Annotated

import typer

from quarterdeck.learning import actions, views
from quarterdeck.record.local import AsJson, Home, open_desk, show

commands = typer.Typer(name="guideline", help="Guidelines grown from lessons: groups, draft.", no_args_is_help=True)


@commands.command("groups")
def groups(ctx: typer.Context, home: Home, as_json: AsJson = False) -> None:
    """List lessons that share a contributing factor or a type of incident, the largest groups first."""
    with open_desk(ctx, home).record.read() as conn:
        found = views.lesson_groups(conn)
    rows = [
        {"by": one.by, "key": one.key, "title": one.title, "lessons": " ".join(row.name for row in one.lessons)}
        for one in found
    ]
    show(rows, as_json, ("by", "key", "title", "lessons"))


@commands.command("draft")
def draft(
    ctx: typer.Context,
    lessons: Annotated[list[int], typer.Argument(help="Lessons' numbers, 7 for L-7.", show_default=False)],
    home: Home,
    title: Annotated[str, typer.Option(help="What the guideline is called.", show_default=False)],
    procedure: Annotated[str, typer.Option(help="The procedure that it explains.", show_default=False)],
    as_json: AsJson = False,
) -> None:
    """Open a draft of the plan with a guideline that quotes these lessons, and print the draft's number."""
    desk = open_desk(ctx, home)
    number = desk.record.perform(
        desk.who, lambda tx: actions.propose_guideline(tx, title=title, lessons=lessons, procedure=procedure)
    )
    show({"draft": number} if as_json else f"Draft {number}: say in it what to do, then hand it in.", as_json)
