"""`quarterdeck import postmortem`: Markdown files become incidents with their reviews."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from quarterdeck.kernel.errors import Invalid, QuarterdeckError
from quarterdeck.migration import actions
from quarterdeck.migration.actions import Outcome
from quarterdeck.migration.rules.postmortem import Misread, Written
from quarterdeck.migration.sources.postmortem import read
from quarterdeck.record import Tx
from quarterdeck.record.local import AsJson, Home, open_desk, show

_SUFFIXES = (".md", ".markdown", ".txt", "")
_LARGEST_FILE = 1_000_000


@dataclass(frozen=True)
class Read:
    """What became of a file, or why nothing did."""

    file: str
    refused: str = ""
    outcome: Outcome | None = None
    contradictions: tuple[str, ...] = ()
    not_understood: tuple[Misread, ...] = ()


def postmortem(
    ctx: typer.Context,
    paths: Annotated[list[Path], typer.Argument(help="Files, or folders of files.", show_default=False)],
    home: Home,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would become of each; record nothing.")] = False,
    severity: Annotated[str, typer.Option(help="For those that state none.")] = "SEV3",
    service: Annotated[str, typer.Option(help="For those that state none; its id in the catalogue.")] = "",
    as_json: AsJson = False,
) -> None:
    """Bring in post-mortems written in Markdown. Exit code 1 if one of them could not be brought in."""
    desk = open_desk(ctx, home)
    do = desk.record.rehearse if dry_run else desk.record.perform
    told = []
    for path in _files(paths):
        try:
            written = read(_text(path), path.name)
            outcome = do(desk.who, partial(_bring_in, written=written, severity=severity, service=service or None))
            told.append(_read(path.name, written, outcome))
            if not as_json:
                _tell(written, outcome, dry_run)
        except QuarterdeckError as error:
            told.append(Read(path.name, refused=str(error)))
            if not as_json:
                typer.echo(f"{path.name}\n  NOT brought in: {error}")
    if as_json:
        show(told, True)
    refused = sum(1 for one in told if one.refused)
    news = sum(1 for one in told if one.outcome and one.outcome.news)
    if not as_json:
        done = "would be brought in" if dry_run else "brought in"
        typer.echo(f"\n{news} {done}, {len(told) - news - refused} were here already, {refused} refused.")
    if refused or not told:
        raise typer.Exit(1)


def _bring_in(tx: Tx, *, written: Written, severity: str, service: str | None) -> Outcome:
    return actions.bring_in_postmortem(tx, written=written, severity=severity, service=service)


def _read(file: str, written: Written, outcome: Outcome) -> Read:
    clashes = outcome.times.contradictions if outcome.times else ()
    return Read(file, "", outcome, tuple(map(str, clashes)), written.misread)


def _files(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(
                one
                for one in path.iterdir()
                if one.is_file() and one.suffix.lower() in _SUFFIXES and one.stem.upper() not in ("README", "LICENSE")
            )
        else:
            yield path


def _text(path: Path) -> str:
    if path.stat().st_size > _LARGEST_FILE:
        raise Invalid("That file is too large.", (f"{path.name}: at most {_LARGEST_FILE:,} bytes",))
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid("That is no text.", (f"{path.name}: byte {error.start} is not UTF-8",)) from error


def _tell(written: Written, outcome: Outcome, dry_run: bool) -> None:
    typer.echo(written.name)
    at = outcome.times
    if at is None:
        typer.echo(f"  is INC-{outcome.number} already")
        return
    where = "would be an incident" if dry_run else f"is INC-{outcome.number}"
    typer.echo(f"  {where}: {written.title}")
    typer.echo(
        f"  began {at.began:%Y-%m-%d %H:%M}, noticed {at.detected:%Y-%m-%d %H:%M}, over {at.ended:%Y-%m-%d %H:%M} UTC"
    )
    typer.echo(
        f"  {len(written.rows)} rows of the timeline, {len(outcome.factors)} factors and"
        f" {len(outcome.lessons)} lessons proposed"
    )
    for clash in at.contradictions:
        typer.echo(f"  CONTRADICTION  {clash}")
    for remark in outcome.remarks:
        typer.echo(f"  taken           {remark}")
    for missed in written.misread:
        place = f"line {missed.line}" if missed.line else "as a whole"
        typer.echo(f"  not understood  {place}: {missed.why}{f' | {missed.text[:100]}' if missed.text else ''}")
