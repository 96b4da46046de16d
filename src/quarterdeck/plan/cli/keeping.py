"""Commands on what is under way: drafts of the next revision, documents due a review, changes around the plan."""

from typing import Annotated

import typer

from quarterdeck.plan import views
from quarterdeck.plan.cli.group import commands
from quarterdeck.record.local import AsJson, Home, open_desk, show


@commands.command("drafts")
def drafts(
    ctx: typer.Context,
    home: Home,
    state: Annotated[
        str | None,
        typer.Option(help="draft, in review, approved, published, withdrawn or all; unless given: under way."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List drafts of the next revision, the latest first."""
    with open_desk(ctx, home).record.read() as conn:
        rows = views.drafts(conn, state=state, limit=1000)
    show(rows, as_json, columns=("number", "state", "based_on", "moved_on", "changed_at", "changed_by", "title"))


@commands.command("upkeep")
def upkeep(ctx: typer.Context, home: Home, as_json: AsJson = False) -> None:
    """List every document of the plan with its owner, its next review and what it waits for; overdue ones first."""
    with open_desk(ctx, home).record.read() as conn:
        rows = views.upkeep(conn)
    if as_json:
        show(rows, True)
        return
    lines = [
        {
            "document": row.document,
            "owner": row.owner,
            "next review": f"{row.next_due:%Y-%m-%d}",
            "": "overdue" if row.overdue else "",
            "open reviews": "; ".join(f"{one.trigger} since {one.opened_at:%Y-%m-%d}" for one in row.reviews),
        }
        for row in rows
    ]
    show(lines, False, columns=("document", "owner", "next review", "", "open reviews"))


@commands.command("changes")
def changes(ctx: typer.Context, home: Home, as_json: AsJson = False) -> None:
    """List what changed around the plan: open ones first, then with what they were closed."""
    with open_desk(ctx, home).record.read() as conn:
        rows = views.changes(conn)
    if as_json:
        show(rows, True)
        return
    lines = [
        {
            "number": row.number,
            "kind": row.kind,
            "happened": f"{row.happened_at:%Y-%m-%d}",
            "closed": "open" if row.open else f"revision {row.revision}" if row.revision else "no impact",
            "text": row.text,
        }
        for row in rows
    ]
    show(lines, False, columns=("number", "kind", "happened", "closed", "text"))
