"""`quarterdeck search` and `quarterdeck similar`: what is known already, from the command line."""

from typing import Annotated

import typer

from quarterdeck.command.views import headline
from quarterdeck.kernel.errors import Invalid
from quarterdeck.learning import views
from quarterdeck.record.local import AsJson, Home, open_desk, show

commands = typer.Typer()


@commands.command("search")
def search(
    ctx: typer.Context,
    home: Home,
    words: Annotated[list[str], typer.Argument(help="Words; the last one may be only begun.", show_default=False)],
    kind: Annotated[list[str] | None, typer.Option(help="Only incident, review, lesson, procedure …")] = None,
    limit: Annotated[int, typer.Option(min=1, max=50)] = 20,
    as_json: AsJson = False,
) -> None:
    """Find incidents, reviews, lessons and documents of the plan. Exit code 1 if nothing has these words."""
    with open_desk(ctx, home).record.read() as conn:
        rows = views.search(conn, " ".join(words), tuple(kind or ()), limit)
    if as_json:
        show(rows, True)
    for row in [] if as_json else rows:
        typer.echo(f"{row.kind} {row.key}  {row.title}")
        typer.echo(f"    {''.join(text for text, _ in row.snippet)}")
    if not rows:
        typer.echo("Nothing has these words.", err=True)
        raise typer.Exit(1)


@commands.command("similar")
def similar(
    ctx: typer.Context,
    home: Home,
    number: Annotated[int | None, typer.Argument(help="The incident's number.", show_default=False)] = None,
    title: Annotated[str, typer.Option(help="Instead of a number: what is wrong.")] = "",
    service: Annotated[str, typer.Option(help="With a title: the service.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=20)] = 5,
    as_json: AsJson = False,
) -> None:
    """Past incidents like this one, why they are alike, and what ended them. Exit code 1 if there are none."""
    if (number is None) == (not title.strip()):
        raise Invalid("Which incident?", ("give its number, or --title with what is wrong",))
    with open_desk(ctx, home).record.read() as conn:
        if number is None:
            rows = views.similar_to(conn, title, service or None, limit=limit)
        else:
            headline(conn, number)
            rows = views.similar_incidents(conn, number, limit)
    if as_json:
        show(rows, True)
    for row in [] if as_json else rows:
        typer.echo(f"INC-{row.number} {row.severity} {row.title} ({row.state}, {row.declared_at:%d %b %Y})")
        typer.echo(f"    {row.degree:.0%} alike: {'; '.join(row.reasons)}")
        for line in _remedy(row.remedy):
            typer.echo(f"    {line}")
    if not rows:
        typer.echo("No past incident is like this one.", err=True)
        raise typer.Exit(1)


def _remedy(remedy: views.Remedy) -> list[str]:
    said = [f"What ended it: {remedy.said}"] if remedy.said else []
    steps = [f"Done: {step.title} ({step.evidence})" for step in remedy.steps]
    taught = [f"L-{one.number} ({one.state}): {one.headline}" for one in remedy.lessons]
    return [*said, *steps, *([f"Review: {remedy.review}"] if remedy.review else []), *taught]
