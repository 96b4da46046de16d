"""`quarterdeck report`: what senior management is told, on paper; the decisions it is asked for, and the mail."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from quarterdeck.direction import actions
from quarterdeck.direction.events.reporting import ExecutivePage
from quarterdeck.direction.rules.reporting.spans import end_of_day, looked_at
from quarterdeck.direction.rules.reporting.wording import ARROWS, by_when, day
from quarterdeck.direction.views import reporting as views
from quarterdeck.kernel.errors import Invalid
from quarterdeck.record.local import AsJson, Home, open_desk, show

commands = typer.Typer(
    name="report", help="What senior management is told: the executive page, decisions, mail.", no_args_is_help=True
)
Day = Annotated[datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="As of the end of that day.")]
Pdf = Annotated[Path | None, typer.Option("--pdf", help="Write it there as PDF (PDF/UA).", show_default=False)]
Force = Annotated[bool, typer.Option("--force", help="Write over a file that is there.")]
Number = Annotated[int, typer.Argument(metavar="NUMBER", help="As in D-3: 3.", show_default=False)]


@commands.command("executive")
def executive(
    ctx: typer.Context, home: Home, file: Pdf = None, as_of: Day = None, force: Force = False, as_json: AsJson = False
) -> None:
    """Show the executive page: at risk, better or worse, what to decide. With --pdf: one sheet of A4."""
    desk = open_desk(ctx, home)
    now = desk.record.clock.now()
    with desk.record.read() as conn:
        page = views.executive(conn, now, looked_at(as_of.date() if as_of else None, now))
    if as_json:
        show(msgspec.to_builtins(page), True)
    elif file is None:
        _tell(page)
    if file is not None:
        write(file, views.sheet(page, now, desk.settings.base_url), force)
        typer.echo(page.note or page.headline, err=as_json)
    if page.earlier and not as_json:
        typer.echo(f"For that time: quarterdeck report executive --as-of {page.earlier:%Y-%m-%d}")


@commands.command("issue")
def issue(ctx: typer.Context, home: Home, file: Pdf = None, force: Force = False) -> None:
    """Issue the page: freeze it as senior management gets it."""
    desk = open_desk(ctx, home)
    now = desk.record.clock.now()
    _free(file, force)
    with desk.record.read() as conn:
        page = views.executive(conn, now)
    number = desk.record.perform(desk.who, lambda tx: actions.issue_page(tx, page=page))
    typer.echo(f"Issued page {number}. {page.headline}")
    if file is not None:
        write(file, views.sheet(page, now, desk.settings.base_url, number), force)


@commands.command("issues")
def issues(ctx: typer.Context, home: Home, as_json: AsJson = False) -> None:
    """List the pages that were issued, the latest first."""
    with open_desk(ctx, home).record.read() as conn:
        rows = views.issues(conn)
    show(rows, as_json, ("number", "at", "period", "by_name", "headline"))


@commands.command("decisions")
def decisions(ctx: typer.Context, home: Home, as_json: AsJson = False) -> None:
    """List the decisions that are needed. Exit code 1 if there is one."""
    desk = open_desk(ctx, home)
    now = desk.record.clock.now()
    with desk.record.read() as conn:
        rows = views.wanted(conn, now)
    shown = [{"due": by_when(one.due, now), "question": one.question, "advice": one.advice} for one in rows]
    show(msgspec.to_builtins(rows) if as_json else shown, as_json, ("due", "question", "advice"))
    raise typer.Exit(1 if rows else 0)


@commands.command("ask")
def ask(
    ctx: typer.Context,
    question: Annotated[str, typer.Argument(help="What is to be decided, as a question.", show_default=False)],
    home: Home,
    due: Annotated[datetime | None, typer.Option("--by", formats=["%Y-%m-%d"], help="By which day.")] = None,
    waiting: Annotated[str, typer.Option(help="What waiting costs.")] = "",
    advice: Annotated[str, typer.Option(help="What we advise.")] = "",
    href: Annotated[str, typer.Option(help="The evidence: an address in the console, as /incidents/214.")] = "",
) -> None:
    """Ask senior management to decide; it stands on the page until it is settled."""
    desk = open_desk(ctx, home)
    day_ = end_of_day(due.date()) if due else None
    given = {"question": question, "waiting": waiting, "advice": advice, "href": href}
    number = desk.record.perform(desk.who, lambda tx: actions.ask_board(tx, due=day_, **given))
    typer.echo(f"D-{number} is asked.")


@commands.command("decided")
def decided(
    ctx: typer.Context,
    number: Number,
    decision: Annotated[str, typer.Argument(help="What was decided.", show_default=False)],
    home: Home,
    who: Annotated[str, typer.Option("--by", help="Who decided, in words.", show_default=False)],
) -> None:
    """Record what was decided."""
    desk = open_desk(ctx, home)
    given = {"decision": decision, "decided_by": who}
    desk.record.perform(desk.who, lambda tx: actions.take_board_decision(tx, number=number, **given))
    typer.echo(f"D-{number} is decided.")


@commands.command("followed")
def followed(
    ctx: typer.Context,
    number: Number,
    text: Annotated[str, typer.Argument(help="What came of it.", show_default=False)],
    home: Home,
) -> None:
    """Record what came of a decision."""
    desk = open_desk(ctx, home)
    desk.record.perform(desk.who, lambda tx: actions.follow_board_decision(tx, number=number, text=text))
    typer.echo(f"D-{number}: noted.")


@commands.command("withdraw")
def withdraw(
    ctx: typer.Context,
    number: Number,
    reason: Annotated[str, typer.Argument(help="Why it is no longer needed.", show_default=False)],
    home: Home,
) -> None:
    """Ask for a decision no longer."""
    desk = open_desk(ctx, home)
    desk.record.perform(desk.who, lambda tx: actions.withdraw_board_decision(tx, number=number, reason=reason))
    typer.echo(f"D-{number} is withdrawn.")


@commands.command("mail")
def mail(
    ctx: typer.Context,
    home: Home,
    every: Annotated[str, typer.Option(help="weekly, monthly or quarterly; nothing: show.", show_default=False)] = "",
    to: Annotated[
        list[str] | None, typer.Option(help="post:ID, role:NAME, team:ID, person:LOGIN, or a mail address; again.")
    ] = None,
    stop: Annotated[bool, typer.Option("--stop", help="Send it no longer.")] = False,
    as_json: AsJson = False,
) -> None:
    """Send the page by itself, with the sheet attached, once to each person and period."""
    desk = open_desk(ctx, home)
    if stop:
        desk.record.perform(desk.who, lambda tx: actions.stop_board_mail(tx))
    elif every or to:
        desk.record.perform(desk.who, lambda tx: actions.schedule_board_mail(tx, every=every, to=to or []))
    with desk.record.read() as conn:
        found = views.mailing(conn, desk.record.clock.now())
    if as_json:
        show({"mailing": found}, True)
    elif found is None:
        typer.echo("The page does not go out by itself.")
    else:
        typer.echo(
            f"The page goes out {found.every} to {', '.join(found.to)}, next on {day(found.next_at)}, 07:00 UTC."
        )


def _tell(page: ExecutivePage) -> None:
    """The page in the terminal."""
    typer.echo("\n".join((page.headline, *([page.note] if page.note else []), "", "At risk now")))
    for one in page.standings:
        typer.echo(f"  {one.name}: {one.text}")
        for each in one.beneath:
            typer.echo(f"    {each.text}")
    for line in (*page.hurting, *([page.exposure] if page.exposure else [])):
        typer.echo(f"  {line.text}")
    typer.echo(f"  {page.at_ease}\n\nIs it getting better? {page.trend_of}")
    for trend in page.trends:
        typer.echo(f"  {ARROWS[trend.direction]} {trend.title}: {trend.word}. {trend.text}")
    typer.echo("\nDecisions needed")
    for wanted in page.decisions:
        typer.echo(f"  {wanted.question} ({by_when(wanted.due, page.as_of)})")
        typer.echo(f"    Waiting: {wanted.waiting or 'not known.'} Advice: {wanted.advice or 'none yet.'}")
    since = f"Since {day(page.last_at)}" if page.last_at else "In the 30 days before"
    for name, lines in ((since, page.since_last), ("Overdue", page.overdue), ("Debt", page.debt)):
        typer.echo(f"\n{name}")
        for line in lines:
            typer.echo(f"  {line.text}")


def _free(file: Path | None, force: bool) -> None:
    if file is not None and file.exists() and not force:
        raise Invalid(f"{file} is there already. Nothing was written; name another file, or say --force.")


def write(file: Path, content: bytes, force: bool) -> None:
    _free(file, force)
    try:
        file.write_bytes(content)
    except OSError as error:
        raise Invalid(f"{file} cannot be written: {error.strerror or error}.") from error
    typer.echo(f"Wrote {file} ({max(1, len(content) // 1024):,} KB).")
