"""`quarterdeck comms`: write an update, say that nothing changed, see who was told what, elevate."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from quarterdeck.command.views import headline
from quarterdeck.comms import actions, views
from quarterdeck.kernel.errors import Invalid, Refused
from quarterdeck.kernel.time import Instant
from quarterdeck.record.local import AsJson, Desk, Home, open_desk, show

commands = typer.Typer(name="comms", help="Updates and elevation: who must know what, by when.", no_args_is_help=True)
Number = Annotated[int, typer.Argument(help="The incident's number, 214 of INC-214.", show_default=False)]
Next = Annotated[
    str | None,
    typer.Option("--next-update", help="When the next one comes, as 2026-03-03T18:00Z. Unless given: by the pace."),
]


@commands.command("update")
def update(
    ctx: typer.Context,
    number: Number,
    home: Home,
    impact: Annotated[str, typer.Option(help="Who cannot do what.")] = "",
    scope: Annotated[str, typer.Option(help="How many, where.")] = "",
    since: Annotated[str, typer.Option(help="Since when. Unless given: the incident knows.")] = "",
    symptom: Annotated[str, typer.Option(help="What is measured.")] = "",
    suspect: Annotated[str, typer.Option(help="What is suspected.")] = "",
    doing: Annotated[str, typer.Option(help="What is being done.")] = "",
    confidence: Annotated[str, typer.Option(help="How sure we are; better or worse.")] = "",
    workaround: Annotated[str, typer.Option(help="What those concerned can do meanwhile.")] = "",
    decision: Annotated[str, typer.Option(help="The decision wanted.")] = "",
    decide_by: Annotated[str, typer.Option(help="By when it is wanted.")] = "",
    next_update: Next = None,
    to: Annotated[list[str] | None, typer.Option(help="An audience; may be repeated. Unless given: all.")] = None,
    as_json: AsJson = False,
) -> None:
    """Tell the audiences of the plan, each in its own words. What is left out is written "not known yet"."""
    desk = open_desk(ctx, home)
    fields = {
        "impact": impact,
        "scope": scope,
        "since": since,
        "symptom": symptom,
        "suspect": suspect,
        "doing": doing,
        "confidence": confidence,
        "workaround": workaround,
        "decision": decision,
        "decide_by": decide_by,
    }
    at = _instant(next_update)
    sent = desk.record.perform(
        desk.who,
        lambda tx: actions.send_update(
            tx, number=number, fields=fields, next_update=at, audiences=to or None, by_pace=at is None
        ),
    )
    _show_sent(desk, number, sent, as_json)


@commands.command("nochange")
def nochange(ctx: typer.Context, number: Number, home: Home, next_update: Next = None, as_json: AsJson = False) -> None:
    """Send the latest update again with a new time: nothing has changed."""
    desk, at = open_desk(ctx, home), _instant(next_update)
    sent = desk.record.perform(desk.who, lambda tx: actions.send_unchanged(tx, number=number, next_update=at))
    _show_sent(desk, number, sent, as_json)


@commands.command("show")
def show_(ctx: typer.Context, number: Number, home: Home, as_json: AsJson = False) -> None:
    """Show when each audience was told and is told next, the latest texts, and what was elevated."""
    desk = open_desk(ctx, home)
    with desk.record.read() as conn:
        headline(conn, number)
        stands, latest = views.communication(conn, number), views.updates(conn, number, limit=1)
        raised = views.elevations(conn, number)
    if as_json:
        show({"communication": stands, "latest": next(iter(latest), None), "elevations": raised}, True)
        return
    if stands is None:
        typer.echo(f"The plan tells nobody about INC-{number}.")
        return
    typer.echo(f"INC-{number} {stands.severity}: {stands.status}.")
    rows = [
        {"audience": one.audience, "told": _minute(one.told_at) or "not yet", "due": _minute(one.due)}
        for one in stands.audiences
    ]
    show(rows, False, ("audience", "told", "due"))
    for text in latest[0].texts if latest else ():
        waits = f" (waits for: {text.waits_for})" if text.waits_for else ""
        typer.echo(f"{text.title}{waits}: {text.text}")
    for one in raised:
        typer.echo(f"Elevated, {one.state}: {one.text}" + (f" Decided: {one.decided}" if one.decided else ""))


@commands.command("elevate")
def elevate(
    ctx: typer.Context,
    number: Number,
    text: Annotated[str, typer.Argument(help="One paragraph for those who answer for the organisation.")],
    home: Home,
    to: Annotated[list[str], typer.Option(help="A post of the plan; may be repeated, told in this order.")],
    decision: Annotated[str | None, typer.Option(help="The decision wanted.")] = None,
    acknowledge_within: Annotated[int, typer.Option(min=1, max=1440, help="Minutes for each post.")] = 15,
    as_json: AsJson = False,
) -> None:
    """Bring the incident before posts of the plan, one after another, until somebody takes note."""
    desk = open_desk(ctx, home)
    id = desk.record.perform(
        desk.who,
        lambda tx: actions.elevate(
            tx, number=number, text=text, to=to, decision=decision, acknowledge_within=acknowledge_within
        ),
    )
    with desk.record.read() as conn:
        row = next(one for one in views.elevations(conn, number) if one.elevation == id)
    told = ", ".join(f"{one.title} ({one.name or 'reached nobody'})" for one in row.told)
    show(row if as_json else f"INC-{number} is elevated ({id}); told: {told}.", as_json)


@commands.command("status-page")
def status_page(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(help="Where the files go; made if it is not there.", show_default=False)],
    home: Home,
    as_json: AsJson = False,
) -> None:
    """Write the public status page once, as files; the engine does so by itself where the settings name a folder."""
    from quarterdeck.comms.channels.folder import EVERY, write
    from quarterdeck.comms.channels.status_page import rendered, summary

    desk = open_desk(ctx, home)
    now = desk.record.clock.now()
    with desk.record.read() as conn:
        board = views.status_board(conn, now, EVERY)
    if board is None:
        raise Refused("NothingPublic", "The plan in force has no status page. Give it one: communication.status_page.")
    write(folder, rendered(board), now)
    show(summary(board) if as_json else f"{folder / 'index.html'}: {board.sentence}", as_json)


def _show_sent(desk: Desk, number: int, sent: actions.Sent, as_json: bool) -> None:
    with desk.record.read() as conn:
        row = views.updates(conn, number, limit=1, before=sent.update + 1)[0]
    if as_json:
        show(row, True)
        return
    for text in row.texts:
        to = (
            f"waits for: {text.waits_for}"
            if text.waits_for
            else ", ".join(text.people) or text.outside or ("the status page" if text.public else "nobody")
        )
        typer.echo(f"{text.title} ({to}): {text.text}")


def _instant(text: str | None) -> Instant | None:
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise Invalid("This is no instant.", ("next-update: write it with its zone, as 2026-03-03T18:00Z",))
    return at


def _minute(at: Any) -> str | None:
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else None
