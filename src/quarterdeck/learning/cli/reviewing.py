"""`quarterdeck review`: what is owed, what the record says, who leads it, that one was held elsewhere or waived."""

from datetime import datetime
from typing import Annotated

import typer

from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.time import Instant
from quarterdeck.learning import actions, views
from quarterdeck.learning.rules.saying import clock, span
from quarterdeck.record.local import AsJson, Desk, Home, open_desk, show

commands = typer.Typer(
    name="review", help="Reviews: what is owed, write, approve, publish, print.", no_args_is_help=True
)
Number = Annotated[int, typer.Argument(help="The incident's number.", show_default=False)]
COLUMNS = ("number", "severity", "state", "due", "title")


@commands.command("list")
def list_(
    ctx: typer.Context,
    home: Home,
    state: Annotated[str | None, typer.Option(help=f"One of {', '.join(views.STATES)}.")] = None,
    as_json: AsJson = False,
) -> None:
    """List reviews: those owed by due date, then the others."""
    with open_desk(ctx, home).record.read() as conn:
        rows, following = views.reviews(conn, state, limit=views.MOST)
    show({"items": rows, "next": following} if as_json else rows, as_json, COLUMNS)


@commands.command("show")
def show_(ctx: typer.Context, number: Number, home: Home, as_json: AsJson = False) -> None:
    """Show what the record says of an incident, and what it leaves open; of any incident, owed a review or not."""
    with open_desk(ctx, home).record.read() as conn:
        draft, review = views.draft(conn, number), views.review(conn, number)
    if as_json:
        show({"review": review, "draft": draft}, True)
        return
    stands = f"{review.state}, due {clock(review.due)}" if review else "no review is owed"
    typer.echo(f"INC-{number} {draft.incident.title}: {stands}.\n{draft.lead}")
    for moment in draft.moments:
        at = clock(moment.occurred_at) if moment.occurred_at else "not known"
        typer.echo(f"  {moment.letter}  {moment.title:<14} {at}")
    for measure in draft.measures:
        said = span(measure.occurred) if measure.occurred is not None else measure.why
        typer.echo(f"  {measure.formula}  {measure.title}: {said}")
    for told in draft.story:
        typer.echo(f"{clock(told.at)}  {told.title}")
    for gap in draft.gaps:
        typer.echo(f"Open: {gap.sentence}")


@commands.command("lead")
def lead(
    ctx: typer.Context,
    number: Number,
    login: Annotated[str, typer.Argument(help="Who leads it; not the commander.", show_default=False)],
    home: Home,
    as_json: AsJson = False,
) -> None:
    """Name who leads the review."""
    desk = open_desk(ctx, home)
    desk.record.perform(desk.who, lambda tx: actions.assign_facilitator(tx, number=number, person=login))
    shown(desk, number, as_json)


@commands.command("attend")
def attend(
    ctx: typer.Context,
    number: Number,
    logins: Annotated[list[str], typer.Argument(help="Who takes part, all of them.", show_default=False)],
    home: Home,
    as_json: AsJson = False,
) -> None:
    """Name who takes part; until then those are proposed who were there."""
    desk = open_desk(ctx, home)
    desk.record.perform(desk.who, lambda tx: actions.name_participants(tx, number=number, people=logins))
    shown(desk, number, as_json)


@commands.command("meet")
def meet(
    ctx: typer.Context,
    number: Number,
    home: Home,
    at: Annotated[str | None, typer.Option(help="As 2026-03-09T10:00Z; left out: there is no date any more.")] = None,
    as_json: AsJson = False,
) -> None:
    """Say when those who take part meet."""
    desk, when = open_desk(ctx, home), instant(at, "at")
    desk.record.perform(desk.who, lambda tx: actions.schedule_review(tx, number=number, meets_at=when))
    shown(desk, number, as_json)


@commands.command("hold")
def hold(
    ctx: typer.Context,
    number: Number,
    home: Home,
    facilitator: Annotated[str, typer.Option(help="Login of who led it; not the commander.", show_default=False)],
    summary: Annotated[str, typer.Option(help="What was learnt. Markdown.", show_default=False)],
    as_json: AsJson = False,
) -> None:
    """Record in one step that the review was held elsewhere; the incident may then be closed."""
    desk = open_desk(ctx, home)
    desk.record.perform(
        desk.who, lambda tx: actions.hold_review(tx, number=number, summary=summary, facilitator=facilitator)
    )
    shown(desk, number, as_json)


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
    shown(desk, number, as_json)


def shown(desk: Desk, number: int, as_json: bool) -> None:
    """The review after a change."""
    with desk.record.read() as conn:
        row = views.review(conn, number)
    show(row if as_json else [row], as_json, COLUMNS)


def instant(text: str | None, field: str) -> Instant | None:
    """Raises `Invalid` for what is no instant with its zone."""
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError:
        raise Invalid("A time is not right.", (f"{field}: write it as 2026-03-09T10:00Z",)) from None
