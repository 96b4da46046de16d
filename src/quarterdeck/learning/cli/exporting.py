"""`quarterdeck review export` and `pdf`: a review to take away, with people's names or without."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from quarterdeck.kernel.errors import Invalid
from quarterdeck.learning import views
from quarterdeck.learning.cli.reviewing import Number, commands
from quarterdeck.paper.pdf import TooLarge, pdf
from quarterdeck.record.local import AsJson, Home, open_desk

Anonymous = Annotated[
    bool, typer.Option("--anonymous", help="Roles and letters for names, logins and addresses, in free text too.")
]
RootCause = Annotated[
    bool, typer.Option("--root-cause", help="With such a section, rendered from the factors that were agreed on.")
]


@commands.command("export")
def export(
    ctx: typer.Context,
    number: Number,
    home: Home,
    anonymous: Anonymous = False,
    root_cause: RootCause = False,
    as_json: AsJson = False,
) -> None:
    """Print the review as Markdown, or with --json as data."""
    with open_desk(ctx, home).record.read() as conn:
        taken = views.taken_away(conn, number, anonymous=anonymous, root_cause=root_cause)
    if as_json:
        typer.echo(msgspec.json.format(msgspec.json.encode(taken.data), indent=2).decode())
    else:
        typer.echo(taken.markdown, nl=False)


@commands.command("pdf")
def pdf_(
    ctx: typer.Context,
    number: Number,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write it.", show_default=False)],
    home: Home,
    anonymous: Anonymous = False,
    root_cause: RootCause = False,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
) -> None:
    """Print the review as one accessible PDF (PDF/UA)."""
    if file.exists() and not force:
        raise Invalid(f"{file} is there already. Nothing was written; name another file, or say --force.")
    record = open_desk(ctx, home).record
    with record.read() as conn:
        taken = views.taken_away(conn, number, anonymous=anonymous, root_cause=root_cause)
    try:
        file.write_bytes(pdf(taken.document, made_at=record.clock.now()))
    except TooLarge as error:
        raise Invalid(f"{error} Take it as Markdown instead: quarterdeck review export.") from error
    except OSError as error:
        raise Invalid(f"{file} cannot be written: {error.strerror}.") from None
    typer.echo(f"Wrote {file}.")
