"""Commands on revisions: adopt a directory, compare, show, list, export, and ask why a clause is there."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, get_args

import typer
from rich.console import Console
from rich.table import Table

from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.time import Instant
from quarterdeck.plan import actions, views
from quarterdeck.plan.cli.group import CANNOT_TELL, FOUND_SOMETHING, Directory, commands, stop_at_faults
from quarterdeck.plan.events import Reason, ReasonKind
from quarterdeck.plan.rules import InForce, Plan
from quarterdeck.plan.rules.checking import check
from quarterdeck.plan.rules.comparing import compared
from quarterdeck.plan.rules.differences import differences
from quarterdeck.plan.sources.directory import read_directory
from quarterdeck.record.local import AsJson, Home, open_desk, show

Number = Annotated[int, typer.Argument(metavar="N", help="A revision's number.", show_default=False)]
Side = Annotated[str, typer.Argument(help="A revision's number, or a directory.", show_default=False)]
SomeHome = Annotated[
    Path | None,
    typer.Option("--home", envvar="QUARTERDECK_HOME", help="The home, if a revision is named.", show_default=False),
]


@commands.command("publish")
def publish(
    ctx: typer.Context,
    directory: Directory,
    home: Home,
    reason: Annotated[str, typer.Option(help="Why the plan changes: for the record.", show_default=False)],
    cites: Annotated[
        list[str] | None,
        typer.Option(metavar="KIND[:REF]=TEXT", help="A reason, as in lesson:INC-214=…; may be repeated."),
    ] = None,
    approved_by: Annotated[str | None, typer.Option(help="Login of the other person who approved it.")] = None,
    based_on: Annotated[int | None, typer.Option(help="The revision it began from; refused if it moved on.")] = None,
    as_json: AsJson = False,
) -> None:
    """Bring the plan of a directory into force, as the operator of this host; the record says who approved, or nobody.

    Incidents that are running keep the revision they began with. In the console and the API, plans go through drafts.
    """
    texts, faults = read_directory(directory)
    stop_at_faults(check(texts, faults))
    reasons = tuple(_reason(text) for text in cites or ())
    desk = open_desk(ctx, home)
    number = desk.record.perform(
        desk.who,
        lambda tx: actions.adopt(
            tx, files=texts, reason=reason, reasons=reasons, approved_by=approved_by, based_on=based_on
        ),
    )
    if as_json:
        show({"revision": number}, True)
    else:
        typer.echo(f"Revision {number} is in force. Read it at /plan, or with: quarterdeck plan show --home {home}")


@commands.command("diff")
def diff(ctx: typer.Context, a: Side, b: Side, home: SomeHome = None, as_json: AsJson = False) -> None:
    """Say in words what B says differently from A. Exit code 0: nothing, 1: something, 2: one of them has faults."""
    (old, old_texts), (new, new_texts) = _side(ctx, a, home), _side(ctx, b, home)
    found = differences(old, new)
    only_texts = () if found else compared(old_texts, new_texts)
    if as_json:
        show({"items": found, "texts": only_texts}, True)
    else:
        for change in found:
            typer.echo(f"{change.sentence}.")
        for sentence in only_texts:
            typer.echo(f"Comments or layout only: {sentence}.")
        if not found and not only_texts:
            typer.echo("Nothing differs.")
    if found or only_texts:
        raise typer.Exit(FOUND_SOMETHING)


@commands.command("show")
def show_(
    ctx: typer.Context,
    home: Home,
    revision: Annotated[int | None, typer.Option(help="An earlier revision, by its number.")] = None,
    as_of: Annotated[
        str | None, typer.Option(metavar="TIME", help="The revision in force then, as in 2026-03-02T09:00Z.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show the plan in force, an earlier revision, or the one that was in force at some time."""
    if revision is not None and as_of is not None:
        raise Invalid("Which one?", ("--revision, --as-of: give one of the two",))
    when = _instant(as_of) if as_of is not None else None
    with open_desk(ctx, home).record.read() as conn:
        if when is not None:
            found = views.as_of(conn, when)
        else:
            found = views.in_force(conn) if revision is None else views.revision(conn, revision)
    if found is None:
        then = f"at {as_of}" if when else "yet"
        typer.echo(f"No plan was in force {then}. Publish one: quarterdeck plan publish DIR --reason …", err=True)
        raise typer.Exit(FOUND_SOMETHING)
    if as_json:
        show(_as_document(found), True)
    else:
        _print(found)


@commands.command("revisions")
def revisions(ctx: typer.Context, home: Home, as_json: AsJson = False) -> None:
    """List what was published when, by whom, who approved it and why; the latest first."""
    with open_desk(ctx, home).record.read() as conn:
        rows = views.revisions(conn, limit=1000)
    show(rows, as_json, columns=("revision", "published_at", "by", "approved_by", "reason"))


