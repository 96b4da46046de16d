"""The command that prints the plan: one PDF with every section, to hand out or to file."""

from pathlib import Path
from typing import Annotated

import typer

from quarterdeck.kernel.errors import Invalid
from quarterdeck.paper.pdf import TooLarge, pdf
from quarterdeck.plan import views
from quarterdeck.plan.cli.group import FOUND_SOMETHING, commands
from quarterdeck.record.local import Home, open_desk


@commands.command("pdf")
def pdf_(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write it.", show_default=False)],
    home: Home,
    revision: Annotated[int | None, typer.Option(help="An earlier revision, by its number.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
) -> None:
    """Print the plan in force, or an earlier revision, as one accessible PDF (PDF/UA)."""
    if file.exists() and not force:
        raise Invalid(f"{file} is there already. Nothing was written; name another file, or say --force.")
    record = open_desk(ctx, home).record
    now = record.clock.now()
    with record.read() as conn:
        newest = views.revisions(conn, limit=1)
        if not newest:
            typer.echo("No plan is in force yet. Publish one: quarterdeck plan publish DIR --reason …", err=True)
            raise typer.Exit(FOUND_SOMETHING)
        number = revision if revision is not None else newest[0].revision
        document = views.printed(conn, number, now)
    try:
        content = pdf(document, made_at=now)
    except TooLarge as error:
        raise Invalid(f"{error} Export the files instead: quarterdeck plan export.") from error
    try:
        file.write_bytes(content)
    except OSError as error:
        raise Invalid(f"{file} cannot be written: {error.strerror or error}.") from error
    typer.echo(f"Wrote revision {number} to {file} ({len(content) // 1024:,} KB).")
