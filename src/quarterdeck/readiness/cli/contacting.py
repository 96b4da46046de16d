"""`quarterdeck drill contact|contacts`: ask people for an answer, and see who did and who is overdue."""

from typing import Annotated

import typer

from quarterdeck.readiness import actions, views
from quarterdeck.readiness.cli.group import FOUND_SOMETHING, commands, numbered
from quarterdeck.readiness.views import TestRow
from quarterdeck.readiness.views.documents import test_document, tested_document
from quarterdeck.record.local import AsJson, Home, open_desk, show


@commands.command("contact")
def contact(
    ctx: typer.Context,
    home: Home,
    who: Annotated[
        list[str],
        typer.Option(help="on-call, posts, paths, everybody, or a target; repeatable.", show_default=False),
    ],
    within: Annotated[int, typer.Option(min=1, help="Minutes to answer.")] = 15,
    sample: Annotated[int | None, typer.Option(min=1, help="Ask only so many of them, drawn by the seed.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="For the draw; none: the day's.")] = None,
    each_channel: Annotated[
        bool, typer.Option("--each-channel", help="One message by each of their channels.")
    ] = False,
    waking_hours: Annotated[bool, typer.Option("--waking-hours", help="Ask nobody at night by their clock.")] = False,
    as_json: AsJson = False,
) -> None:
    """Send a real test message that asks for an answer. Read the result: quarterdeck drill contacts NUMBER"""
    desk = open_desk(ctx, home)
    now = desk.record.clock.now()
    chosen_seed = now.toordinal() if seed is None else seed
    with desk.record.read() as conn:
        chosen, words = views.selected(conn, who, sample, chosen_seed, now)
    number = desk.record.perform(
        desk.who,
        lambda tx: actions.start_contact_test(
            tx,
            people=chosen,
            selection=words,
            seed=chosen_seed if sample else None,
            within=within,
            each_channel=each_channel,
            waking_hours=waking_hours,
        ),
    )
    with desk.record.read() as conn:
        _present(views.contact_test_of(conn, number), as_json)


@commands.command("contacts")
def contacts(
    ctx: typer.Context,
    home: Home,
    number: Annotated[str | None, typer.Argument(help="A test, as in 4 or CT-4.", show_default=False)] = None,
    as_json: AsJson = False,
) -> None:
    """Say who may be paged and when they last answered; or how one test went. Exit code 1: somebody is overdue."""
    desk = open_desk(ctx, home)
    with desk.record.read() as conn:
        if number is not None:
            _present(views.contact_test_of(conn, numbered(number, "CT-")), as_json)
            return
        rows = views.tested(conn, desk.record.clock.now())
    if as_json:
        show({"items": [tested_document(row) for row in rows], "next": None}, True)
    else:
        for row in rows:
            last = f"answered {row.last:%Y-%m-%d}" if row.last else "never tested"
            typer.echo(f"{'OVERDUE' if row.overdue else 'ok     '}  {row.name} ({row.because}): {last}")
    if any(row.overdue for row in rows):
        raise typer.Exit(FOUND_SOMETHING)


def _present(row: TestRow, as_json: bool) -> None:
    if as_json:
        show(test_document(row), True)
        return
    typer.echo(f"{row.name}: {row.selection}. {row.answered.followed} of {row.answered.n} answered in time so far.")
    for one in row.people:
        channels = ", ".join(f"{sent.channel or 'as a page'}: {sent.outcome}" for sent in one.messages)
        typer.echo(f"  {one.outcome:11} {one.name}{f' ({channels})' if channels else ''}")