@commands.command("export")
def export(
    ctx: typer.Context,
    number: Number,
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="New, or empty.", show_default=False)],
    home: Home,
    draft: Annotated[bool, typer.Option("--draft", help="N is a draft's number.")] = False,
) -> None:
    """Write the files of a revision, or of a draft, as they were, byte for byte."""
    with open_desk(ctx, home).record.read() as conn:
        texts = views.draft(conn, number).files if draft else views.files(conn, number)
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise Invalid(f"{directory} is not empty. Nothing was written; name a new directory.")
    for name, text in texts.items():
        target = directory / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode())
    typer.echo(f"Wrote {len(texts)} file{'s' if len(texts) != 1 else ''} to {directory}.")


@commands.command("why")
def why(
    ctx: typer.Context,
    clause: Annotated[str, typer.Argument(help="A dotted path: severity.levels.SEV1.update_every", show_default=False)],
    home: Home,
    as_json: AsJson = False,
) -> None:
    """Say why a clause is there: every publication that changed it, the latest first, with its reasons."""
    with open_desk(ctx, home).record.read() as conn:
        found = views.why(conn, clause)
    if as_json:
        show(found, True)
        return
    for one in found:
        row = one.publication
        typer.echo(
            f"Revision {row.revision}, {row.published_at:%Y-%m-%d %H:%M} UTC, by {', '.join(row.authors)}: {row.reason}"
        )
        typer.echo(f"  approved by {row.approved_by}" if row.approved_by else "  adopted without an approval")
        for change in one.changes:
            typer.echo(f"  {change.sentence}")
        for reason in one.reasons:
            typer.echo(f"  because ({reason.kind}{f', {reason.ref}' if reason.ref else ''}): {reason.text}")


def _side(ctx: typer.Context, side: str, home: Path | None) -> tuple[Plan, Mapping[str, str]]:
    """The plan and the texts of a revision or of a directory."""
    if side.isascii() and side.isdigit():
        if home is None:
            raise Invalid(f"Revision {side} of which home?", ("--home: give it, or set QUARTERDECK_HOME",))
        with open_desk(ctx, home).record.read() as conn:
            return views.revision(conn, int(side)).plan, views.files(conn, int(side))
    texts, faults = read_directory(Path(side))
    checked = check(texts, faults)
    stop_at_faults(checked, code=CANNOT_TELL)
    return checked.sound(), texts


def _reason(text: str) -> Reason:
    """`lesson:INC-214=The first update came too late` → a reason."""
    head, equals, body = text.partition("=")
    kind, _, ref = head.partition(":")
    known: dict[str, ReasonKind] = {one: one for one in get_args(ReasonKind)}
    if not equals or kind not in known:
        raise Invalid(
            f"{text[:80]!r} is no reason.",
            (f"--cites: write KIND[:REF]=TEXT with one of the kinds {', '.join(known)}",),
        )
    return Reason(kind=known[kind], ref=ref or None, text=body)


def _instant(text: str) -> Instant:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise Invalid(f"{text[:40]!r} is no time.", ("--as-of: write it with its zone, as in 2026-03-02T09:00Z",))
    return found


def _as_document(found: InForce) -> dict[str, Any]:
    """A revision as JSON: its head beside the whole plan."""
    return {
        "revision": found.revision,
        "published_at": found.published_at,
        "by": found.by,
        "reason": found.reason,
        "reasons": found.reasons,
        "authors": found.authors,
        "approved_by": found.approved_by,
        "draft": found.draft,
        "content_hash": found.content_hash,
        "plan": found.plan.model_dump(mode="json"),
    }


def _print(found: InForce) -> None:
    plan, console = found.plan, Console()
    console.print(f"{plan.name}, revision {found.revision}", markup=False, style="bold")
    when = f"{found.published_at:%Y-%m-%d %H:%M} UTC by {found.by}: {found.reason}"
    console.print(f"Published {when}\nSHA-256 {found.content_hash}\n", markup=False, highlight=False)
    matrix = Table("Impact \\ urgency", *(grade.title for grade in plan.severity.urgency), box=None, pad_edge=False)
    for impact in plan.severity.impact:
        row = plan.severity.matrix[impact.id]
        matrix.add_row(impact.title, *(row[urgency.id] for urgency in plan.severity.urgency))
    console.print(matrix, markup=False)
    types = Table("\nType", "\nTitle", "\nProcedure", "\nAt least", box=None, pad_edge=False)
    for name, type_ in plan.types.items():
        types.add_row(name, type_.title, type_.procedure or f"as {type_.parent}", type_.severity_floor or "")
    console.print(types, markup=False)
