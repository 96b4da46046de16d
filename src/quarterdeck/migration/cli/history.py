"""`quarterdeck import servicenow|csv|…`: a history of another system, looked at first, then brought in."""

import csv
import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from quarterdeck.kernel.errors import Invalid
from quarterdeck.migration import actions
from quarterdeck.migration.actions import Advance
from quarterdeck.migration.cli.looking import look
from quarterdeck.migration.rules.asked import Asked
from quarterdeck.migration.rules.formats import FORMATS, Format
from quarterdeck.migration.rules.instants import FORMS
from quarterdeck.migration.rules.mapping import Mapping, mapping_of
from quarterdeck.migration.rules.naming import Names
from quarterdeck.migration.rules.told import Rejection
from quarterdeck.migration.sources import mapping_text, read_history, shipped_mapping
from quarterdeck.migration.sources.files.keys import pseudonym_key
from quarterdeck.paper.spreadsheets import harmless
from quarterdeck.record.local import AnyHome, AsJson, Desk, Home, open_desk, show

LARGEST_MAPPING = 200_000


def commands() -> Iterator[tuple[str, str, Callable[..., None]]]:
    """(name, help, function) of one command for each format."""
    for format in FORMATS.values():
        yield format.name, format.says, _command(format)


def _command(format: Format) -> Callable[..., None]:
    def run(
        ctx: typer.Context,
        file: Annotated[Path, typer.Argument(help="The file; packed by gzip or zip is fine.", show_default=False)],
        home: Home,
        mapping: Annotated[
            Path | None, typer.Option(help="Which column says what, as YAML; see `import mapping`.", show_default=False)
        ] = None,
        dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be made of it.")] = False,
        pseudonymise: Annotated[
            bool, typer.Option("--pseudonymise", help="Names of people by a hash whose key stays in the home.")
        ] = False,
        dates: Annotated[str, typer.Option(help=f"How dates are written: {', '.join(FORMS)}.")] = "",
        zone: Annotated[str, typer.Option(help="Where times without a zone belong, as Europe/Lisbon.")] = "",
        encoding: Annotated[str, typer.Option(help="If it is neither UTF-8 nor Windows-1252.")] = "",
        delimiter: Annotated[str, typer.Option(help="One character; `tab` for a tab.")] = "",
        rejected: Annotated[
            Path | None, typer.Option(help="Where to write the rows that are not brought in.", show_default=False)
        ] = None,
        as_json: AsJson = False,
    ) -> None:
        desk = open_desk(ctx, home)
        chosen, text = _mapping(format, mapping, dates=dates, zone=zone, encoding=encoding, delimiter=delimiter)
        key = pseudonym_key(desk.settings.home) if pseudonymise else None
        asked = Asked(Names(key), chosen, look=dry_run)
        if dry_run:
            look(desk, format, file, asked, as_json)
        else:
            _bring_in(desk, format, file, asked, text, rejected, as_json)

    run.__doc__ = format.says
    return run


def mapping(
    name: Annotated[str, typer.Argument(help="servicenow, csv, …", show_default=False)], home: AnyHome = None
) -> None:
    """Print a shipped mapping, to be copied and changed: `quarterdeck import mapping csv > mine.yaml`."""
    known = sorted({one.mapping for one in FORMATS.values() if one.mapping})
    if name not in known:
        raise Invalid("There is no such mapping.", (f"{name!r}: use one of {', '.join(known)}",))
    typer.echo(mapping_text(name), nl=False)


def _mapping(format: Format, path: Path | None, **given: str) -> tuple[Mapping | None, str]:
    """The mapping with what the options change, and its text for the record."""
    if path is not None:
        if format.mapping is None:
            raise Invalid("This format needs no mapping.", (f"{format.name}: leave out --mapping",))
        if not path.is_file() or path.stat().st_size > LARGEST_MAPPING:
            raise Invalid("The mapping cannot be read.", (f"{path}: no file of at most {LARGEST_MAPPING:,} bytes",))
        text = path.read_text(encoding="utf-8-sig", errors="replace")
        found: Mapping | None = mapping_of(text, "mapping.yaml" if path.suffix not in (".yaml", ".yml") else path.name)
    else:
        text = mapping_text(format.mapping) if format.mapping else ""
        found = shipped_mapping(format)
    changes = {name: value for name, value in given.items() if value}
    if changes.get("delimiter") == "tab":
        changes["delimiter"] = "\t"
    if found is None or not changes:
        return found, text
    return found.changed(**changes), text + "".join(f"# --{name} {value}\n" for name, value in changes.items())


