"""The command line's way in: open a home's record as the local operator, and print answers for people or programs.

Rooms' `cli.py` use it like this:

    commands = typer.Typer(name="incident", help="…")    # the app mounts it under that name

    @commands.command("list")
    def list_(ctx: typer.Context, home: Home, as_json: AsJson = False) -> None:
        desk = open_desk(ctx, home)
        with desk.record.read() as conn:
            show(views.incidents(conn), as_json, columns=("number", "severity", "title"))
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Protocol

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from quarterdeck.kernel.principal import Principal
from quarterdeck.kernel.time import Instant, ManualClock
from quarterdeck.record.record import Record

Home = Annotated[
    Path,
    typer.Option("--home", envvar="QUARTERDECK_HOME", help="The home made by `quarterdeck init`.", show_default=False),
]
AnyHome = Annotated[
    Path | None,
    typer.Option(
        "--home", envvar="QUARTERDECK_HOME", help="Not needed; taken as by every command.", show_default=False
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


@dataclass(frozen=True)
class Desk:
    """An opened home. Whoever may read its database acts as `local`, with every permission, and is recorded as that."""

    record: Record
    who: Principal
    settings: Any


@dataclass(frozen=True)
class Sent:
    """A message that would have gone out of a house on trial. `to`: the address."""

    at: Instant
    to: str
    purpose: str
    about: str
    text: str


class Sandbox(Protocol):
    """A house on trial: every room wired to an empty store, under a clock that moves when told to."""

    record: Record
    clock: ManualClock
    sent: list[Sent]

    def settle(self) -> None: ...

    def next_due(self) -> Instant | None: ...

    def forward(self, to: Instant) -> None: ...


LOCAL = Principal("local", roles=frozenset({"administrator", "intake"}))
Opener = Callable[[Path], Desk]


def open_desk(ctx: typer.Context, home: Path) -> Desk:
    """The desk of this home; the app put the opener in the context."""
    opener: Opener = ctx.find_root().obj
    return opener(home)


SANDBOX = "quarterdeck.sandbox"


def open_sandbox(ctx: typer.Context, start: Instant) -> AbstractContextManager[Sandbox]:
    """A house on trial that begins at this instant; the app put the way to make one in the context."""
    made: AbstractContextManager[Sandbox] = ctx.meta[SANDBOX](start)
    return made


def show(value: Any, as_json: bool, columns: Sequence[str] = ()) -> None:
    """Print rows as a table with these columns, or any value as JSON."""
    if as_json:
        typer.echo(msgspec.json.format(msgspec.json.encode(value, enc_hook=str), indent=2).decode())
    elif isinstance(value, Iterable) and not isinstance(value, str | dict) and columns:
        table = Table(*columns, box=None, pad_edge=False)
        for row in value:
            table.add_row(*(_cell(row, column) for column in columns))
        Console().print(table, markup=False)
    else:
        typer.echo(str(value))


def _cell(row: Any, column: str) -> str:
    value = row.get(column) if isinstance(row, dict) else getattr(row, column)
    return "" if value is None else str(value)
