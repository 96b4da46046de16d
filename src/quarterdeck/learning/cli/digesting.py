"""`quarterdeck learned` and `quarterdeck reading`: a month's lessons, and what to read before going on call."""

from typing import Annotated

import typer

from quarterdeck.governance.views import person_by_login
from quarterdeck.kernel.errors import NotFound
from quarterdeck.learning import views
from quarterdeck.record.local import AsJson, Home, open_desk, show

commands = typer.Typer()


@commands.command("learned")
def learned(
    ctx: typer.Context,
    home: Home,
    month: Annotated[str, typer.Option(help="2026-03; unless given: this month.")] = "",
    team: Annotated[str, typer.Option(help="Only of this team's services.")] = "",
    as_json: AsJson = False,
) -> None:
    """What was learnt in a month: reviews, lessons and what answered them, verified actions, changes of the plan."""
    desk = open_desk(ctx, home)
    with desk.record.read() as conn:
        found = views.learned(conn, month or f"{desk.record.clock.now():%Y-%m}", team or None)
    if as_json:
        show(found, True)
        return
    typer.echo(f"{found.month_words}, {found.team_name or 'everybody'}")
    for line in found.lines[1:]:
        typer.echo(line)


@commands.command("reading")
def reading(
    ctx: typer.Context,
    login: Annotated[str, typer.Argument(help="Whose reading list.", show_default=False)],
    home: Home,
    as_json: AsJson = False,
) -> None:
    """What to read before going on call: the plan's changes, incidents and lessons since the last shift."""
    desk = open_desk(ctx, home)
    with desk.record.read() as conn:
        person = person_by_login(conn, login)
        if person is None:
            raise NotFound(f"person {login}")
        found = views.reading(conn, person.id, desk.record.clock.now())
    if as_json:
        show(found, True)
        return
    shift = f"next shift {found.shift.start:%d %b %H:%M} UTC, {found.shift.title}" if found.shift else "no shift ahead"
    typer.echo(f"{found.name}: {shift}; new since {found.since:%d %b %Y}")
    for change in found.changes:
        typer.echo(f"  plan revision {change.revision}: {change.reason}")
        for sentence in change.sentences:
            typer.echo(f"    {sentence}")
    for incident in found.incidents:
        typer.echo(f"  INC-{incident.number} {incident.severity} {incident.title} ({incident.state})")
    for lesson in found.lessons:
        typer.echo(f"  {lesson.name} {lesson.headline}")
    for action in found.actions:
        typer.echo(f"  {action.name} due {action.due:%d %b %Y}: {action.title}")
    if found.nothing:
        typer.echo("  Nothing is new.")