def _bring_in(
    desk: Desk, format: Format, path: Path, asked: Asked, text: str, rejected: Path | None, as_json: bool
) -> None:
    console = Console(stderr=True)
    with _bar(console, asked) as told, _Rejected(rejected or desk.settings.home / "imports", path.name) as out:
        begun = {
            "format": format.name,
            "file": path.name,
            "size": path.stat().st_size if path.exists() else 0,
            "digest": _digest(path),
            "mapping": asked.mapping.title if asked.mapping else "",
            "mapping_text": text,
            "pseudonymous": asked.names.pseudonymous,
        }

        def after(done: Advance) -> None:
            out.write(done.rejections)
            told(done)

        items = read_history(format, path, asked)
        run, total = actions.bring_in_history(desk.record, desk.who, items=items, seen=asked.seen, after=after, **begun)
    if as_json:
        show({"import": run, **_counts(total), "unmapped": asked.seen.unmapped, "rejected_file": out.path}, True)
    else:
        _tell(run, total, asked, out)
    if total.rejected:
        raise typer.Exit(1)


def _counts(total: Advance) -> dict[str, Any]:
    return {name: getattr(total, name) for name in Advance.__dataclass_fields__ if name != "rejections"}


def _tell(run: str, total: Advance, asked: Asked, out: "_Rejected") -> None:
    span = f", {total.earliest:%Y-%m-%d} to {total.latest:%Y-%m-%d}" if total.earliest and total.latest else ""
    typer.echo(f"{total.incidents:,} incidents brought in with {total.facts:,} facts{span}.")
    for count, words in (
        (total.continued, "were here and went on"),
        (total.known, "were here already"),
        (total.doubts, "contradictions were kept as told and marked"),
        (total.apart, "were rightly left out"),
    ):
        if count:
            typer.echo(f"{count:,} {words}.")
    for field, values in asked.seen.unmapped.items():
        shown = ", ".join(f"{value!r} ({count:,})" for value, count in values.most_common(5))
        typer.echo(f"No meaning for {field}: {shown}. They stand as told; give them a meaning in the mapping.")
    if out.path is not None:
        typer.echo(f"{total.rejected + total.apart:,} rows were not brought in; each with its reason in {out.path}")
        for reason, count in out.reasons():
            typer.echo(f"  {count:>7,}  {reason}")
    typer.echo(f"\nSee it:  quarterdeck incident list --imported  or  /imports/{run}")


@contextmanager
def _bar(console: Console, asked: Asked) -> Iterator[Callable[[Advance], None]]:
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, TextColumn("{task.fields[found]}"), console=console, transient=True) as bar:
        task = bar.add_task("Reading", total=None, found="")
        count = 0

        def progress(phase: str, done: int, total: int) -> None:
            bar.update(task, description=phase, completed=done, total=total or None)

        def told(done: Advance) -> None:
            nonlocal count
            count += done.incidents + done.continued + done.known
            bar.update(task, found=f"{count:,} incidents")

        asked.progress = progress
        yield told


def _digest(path: Path) -> str:
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class _Rejected:
    """The file of what was not brought in: made with the first row, so that a clean import leaves none."""

    def __init__(self, where: Path, name: str) -> None:
        self._where, self._name = where, name
        self.path: Path | None = None
        self._file: Any = None
        self._reasons: dict[str, int] = {}

    def __enter__(self) -> "_Rejected":
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def write(self, rejections: tuple[Rejection, ...]) -> None:
        if rejections and self._file is None:
            self._open()
        for one in rejections:
            self._writer.writerow((one.line, "apart" if one.apart else "rejected", harmless(one.reason)))
            if not one.apart and (one.reason in self._reasons or len(self._reasons) < 10_000):
                self._reasons[one.reason] = self._reasons.get(one.reason, 0) + 1

    def _open(self) -> None:
        if self._where.suffix:
            self.path = self._where
        else:
            self._where.mkdir(parents=True, exist_ok=True)
            self.path = self._where / f"{self._name}.rejected.csv"
        self._file = self.path.open("w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._file)
        self._writer.writerow(("line", "what", "reason"))

    def reasons(self) -> list[tuple[str, int]]:
        return sorted(self._reasons.items(), key=lambda pair: -pair[1])[:10]
