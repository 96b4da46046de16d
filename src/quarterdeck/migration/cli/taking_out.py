"""`quarterdeck export`: the record's incidents as XES, OCEL, CSV or Parquet, for other tools to look at."""

import csv
import gzip
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, TextIO

import typer
from rich.console import Console
from rich.progress import Progress

from quarterdeck.command.views import Filters
from quarterdeck.kernel.errors import Invalid
from quarterdeck.migration import views
from quarterdeck.migration.rules.mapping import SYSTEM
from quarterdeck.migration.rules.naming import Names
from quarterdeck.migration.rules.writing.kept import OWN, Kept
from quarterdeck.migration.rules.writing.ocel import ocel
from quarterdeck.migration.rules.writing.tables import FACTS, INCIDENTS, PATHS, fact_rows, incident_rows, path_rows
from quarterdeck.migration.rules.writing.xes import xes
from quarterdeck.migration.sources.files.keys import pseudonym_key
from quarterdeck.migration.views import Wanted
from quarterdeck.paper.spreadsheets import harmless
from quarterdeck.record.local import Home, open_desk

commands = typer.Typer(name="export", help="Take the incidents out: XES, OCEL, CSV, Parquet.", no_args_is_help=True)
Again = Callable[[], Iterator[Kept]]
Rows = Callable[[Iterable[Kept]], Iterator[list[str]]]
_SAYS = {
    "xes": "XES for process mining; `import xes` brings it back as it was.",
    "ocel": "OCEL 2.0 as JSON, for object-centric process mining.",
    "csv": "CSV with one row an incident; Parquet if FILE ends with .parquet.",
    "facts": "CSV with one row a recorded fact; Parquet if FILE ends with .parquet.",
    "paths": "CSV with one row an activity, as the page Paths draws it; Parquet if FILE ends with .parquet.",
    "parquet": "Parquet with one row an incident; needs the extra `columns`.",
}


def _command(format: str) -> Callable[..., None]:
    def run(
        ctx: typer.Context,
        file: Annotated[Path, typer.Argument(help="Where to; packed if it ends with .gz.", show_default=False)],
        home: Home,
        imported: Annotated[bool | None, typer.Option(help="Only those brought in, or only your own.")] = None,
        source: Annotated[str, typer.Option(help="Only those from this system, as servicenow.")] = "",
        system: Annotated[str, typer.Option(help="What your own are called elsewhere, before their number.")] = OWN,
        pseudonymise: Annotated[bool, typer.Option("--pseudonymise", help="Names of people by a hash.")] = False,
    ) -> None:
        if not SYSTEM.fullmatch(system):
            raise Invalid("That is no name of a system.", ("system: lower-case letters, digits and hyphens",))
        desk = open_desk(ctx, home)
        wanted = Wanted(Filters(imported=imported, source=source).checked(), system, activities=format == "paths")
        names = Names(pseudonym_key(desk.settings.home) if pseudonymise else None)
        with desk.record.read() as conn:
            total = views.count_to_export(conn, wanted)
        rounds = 2 if format == "ocel" else 1
        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("Writing", total=total * rounds)

            def again() -> Iterator[Kept]:
                for one in views.incidents_to_export(desk.record, wanted, names):
                    bar.advance(task)
                    yield one

            _WRITERS[format](file, again)
        typer.echo(f"{total:,} incidents in {file}.")

    run.__doc__ = _SAYS[format]
    return run


def _texts(pieces: Callable[[Again], Iterator[str]]) -> Callable[[Path, Again], None]:
    def write(path: Path, again: Again) -> None:
        with _replaced(path) as out:
            for piece in pieces(again):
                out.write(piece)

    return write


def _table(columns: Mapping[str, str], rows: Rows, *, parquet: bool = False) -> Callable[[Path, Again], None]:
    """CSV; Parquet, with types, if it is asked for or the name ends so."""

    def write(path: Path, again: Again) -> None:
        if parquet or path.suffix == ".parquet":
            _parquet(path, columns, rows(again()))
            return
        with _replaced(path) as out:
            writer = csv.writer(out)
            writer.writerow(columns)
            writer.writerows([harmless(cell) for cell in row] for row in rows(again()))

    return write


def _parquet(path: Path, columns: Mapping[str, str], rows: Iterable[list[str]]) -> None:
    try:
        import duckdb
    except ImportError:
        remedy = "install it: pip install 'quarterdeck[columns]', or write a file whose name ends with .csv"
        raise Invalid("Parquet needs DuckDB.", (remedy,)) from None
    _folder(path)
    with TemporaryDirectory() as folder:
        plain = Path(folder) / "rows.csv"
        with plain.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(columns)
            writer.writerows(rows)
        beside = path.with_name(f".{path.name}.part")
        connection: Any = duckdb.connect()
        table = connection.read_csv(
            str(plain), header=True, columns=dict(columns), timestamp_format="%Y-%m-%dT%H:%M:%S.%fZ"
        )
        try:
            table.write_parquet(str(beside))
            os.replace(beside, path)
        finally:
            connection.close()
            beside.unlink(missing_ok=True)


def _folder(path: Path) -> None:
    if not path.parent.is_dir():
        raise Invalid("There is no such folder.", (f"{path.parent}: make it first",))


@contextmanager
def _replaced(path: Path) -> Iterator[TextIO]:
    """The file is whole or as it was: it is written beside its place and moved there at the end."""
    _folder(path)
    beside = path.with_name(f".{path.name}.part")
    opener: Any = gzip.open if path.suffix == ".gz" else open
    try:
        with opener(beside, "wt", encoding="utf-8", newline="") as out:
            yield out
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


_WRITERS: dict[str, Callable[[Path, Again], None]] = {
    "xes": _texts(lambda again: xes(again())),
    "ocel": _texts(ocel),
    "csv": _table(INCIDENTS, incident_rows),
    "facts": _table(FACTS, fact_rows),
    "paths": _table(PATHS, path_rows),
    "parquet": _table(INCIDENTS, incident_rows, parquet=True),
}
for _format in _WRITERS:
    commands.command(_format)(_command(_format))
