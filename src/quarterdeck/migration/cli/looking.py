"""A dry run: which column says what, every value with its meaning, the first incidents, what would be brought in."""

from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.table import Table

from quarterdeck.command.views import by_sources
from quarterdeck.migration.rules.asked import Asked
from quarterdeck.migration.rules.formats import Format
from quarterdeck.migration.rules.looking import Looked, outcome_of, values_of
from quarterdeck.migration.rules.mapping import Fields, Mapping
from quarterdeck.migration.rules.told import Rejection, Told
from quarterdeck.migration.sources import read_history
from quarterdeck.record.local import Desk, show

FIRST = 8
MOST_SHOWN = 12
_AT_ONCE = 500


def look(desk: Desk, format: Format, path: Path, asked: Asked, as_json: bool) -> None:
    """Read everything, record nothing. Exit code 1 if a row would be rejected."""
    looked = Looked()
    items = read_history(format, path, asked)
    while some := list(islice(items, _AT_ONCE)):
        looked.take(some, desk.record.clock.now(), _known(desk, some))
    if as_json:
        show(_document(looked, asked), True)
    else:
        _tell(looked, asked, path)
    if looked.rejected:
        raise typer.Exit(1)


def _known(desk: Desk, some: list[Told | Rejection]) -> set[str]:
    with desk.record.read() as conn:
        return set(by_sources(conn, [one.source for one in some if isinstance(one, Told)]))


def _document(looked: Looked, asked: Asked) -> dict[str, Any]:
    seen = asked.seen
    return {
        "file": {name: getattr(seen, name) for name in ("encoding", "delimiter", "dates", "zone", "columns", "rows")},
        "fitted": seen.fitted,
        "values": {
            name: [{"value": value, "count": count, "means": means} for value, count, means in values_of(asked, name)]
            for name in seen.values
        },
        "unmapped": seen.unmapped,
        **asdict(looked),
    }


def _tell(looked: Looked, asked: Asked, path: Path) -> None:
    console, seen = Console(), asked.seen
    if asked.mapping is not None:
        marks = f", delimiter {seen.delimiter!r}" if seen.delimiter else ""
        typer.echo(f"{path.name}: {seen.encoding}{marks}, dates {seen.dates} in {seen.zone}, {seen.rows:,} rows")
        _columns(console, asked, asked.mapping)
        for name in seen.values:
            _show_values(console, asked, name)
    if looked.first:
        typer.echo("\nThe first incidents would be")
        table = Table(box=None, pad_edge=False)
        for name in ("number", "severity", "opened", "resolved", "closed", "facts", "title"):
            table.add_column(name, no_wrap=True)
        for one in looked.first[:FIRST]:
            table.add_row(*(str(cell) for cell in outcome_of(one)))
        console.print(table, markup=False)
    typer.echo(f"\n{looked.incidents - looked.known:,} incidents would be brought in with {looked.facts:,} facts.")
    for count, words in (
        (looked.known, "are here already"),
        (looked.doubts, "contradictions would be kept as told and marked"),
        (looked.apart, "would rightly be left out"),
        (looked.rejected, "rows would be rejected"),
    ):
        if count:
            typer.echo(f"{count:,} {words}.")
    for reason, line, count in looked.frequent():
        typer.echo(f"  {count:>7,}  {reason} (first in line {line})")


def _columns(console: Console, asked: Asked, mapping: Mapping) -> None:
    fitted, table = asked.seen.fitted, Table("what", "column", box=None, pad_edge=False)
    for name, column in fitted.items():
        table.add_row(name, column)
    typer.echo("")
    console.print(table, markup=False)
    unused = [column for column in asked.seen.columns if column not in fitted.values()]
    absent = [name for name in Fields.model_fields if getattr(mapping.columns, name) and name not in fitted]
    if unused:
        typer.echo(f"Not used: {', '.join(unused[:40])}")
    if absent:
        typer.echo(f"Not there: {', '.join(absent)}")


def _show_values(console: Console, asked: Asked, name: str) -> None:
    typer.echo(f"\n{name}: {len(asked.seen.values[name]):,} different values")
    table = Table(box=None, pad_edge=False, show_header=False)
    rows = values_of(asked, name)
    for value, count, means in rows[:MOST_SHOWN]:
        table.add_row(f"{count:>9,}", value[:60] or "(empty)", means)
    console.print(table, markup=False)
    if len(rows) > MOST_SHOWN:
        typer.echo(f"  and {len(rows) - MOST_SHOWN:,} more")
