"""`quarterdeck lesson`: keep one, validate it, turn it into a change of the plan, close or reopen it."""

from typing import Annotated, Any

import typer

from quarterdeck.learning import actions, views
from quarterdeck.learning.rules import effects
from quarterdeck.record import Tx
from quarterdeck.record.local import AsJson, Desk, Home, open_desk, show

commands = typer.Typer(name="lesson", help="Lessons: keep, validate, change the plan, close.", no_args_is_help=True)
Number = Annotated[int, typer.Argument(help="The lesson's number: 7 for L-7.", show_default=False)]
Reason = Annotated[str, typer.Option(help="Why, for the record.", show_default=False)]
SIDE = ("some", "n", "value", "low", "high")
COLUMNS = ("name", "state", "source", "clause", "owner_name", "headline")


@commands.command("list")
def list_(
    ctx: typer.Context,
    home: Home,
    state: Annotated[str | None, typer.Option(help="open, identified, validated, disposed or closed.")] = None,
    incident: Annotated[int | None, typer.Option(help="Only those from this incident.")] = None,
    as_json: AsJson = False,
) -> None:
    """List lessons: open ones first, the latest first."""
    with open_desk(ctx, home).record.read() as conn:
        rows, following = views.lessons(conn, state, incident=incident, limit=views.MOST)
    show({"items": rows, "next": following} if as_json else rows, as_json, COLUMNS)


@commands.command("show")
def show_(ctx: typer.Context, number: Number, home: Home, as_json: AsJson = False) -> None:
    """Show one lesson and what happened to it."""
    _tell(open_desk(ctx, home), number, as_json)


@commands.command("add")
def add(
    ctx: typer.Context,
    source: Annotated[str, typer.Argument(help="INC-12, EX-3, deviation:INC-12:STEP or import.", show_default=False)],
    observation: Annotated[str, typer.Argument(help="What was seen.", show_default=False)],
    home: Home,
    insight: Annotated[str, typer.Option(help="What it means.")] = "",
    change: Annotated[str, typer.Option(help="What should change.")] = "",
    factor: Annotated[list[str] | None, typer.Option(help="A code of the taxonomy; may be given again.")] = None,
    clause: Annotated[str | None, typer.Option(help="Where in the plan, as a dotted path.")] = None,
    owner: Annotated[str | None, typer.Option(help="Login of who looks after it.")] = None,
    as_json: AsJson = False,
) -> None:
    """Keep what was seen as a lesson."""
    desk = open_desk(ctx, home)
    words: dict[str, Any] = {"insight": insight, "change": change, "factors": factor or (), "clause": clause}
    number = desk.record.perform(
        desk.who,
        lambda tx: actions.identify_lesson(tx, source=source, observation=observation, owner=owner, **words),
    )
    _tell(desk, number, as_json)


@commands.command("validate")
def validate(ctx: typer.Context, number: Number, home: Home, as_json: AsJson = False) -> None:
    """Say that it is true, and worth a change."""
    _do(ctx, home, number, as_json, lambda tx: actions.validate_lesson(tx, number=number))


@commands.command("propose")
def propose(
    ctx: typer.Context,
    number: Number,
    home: Home,
    clause: Annotated[str | None, typer.Option(help="Another clause than the lesson's; '' for the whole plan.")] = None,
    note: Annotated[str, typer.Option(help="What to change, for the draft's author.")] = "",
    as_json: AsJson = False,
) -> None:
    """Open a draft of the plan that cites the lesson."""
    _do(ctx, home, number, as_json, lambda tx: actions.change_the_plan(tx, number=number, clause=clause, note=note))


@commands.command("close")
def close(
    ctx: typer.Context,
    number: Number,
    home: Home,
    revision: Annotated[int, typer.Option(help="A published revision that cites the lesson.", show_default=False)],
    as_json: AsJson = False,
) -> None:
    """Close it by a revision. Publishing a draft that cites it does this by itself."""
    _do(ctx, home, number, as_json, lambda tx: actions.close_by_revision(tx, number=number, revision=revision))


@commands.command("reject")
def reject(ctx: typer.Context, number: Number, home: Home, reason: Reason, as_json: AsJson = False) -> None:
    """Close it without a change, for a reason. Not by its author."""
    _do(ctx, home, number, as_json, lambda tx: actions.reject_lesson(tx, number=number, reason=reason))


@commands.command("reopen")
def reopen(ctx: typer.Context, number: Number, home: Home, reason: Reason, as_json: AsJson = False) -> None:
    """It is back: reopen it."""
    _do(ctx, home, number, as_json, lambda tx: actions.reopen_lesson(tx, number=number, reason=reason))


@commands.command("effect")
def effect(ctx: typer.Context, number: Number, home: Home, as_json: AsJson = False) -> None:
    """Show the measure that it should change, before and since, with n and 95 % limits."""
    with open_desk(ctx, home).record.read() as conn:
        views.lesson(conn, number)
        found = views.effect_of(conn, number)
    if found is None:
        show(None if as_json else f"L-{number} has changed nothing yet, or nobody has said what it should do.", as_json)
        return
    sides = {"before": found.weighed.before, "since": found.weighed.after}
    if as_json:
        show({"measure": found.measure, **vars(found.weighed), "numbers": [found.before, found.after]}, True)
        return
    typer.echo(f"{effects.words(found.measure)}: {found.weighed.sentence}")
    rows = [{"": name, **{field: getattr(side, field) for field in SIDE}} for name, side in sides.items()]
    show(rows, False, ("", *SIDE))


@commands.command("judge")
def judge(
    ctx: typer.Context,
    number: Number,
    verdict: Annotated[str, typer.Argument(help="helped, did-not or cannot-tell.", show_default=False)],
    home: Home,
    reason: Annotated[str, typer.Option(help="What it is seen by.", show_default=False)],
    as_json: AsJson = False,
) -> None:
    """Say whether it helped. What did not is open again."""
    said: Any = verdict
    _do(ctx, home, number, as_json, lambda tx: actions.judge_effect(tx, number=number, verdict=said, reason=reason))


def _do(ctx: typer.Context, home: Any, number: int, as_json: bool, act: Any) -> None:
    desk = open_desk(ctx, home)

    def done(tx: Tx) -> None:
        act(tx)

    desk.record.perform(desk.who, done)
    _tell(desk, number, as_json)


def _tell(desk: Desk, number: int, as_json: bool) -> None:
    with desk.record.read() as conn:
        page = views.lesson(conn, number)
    if as_json:
        show({**vars(page.lesson), "clause_gone": page.clause_gone, "steps": page.steps, "actions": page.actions}, True)
        return
    row = page.lesson
    show([row], False, COLUMNS)
    for name in ("observation", "insight", "change", "draft", "action", "revision", "reason"):
        if value := getattr(row, name):
            typer.echo(f"{name}: {value}")
    if page.clause_gone:
        typer.echo(f"The plan in force has no clause {row.clause} any longer.")
    show(page.steps, False, ("at", "what", "by_name", "text"))
