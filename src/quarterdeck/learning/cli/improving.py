"""`quarterdeck action`: propose an improvement, agree on it, do it, and have somebody else verify it."""

from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from quarterdeck.kernel.time import reachable
from quarterdeck.learning import actions, views
from quarterdeck.learning.rules import effects
from quarterdeck.record import Tx
from quarterdeck.record.local import AsJson, Desk, Home, open_desk, show

commands = typer.Typer(name="action", help="Improvement actions: propose, agree, do, verify.", no_args_is_help=True)
Number = Annotated[int, typer.Argument(help="The action's number: 7 for A-7.", show_default=False)]
Reason = Annotated[str, typer.Option(help="Why, for the record.", show_default=False)]
COLUMNS = ("name", "state", "due", "owner_name", "severity", "title")


@commands.command("list")
def list_(
    ctx: typer.Context,
    home: Home,
    state: Annotated[
        str | None, typer.Option(help="open, overdue, proposed, agreed, doing, done, verified or cancelled.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List improvement actions: what is to be done by its day, then what waits to be verified."""
    desk = open_desk(ctx, home)
    with desk.record.read() as conn:
        rows, following = views.improvements(conn, state, now=desk.record.clock.now(), limit=views.MOST)
    show({"items": rows, "next": following} if as_json else rows, as_json, COLUMNS)


@commands.command("show")
def show_(ctx: typer.Context, number: Number, home: Home, as_json: AsJson = False) -> None:
    """Show one action and what happened to it."""
    _tell(open_desk(ctx, home), number, as_json)


@commands.command("propose")
def propose(
    ctx: typer.Context,
    title: Annotated[str, typer.Argument(help="What should be done.", show_default=False)],
    home: Home,
    lesson: Annotated[int | None, typer.Option(help="The lesson that it answers.")] = None,
    source: Annotated[str | None, typer.Option(help="Without a lesson: INC-12 or EX-3.")] = None,
    details: Annotated[str, typer.Option(help="More. Markdown.")] = "",
    owner: Annotated[str | None, typer.Option(help="Login of who looks after it.")] = None,
    due: Annotated[
        datetime | None, typer.Option(help="By when, UTC; unless given, what the duties say.", show_default=False)
    ] = None,
    measure: Annotated[
        str | None,
        typer.Option(help="What it should change: step:PROCEDURE/STEP, factor:CODE, acknowledge, mitigate, resolve."),
    ] = None,
    person_days: Annotated[float | None, typer.Option(help="What it costs in work.")] = None,
    money: Annotated[float | None, typer.Option(help="What it costs in money.")] = None,
    currency: Annotated[str | None, typer.Option(help="Of the money, as EUR.")] = None,
    service: Annotated[str | None, typer.Option(help="Of which service; with --measure.")] = None,
    type: Annotated[str | None, typer.Option(help="Of which type of incident; with --measure.")] = None,
    falls_by: Annotated[
        str | None,
        typer.Option(help="By how much the loss falls, in percent: at least/likely/at most, as 10/30/50."),
    ] = None,
    needs: Annotated[list[int] | None, typer.Option(help="An action that has to be done first; repeatable.")] = None,
    as_json: AsJson = False,
) -> None:
    """Propose that something be done."""
    desk = open_desk(ctx, home)
    cost: dict[str, Any] = {"person_days": person_days, "money": money, "currency": currency}
    plans: dict[str, Any] = {
        "details": details,
        "owner": owner,
        "due": reachable("due", due.replace(tzinfo=UTC)) if due else None,
        "expects": effects.expected(measure, service, type),
        "needs": needs or (),
        "falls_by": effects.falls_said(falls_by or ""),
    }
    number = desk.record.perform(
        desk.who,
        lambda tx: actions.propose_action(tx, title=title, lesson=lesson, source=source, **plans, **cost),
    )
    _tell(desk, number, as_json)


@commands.command("weigh")
def weigh(
    ctx: typer.Context,
    number: Number,
    home: Home,
    person_days: Annotated[float | None, typer.Option(help="What it costs in work.")] = None,
    falls_by: Annotated[
        str | None,
        typer.Option(help="By how much the loss falls, in percent: at least/likely/at most, as 10/30/50."),
    ] = None,
    measure: Annotated[
        str | None,
        typer.Option(help="What it should change: step:PROCEDURE/STEP, factor:CODE, acknowledge, mitigate, resolve."),
    ] = None,
    service: Annotated[str | None, typer.Option(help="Of which service; with --measure.")] = None,
    type: Annotated[str | None, typer.Option(help="Of which type of incident; with --measure.")] = None,
    needs: Annotated[list[int] | None, typer.Option(help="An action that has to be done first; repeatable.")] = None,
    as_json: AsJson = False,
) -> None:
    """Name what it takes and what it should avoid, so that the portfolio can rank it; the rest stays as it is."""
    desk = open_desk(ctx, home)
    with desk.record.read() as conn:
        row = views.improvement(conn, number)
    plans: dict[str, Any] = {
        "expects": effects.expected(measure, service, type) or row.expects,
        "person_days": row.person_days if person_days is None else person_days,
        "falls_by": effects.falls_said(falls_by or "") or row.falls_by,
        "needs": row.needs if needs is None else needs,
        "money": row.money,
        "currency": row.currency,
        "title": row.title,
        "details": row.details,
        "seen": row.version,
    }
    desk.record.perform(desk.who, lambda tx: actions.revise_action(tx, number=number, **plans))
    _tell(desk, number, as_json)


@commands.command("assign")
def assign(
    ctx: typer.Context,
    number: Number,
    owner: Annotated[str, typer.Argument(help="Login of who looks after it from now on.", show_default=False)],
    home: Home,
    as_json: AsJson = False,
) -> None:
    """Name who looks after it."""
    _do(ctx, home, number, as_json, lambda tx: actions.assign_action(tx, number=number, owner=owner))


@commands.command("agree")
def agree(ctx: typer.Context, number: Number, home: Home, as_json: AsJson = False) -> None:
    """Agree that it will be done: time and money are granted."""
    _do(ctx, home, number, as_json, lambda tx: actions.agree_action(tx, number=number))


@commands.command("begin")
def begin(ctx: typer.Context, number: Number, home: Home, as_json: AsJson = False) -> None:
    """Say that somebody is at it."""
    _do(ctx, home, number, as_json, lambda tx: actions.begin_action(tx, number=number))


@commands.command("done")
def done(
    ctx: typer.Context,
    number: Number,
    home: Home,
    shown: Annotated[str, typer.Option(help="Where it can be seen that it is done.", show_default=False)],
    as_json: AsJson = False,
) -> None:
    """Say that it is done; somebody else verifies it, in the console."""
    _do(ctx, home, number, as_json, lambda tx: actions.finish_action(tx, number=number, shown=shown))


@commands.command("return")
def return_(ctx: typer.Context, number: Number, home: Home, reason: Reason, as_json: AsJson = False) -> None:
    """It was looked at and is not done yet."""
    _do(ctx, home, number, as_json, lambda tx: actions.return_action(tx, number=number, reason=reason))


@commands.command("cancel")
def cancel(ctx: typer.Context, number: Number, home: Home, reason: Reason, as_json: AsJson = False) -> None:
    """Give it up, for a reason that is kept."""
    _do(ctx, home, number, as_json, lambda tx: actions.cancel_action(tx, number=number, reason=reason))


def _do(ctx: typer.Context, home: Any, number: int, as_json: bool, act: Any) -> None:
    desk = open_desk(ctx, home)

    def perform(tx: Tx) -> None:
        act(tx)

    desk.record.perform(desk.who, perform)
    _tell(desk, number, as_json)


def _tell(desk: Desk, number: int, as_json: bool) -> None:
    with desk.record.read() as conn:
        row, steps = views.improvement(conn, number), views.improvement_steps(conn, number)
    if as_json:
        show({**vars(row), "steps": steps}, True)
        return
    show([row], False, COLUMNS)
    for name in ("source", "lesson", "rule", "expected", "cost", "shown", "found", "reason"):
        if value := getattr(row, name):
            typer.echo(f"{name}: {value}")
    show(steps, False, ("at", "what", "by_name", "text"))
