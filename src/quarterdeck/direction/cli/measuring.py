"""`quarterdeck measure`: what there is to measure, a figure with its interval, in slices and down to the incidents."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from math import isfinite
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import Connection

from quarterdeck.direction.rules.measures import MEASURES, By, Clock, Figure, named
from quarterdeck.direction.rules.measures.wording import elsewhere, left_out, sentence, span_options
from quarterdeck.direction.views import measuring
from quarterdeck.direction.views.measuring import documents
from quarterdeck.kernel.time import micros
from quarterdeck.paper.charts import duration
from quarterdeck.record.local import AnyHome, AsJson, Home, open_desk, show

commands = typer.Typer(name="measure", help="Measures: list, show, incidents, load.", no_args_is_help=True)
Id = Annotated[str, typer.Argument(metavar="ID", help="As in `quarterdeck measure list`.", show_default=False)]
Since = Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day.")]
Until = Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="The day after the last.")]
Days = Annotated[int, typer.Option(min=1, max=36_600, help="How far back, where --from is not given.")]
Service = Annotated[str, typer.Option(help="Only of this service; `-`: of none.")]
Type = Annotated[str, typer.Option(help="Only of this type.")]
Severity = Annotated[str, typer.Option(help="Only of this severity.")]
Team = Annotated[str, typer.Option(help="Only of this team.")]
Cause = Annotated[str, typer.Option(help="Only with this factor.")]
Source = Annotated[str, typer.Option(help="Only brought in from here; `-`: managed here.")]
Month = Annotated[str, typer.Option(help="Only of this month, as 2026-03.")]
OnClock = Annotated[Clock, typer.Option(help="When it happened, or when it was written down.")]
COLUMNS = ("id", "name", "letters", "unit")


@commands.command("list")
def list_(home: AnyHome = None, as_json: AsJson = False) -> None:
    """List every measure; --json gives the exact definitions."""
    rows = [documents.definition(one) for one in MEASURES.values()]
    show({"items": rows, "next": None} if as_json else rows, as_json, COLUMNS)


@commands.command("show")
def show_(
    ctx: typer.Context,
    id: Id,
    home: Home,
    by: Annotated[By | None, typer.Option(help="In slices.")] = None,
    since: Since = None,
    until: Until = None,
    days: Days = measuring.DAYS,
    service: Service = "",
    type: Type = "",
    severity: Severity = "",
    team: Team = "",
    cause: Cause = "",
    source: Source = "",
    month: Month = "",
    clock: OnClock = "occurred",
    as_json: AsJson = False,
) -> None:
    """Show a figure with its interval, its n and the trend."""
    filters = _filters(service, type, severity, team, cause, source, month)
    with _question(ctx, home, id, since, until, days, filters, clock) as (_, question):
        answer, sliced = question.answer(), question.sliced(by) if by else None
    if as_json:
        show(documents.answer(question, answer, sliced), True)
        return
    typer.echo(f"{question.measure.name}, version {question.measure.version}: {question.measure.definition}")
    for line in (*_lines(answer.figure), answer.trend.sentence):
        typer.echo(line)
    if answer.on_record:
        typer.echo(f"{elsewhere(answer.on_record)} Ask for it: {span_options(answer.on_record)}")
    for name, figure in sliced.rows if sliced else ():
        typer.echo(f"  {name or 'none'}: {sentence(figure)}")
    if sliced and sliced.more:
        typer.echo(f"  {sliced.more} smaller ones are not shown.")


@commands.command()
def incidents(
    ctx: typer.Context,
    id: Id,
    home: Home,
    since: Since = None,
    until: Until = None,
    days: Days = measuring.DAYS,
    service: Service = "",
    type: Type = "",
    severity: Severity = "",
    team: Team = "",
    cause: Cause = "",
    source: Source = "",
    month: Month = "",
    clock: OnClock = "occurred",
    limit: Annotated[int, typer.Option(min=1, max=1_000_000, help="How many at most.")] = measuring.MOST,
    as_json: AsJson = False,
) -> None:
    """List the incidents behind a figure, the most telling first, and those left out of it with the reason."""
    filters = _filters(service, type, severity, team, cause, source, month)
    with _question(ctx, home, id, since, until, days, filters, clock) as (conn, question):
        found = documents.members(measuring.members(conn, question, limit))
    rows = [*found["items"], *found["left_out"]]
    show(found if as_json else [_row(row) for row in rows], as_json, ("number", "at", "what", "title"))


@commands.command("load")
def load_(
    ctx: typer.Context,
    home: Home,
    since: Since = None,
    until: Until = None,
    days: Days = measuring.DAYS,
    service: Service = "",
    type: Type = "",
    severity: Severity = "",
    team: Team = "",
    source: Source = "",
    as_json: AsJson = False,
) -> None:
    """Show the load of paging: pages, the people they went to, counted and not named, and the nights they broke."""
    record = open_desk(ctx, home).record
    now = record.clock.now()
    filters = _filters(service, type, severity, team, "", source, "")
    asked = measuring.asked(now, since and since.date(), until and until.date(), days, filters)
    with record.read() as conn:
        found = documents.load(measuring.paging_load(conn, asked, micros(now)))
    if as_json:
        show(found, True)
        return
    typer.echo(found["sentence"])
    typer.echo("By weekday and hour of who was paged, from 00 to 23:")
    for day, row in found["hours"].items():
        typer.echo(f"  {day} " + " ".join(f"{count:4d}" for count in row))


@contextmanager
def _question(
    ctx: typer.Context,
    home: Path,
    id: str,
    since: datetime | None,
    until: datetime | None,
    days: int,
    filters: dict[str, str],
    clock: Clock,
) -> Iterator[tuple[Connection, measuring.Question]]:
    measure = named(id)
    record = open_desk(ctx, home).record
    now = record.clock.now()
    asked = measuring.asked(now, since and since.date(), until and until.date(), days, filters)
    with record.read() as conn:
        yield conn, measuring.Question(conn, measure, asked, now, clock)


def _filters(*given: str) -> dict[str, str]:
    return dict(zip(("service", "type", "severity", "team", "cause", "source", "month"), given, strict=True))


def _lines(figure: Figure) -> Iterator[str]:
    yield sentence(figure)
    if figure.geometric and figure.geometric.low is not None and figure.geometric.value is not None:
        yield f"Geometric mean {duration(figure.geometric.value)}."
    for name, found in (("9 of 10", figure.p90), ("19 of 20", figure.p95)):
        if found and found.enough and found.value is not None and isfinite(found.value):
            assert found.low is not None and found.high is not None
            yield f"{name} within {duration(found.value)} (95 %: {duration(found.low)} to {duration(found.high)})."
    if left_out(figure):
        yield left_out(figure)
    if figure.imported:
        yield f"{figure.imported} of {figure.n} were brought in from elsewhere."


def _row(row: dict[str, Any]) -> dict[str, Any]:
    if "left_out" in row:
        what = f"left out: {row['left_out']}"
    elif "minutes" in row:
        what = duration(row["minutes"] * 60) + ("" if row["ended"] else " so far")
    else:
        what = f"{row['some']} of {row['of']}" if row.get("of") else ""
    return {"number": row["number"], "at": f"{row['at']:%Y-%m-%d %H:%M}", "what": what, "title": row["title"]}
