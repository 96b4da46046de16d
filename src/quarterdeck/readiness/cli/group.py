"""The group that every command of the room hangs on, and what several of them need."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from quarterdeck.kernel.errors import Invalid
from quarterdeck.readiness import views
from quarterdeck.readiness.rules.scenario_text import LONGEST
from quarterdeck.readiness.views.documents import document
from quarterdeck.record import Tx
from quarterdeck.record.local import open_desk, show

commands = typer.Typer(
    name="drill", help="Exercises: check scenarios, plan, run, score; what was exercised when.", no_args_is_help=True
)
FOUND_SOMETHING = 1
Number = Annotated[str, typer.Argument(metavar="NUMBER", help="The exercise, as in 3 or EX-3.", show_default=False)]
ScenarioFile = Annotated[Path, typer.Argument(metavar="SCENARIO", help="A scenario file (YAML).", show_default=False)]


def numbered(given: str, prefix: str = "EX-") -> int:
    text = given.upper().removeprefix(prefix)
    if not text.isdecimal() or len(text) > 9:
        raise Invalid(f"{given!r} is no number.", (f"NUMBER: write it as 3 or {prefix}3",))
    return int(text)


def text_of(path: Path) -> str:
    """The file's text. Raises `Invalid` for what is no text, or too long to be a scenario."""
    if not path.is_file():
        raise Invalid(f"There is no file {path}.")
    if path.stat().st_size > 4 * LONGEST:
        raise Invalid(f"{path} is too long for a scenario.")
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise Invalid(f"{path} is not UTF-8 text.") from error


def act(ctx: typer.Context, home: Path, number: int, doing: Callable[[Tx], object], as_json: bool) -> None:
    """Do it, then show the exercise as it stands."""
    desk = open_desk(ctx, home)
    desk.record.perform(desk.who, doing)
    present(ctx, home, number, as_json)


def present(ctx: typer.Context, home: Path, number: int, as_json: bool) -> None:
    with open_desk(ctx, home).record.read() as conn:
        sheet = views.sheet(conn, number)
    if as_json:
        show(document(sheet), True)
        return
    row = sheet.row
    typer.echo(f"{row.name} {row.title}: {row.state}. {row.kind}, {row.type_title}, plan revision {row.plan_revision}.")
    for one in sheet.injects:
        when = f"{one.at:%H:%M}" if one.at else f"+{one.inject.at} min"
        typer.echo(f"  {when:>8}  {one.state:9} {one.inject.id}: {one.how or one.inject.happening}")
    for objective in sheet.objectives:
        rated = objective.rated.rating if objective.rated else f"suggested {objective.suggested.rating or 'nothing'}"
        typer.echo(f"{objective.objective.title}: {rated}. {objective.suggested.why}")
        for found in objective.expected:
            typer.echo(f"    {found.verdict:7} {sheet.says(found)}")
    for finding in sheet.findings:
        typer.echo(f"{finding.kind}: {finding.text}")
    if sheet.incidents:
        typer.echo("Incidents: " + ", ".join(f"INC-{one.number} ({one.state})" for one in sheet.incidents))
