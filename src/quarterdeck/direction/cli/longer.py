"""`quarterdeck report programme`, `service` and `team`: the longer reports, in the terminal and on paper."""

from collections.abc import Callable
from typing import Annotated

import msgspec
import typer
from sqlalchemy import Connection

from quarterdeck.direction.cli.reporting import Force, Pdf, commands, write
from quarterdeck.direction.rules.reporting.quarters import quarter_named
from quarterdeck.direction.views import reporting as views
from quarterdeck.kernel.time import Instant
from quarterdeck.paper.document import Document
from quarterdeck.paper.pdf import pdf
from quarterdeck.paper.source import source
from quarterdeck.record.local import Home, open_desk

Make = Callable[[Connection, Instant], Document]


@commands.command("programme")
def programme(
    ctx: typer.Context,
    home: Home,
    quarter: Annotated[str, typer.Option(help="As 2026Q3; the running one unless given.")] = "",
    file: Pdf = None,
    force: Force = False,
) -> None:
    """Report on the programme in a quarter: measures, objectives, what was learnt and tried, debt, what we ask for."""
    _tell(ctx, home, lambda conn, now: views.programme(conn, quarter_named(quarter, now), now), file, force)


@commands.command("service")
def service(
    ctx: typer.Context,
    id: Annotated[str, typer.Argument(metavar="ID", help="As in `quarterdeck service list`.", show_default=False)],
    home: Home,
    file: Pdf = None,
    force: Force = False,
) -> None:
    """Review a service over 13 weeks: against what it can bear, what hurt, why, what it costs, what is under way."""
    _tell(ctx, home, lambda conn, now: views.service_review(conn, id, now), file, force)


@commands.command("team")
def team(
    ctx: typer.Context,
    id: Annotated[str, typer.Argument(metavar="ID", help="As in `quarterdeck team list`.", show_default=False)],
    home: Home,
    file: Pdf = None,
    force: Force = False,
) -> None:
    """The same of all services that a team owns."""
    _tell(ctx, home, lambda conn, now: views.team_review(conn, id, now), file, force)


def _tell(ctx: typer.Context, home: Home, make: Make, file: Pdf, force: bool) -> None:
    desk = open_desk(ctx, home)
    record, now = desk.record, desk.record.clock.now()
    with record.read() as conn:
        made = make(conn, now)
    if file is None:
        typer.echo(source(made), nl=False)
    else:
        led = msgspec.structs.replace(made, base_url=desk.settings.base_url)
        write(file, pdf(led, made_at=now), force)


__all__ = ["commands"]
