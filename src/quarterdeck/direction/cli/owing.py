"""`quarterdeck debt`: what is overdue, and the duties behind it."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from quarterdeck.direction import views
from quarterdeck.kernel.errors import Invalid
from quarterdeck.learning import actions as learning
from quarterdeck.learning.rules.duties import checked, sentence
from quarterdeck.learning.views import duties_now, would_have_caught
from quarterdeck.record.local import AsJson, Home, open_desk, show

commands = typer.Typer(name="debt", help="What is overdue and whose it is; the duties behind it.", no_args_is_help=True)
COLUMNS = ("days", "subject", "ref", "owner_name", "title")


@commands.command("list")
def list_(
    ctx: typer.Context,
    home: Home,
    owner: Annotated[str | None, typer.Option(help="Only what this person (an id) looks after.")] = None,
    as_json: AsJson = False,
) -> None:
    """List everything overdue, the longest first. Exit code 1 if there is something."""
    desk = open_desk(ctx, home)
    now = desk.record.clock.now()
    with desk.record.read() as conn:
        rows = views.debt(conn, now, owner=owner)
    shown = [{**vars(row), "days": (now - row.due).days} for row in rows]
    show(rows if as_json else shown, as_json, COLUMNS)
    if rows:
        raise typer.Exit(1)


@commands.command("duties")
def duties(ctx: typer.Context, home: Home, as_json: AsJson = False) -> None:
    """List the duties: what is owed by when."""
    with open_desk(ctx, home).record.read() as conn:
        known, _ = duties_now(conn)
    rows = [{**msgspec.to_builtins(one), "sentence": sentence(one)} for one in known.duties]
    show(rows, as_json, ("id", "enabled", "sentence"))


@commands.command("preview")
def preview(
    ctx: typer.Context,
    home: Home,
    subject: Annotated[
        str,
        typer.Argument(
            help="review, validation, disposition, improvement, verification, document or recurrence.",
            show_default=False,
        ),
    ],
    within: Annotated[int, typer.Option(help="Days.", show_default=False)],
    working_days: Annotated[bool, typer.Option("--working-days", help="Count working days.")] = False,
    severity: Annotated[list[str] | None, typer.Option(help="Only of these; may be given again.")] = None,
    days: Annotated[int, typer.Option(help="How far back.", min=1, max=36_500)] = 365,
    as_json: AsJson = False,
) -> None:
    """Show what a duty would have caught in the past, before it is enabled."""
    desk = open_desk(ctx, home)
    now = desk.record.clock.now()
    unit = "working-days" if working_days else "days"
    given: dict[str, Any] = {"id": "preview", "subject": subject, "within": within, "unit": unit}
    duty = checked({**given, "severities": tuple(severity or ())})
    with desk.record.read() as conn:
        found = would_have_caught(conn, duty, now, now - timedelta(days=days))
    rows = [
        {"ref": one.case.ref, "late": f"{one.late.days} d", "settled": one.case.settled, "title": one.case.title}
        for one in found.caught
    ]
    if not as_json:
        typer.echo(f"{found.sentence} It would have caught {len(found.caught)} of {found.cases} in {days} days.")
    show({"cases": found.cases, "items": rows} if as_json else rows, as_json, ("ref", "late", "settled", "title"))


@commands.command("revise")
def revise(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="All duties as JSON, as `debt duties --json` prints them.")],
    home: Home,
    reason: Annotated[str, typer.Option(help="Why, for the record.", show_default=False)],
    as_json: AsJson = False,
) -> None:
    """Put the duties of a file in the place of all that there are."""
    desk = open_desk(ctx, home)
    try:
        rows = json.loads(file.read_text(encoding="utf-8"))
        given = [checked({name: value for name, value in row.items() if name != "sentence"}) for row in rows]
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise Invalid(f"{file} cannot be read as duties.", (f"{file}: {error}",)) from None
    desk.record.perform(desk.who, lambda tx: learning.revise_duties(tx, duties=given, reason=reason))
    with desk.record.read() as conn:
        known, _ = duties_now(conn)
    shown = [{**msgspec.to_builtins(one), "sentence": sentence(one)} for one in known.duties]
    show(shown, as_json, ("id", "enabled", "sentence"))
