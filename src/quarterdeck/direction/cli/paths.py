"""`quarterdeck paths`: which ways incidents really go, how long they wait on them, and who took one."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated

import typer

from quarterdeck.direction.cli.measuring import Days, Service, Severity, Since, Source, Team, Type, Until
from quarterdeck.direction.rules.paths import Detail
from quarterdeck.direction.rules.paths.drawing import lasted, link_words
from quarterdeck.direction.rules.paths.wording import (
    as_planned,
    hand_overs,
    how_many,
    path_words,
    relation_words,
    waits,
)
from quarterdeck.direction.views import measuring, path_documents, tracing
from quarterdeck.direction.views.tracing import Tracing, Walked
from quarterdeck.paper.charts import duration
from quarterdeck.record.local import AsJson, Home, open_desk, show

commands = typer.Typer(name="paths", help="Paths of incidents: show, incidents.", no_args_is_help=True)
Fine = Annotated[Detail, typer.Option(help="How fine to look.")]
Covered = Annotated[int, typer.Option(min=1, max=100, help="Per cent of the incidents whose paths are shown.")]
FEW = 8


@commands.command("show")
def show_(
    ctx: typer.Context,
    home: Home,
    detail: Fine = "course",
    cover: Covered = tracing.COVER,
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
    """Show the paths that incidents took, where their time went, their hand-overs, and what the plan says to it."""
    filters = {"service": service, "type": type, "severity": severity, "team": team, "source": source}
    with _tracing(ctx, home, detail, since, until, days, filters) as tracing_:
        found = tracing_.answer(cover)
    if as_json:
        show(path_documents.walked(found), True)
    else:
        _tell(found)


@commands.command()
def incidents(
    ctx: typer.Context,
    id: Annotated[str, typer.Argument(metavar="PATH", help="As `paths show` names it.", show_default=False)],
    home: Home,
    detail: Fine = "course",
    since: Since = None,
    until: Until = None,
    days: Days = measuring.DAYS,
    service: Service = "",
    type: Type = "",
    severity: Severity = "",
    team: Team = "",
    source: Source = "",
    limit: Annotated[int, typer.Option(min=1, max=1_000_000, help="How many at most.")] = tracing.MEMBERS,
    as_json: AsJson = False,
) -> None:
    """List the incidents that took a path, the longest first."""
    filters = {"service": service, "type": type, "severity": severity, "team": team, "source": source}
    with _tracing(ctx, home, detail, since, until, days, filters) as tracing_:
        found = path_documents.taken(tracing_.taken(id, limit))
    rows = [{**row, "number": f"INC-{row['number']}"} for row in found["items"]]
    show(found if as_json else rows, as_json, ("number", "minutes", "title"))


@contextmanager
def _tracing(
    ctx: typer.Context,
    home: Home,
    detail: Detail,
    since: datetime | None,
    until: datetime | None,
    days: int,
    filters: dict[str, str],
) -> Iterator[Tracing]:
    record = open_desk(ctx, home).record
    asked = measuring.asked(record.clock.now(), since and since.date(), until and until.date(), days, filters)
    with record.read() as conn:
        yield Tracing(conn, asked, detail)


def _tell(found: Walked) -> None:
    typer.echo(how_many(found.n, found.paths, found.drawn_paths, found.covered))
    if found.open:
        typer.echo(f"{found.open:,} are still open and left out.")
    if not found.n:
        return
    typer.echo(as_planned(found.kept, found.against.planned))
    for one in [one for one in found.variants if one.drawn]:
        typer.echo(f"  {one.id}  {one.n:>7,}  {one.share * 100:>3.0f} %  {path_words(one.keys, found.titles)}")
        typer.echo(f"              half within {lasted(one.lasted)}")
    typer.echo(waits(found.graph))
    for edge in found.graph.bottlenecks(FEW):
        wait = duration(edge.wait.value or 0)
        typer.echo(f"  {edge.share * 100:>3.0f} %  {link_words(edge, found.titles)}: median {wait}, n {edge.wait.n:,}")
    typer.echo(hand_overs(found.handovers))
    for pair in found.handovers.pairs[:FEW]:
        typer.echo(f"  {pair.times:>7,}  {pair.giver} → {pair.taker}, {pair.returned:,} straight back")
    for relation in [one for one in found.against.relations if one.kept < one.n][:FEW]:
        typer.echo(relation_words(relation, found.titles))
