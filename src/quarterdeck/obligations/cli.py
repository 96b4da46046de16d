"""`quarterdeck obligations`: what is owed until when, the scope, and what people answer for."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.time import Instant, reachable
from quarterdeck.obligations import actions, views
from quarterdeck.obligations.events import Regime
from quarterdeck.obligations.rules.loading import LARGEST
from quarterdeck.obligations.sources import shipped
from quarterdeck.obligations.views.plainly import clock_document, duty_document, past_document, regime_document
from quarterdeck.paper.pdf import TooLarge, pdf
from quarterdeck.record.local import AsJson, Desk, Home, open_desk, show

commands = typer.Typer(
    name="obligations",
    help="Legal and contractual clocks: what is owed to whom, until when.",
    no_args_is_help=True,
)
Number = Annotated[int, typer.Argument(help="The incident's number, 214 of INC-214.", show_default=False)]
Id = Annotated[str, typer.Argument(metavar="REGIME", help="The regime's id, as gdpr-33.", show_default=False)]
ClockId = Annotated[str, typer.Argument(metavar="CLOCK", help="The clock's id, as authority.", show_default=False)]
At = Annotated[str, typer.Argument(metavar="INSTANT", help="With its zone, as 2026-03-03T18:00Z.", show_default=False)]
Reason = Annotated[str, typer.Option("--reason", help="Why.", show_default=False)]


@commands.command("list")
def list_(
    ctx: typer.Context,
    home: Home,
    incident: Annotated[int | None, typer.Option(help="Of this incident alone, whatever became of it.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the clocks by their ends, and the questions that nobody has answered."""
    desk = open_desk(ctx, home)
    now = desk.record.clock.now()
    with desk.record.read() as conn:
        rows = views.live_duties(conn, now) if incident is None else views.duties_of(conn, incident, now)
    if as_json:
        show({"items": [duty_document(row) for row in rows]}, True)
        return
    clocks = views.now_list(rows) if incident is None else [one for row in rows for one in row.clocks]
    lines = [
        {
            "incident": f"INC-{row.number}",
            "regime": row.regime,
            "clock": "has it to be notified?",
            "state": "open",
            "due": minute(row.duty.answer_by),
        }
        for row in rows
        if row.open_question
    ]
    lines += [
        {
            "incident": f"INC-{one.number}",
            "regime": one.regime,
            "clock": one.clock,
            "state": one.state,
            "due": (minute(one.due) or "") + ("" if one.standing.sure or one.due is None else " (not certain)"),
        }
        for one in clocks
    ]
    show(lines, False, ("incident", "regime", "clock", "state", "due"))


@commands.command("scope")
def scope(
    ctx: typer.Context,
    home: Home,
    regime: Annotated[str | None, typer.Argument(metavar="[REGIME]", help="The regime to declare.")] = None,
    applies: Annotated[bool | None, typer.Option("--applies/--does-not-apply", help="Whether it applies.")] = None,
    reason: Annotated[str, typer.Option(help="Why.")] = "",
    yes: Annotated[list[str] | None, typer.Option(help="An option that is answered yes; may be repeated.")] = None,
    severity: Annotated[list[str] | None, typer.Option(help="Incidents that are asked; may be repeated.")] = None,
    post: Annotated[str | None, typer.Option(help="The post of the plan that answers for the notices.")] = None,
    as_json: AsJson = False,
) -> None:
    """List every regime with what was declared of it, or declare one. Exit code 1 if one is undeclared."""
    desk = open_desk(ctx, home)
    if regime is not None:
        found = regime_of(desk, regime)
        if applies is None:
            raise Invalid("Does it apply?", ("say --applies or --does-not-apply",))
        said, options = applies, dict.fromkeys(yes or [], True)
        desk.record.perform(
            desk.who,
            lambda tx: actions.declare_scope(
                tx, regime=found, applies=said, reason=reason, options=options, severities=severity or (), post=post
            ),
        )
    with desk.record.read() as conn:
        rows = views.regimes(conn, shipped(), desk.record.clock.now().date())
    if regime is not None:
        rows = [row for row in rows if row.id == regime]
    plain = [regime_document(row) for row in rows]
    show(plain, as_json, ("id", "scope", "reason", "title"))
    if any(row.gap for row in rows):
        raise typer.Exit(1)


@commands.command("add")
def add(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A pack in YAML.", show_default=False)],
    home: Home,
) -> None:
    """Add a contract or a regime of your own from a pack file; every fault is told with its place."""
    desk = open_desk(ctx, home)
    try:
        with file.open("rb") as opened:
            text = opened.read(LARGEST + 1).decode("utf-8")
    except OSError as error:
        raise Invalid(f"{file} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise Invalid(f"{file} is no text. Write it in UTF-8.") from None
    id = desk.record.perform(desk.who, lambda tx: actions.add_regime(tx, text=text, shipped=shipped()))
    typer.echo(f"Added {id}. Declare whether it applies: quarterdeck obligations scope {id} --applies --reason …")


@commands.command("assess")
def assess(
    ctx: typer.Context,
    number: Number,
    regime: Id,
    home: Home,
    reason: Reason,
    notifiable: Annotated[bool, typer.Option("--notifiable/--not-notifiable", help="Whether it has to be notified.")],
    as_json: AsJson = False,
) -> None:
    """Say whether an incident has to be notified, and why."""
    desk = open_desk(ctx, home)
    found = regime_of(desk, regime)
    desk.record.perform(
        desk.who,
        lambda tx: actions.assess(tx, number=number, regime=found, notifiable=notifiable, reason=reason),
    )
    _stand(desk, number, regime, as_json)


@commands.command("attest")
def attest(
    ctx: typer.Context,
    number: Number,
    regime: Id,
    anchor: Annotated[str, typer.Argument(help="The anchor's id, as aware.", show_default=False)],
    at: At,
    home: Home,
    source: Annotated[str, typer.Option(help="How it is known.", show_default=False)],
    as_json: AsJson = False,
) -> None:
    """Stand for the instant that clocks count from, or correct it."""
    desk, instant = open_desk(ctx, home), _instant(at)
    desk.record.perform(
        desk.who,
        lambda tx: actions.attest(tx, number=number, regime=regime, anchor=anchor, instant=instant, source=source),
    )
    _stand(desk, number, regime, as_json)


@commands.command("withdraw")
def withdraw(
    ctx: typer.Context,
    number: Number,
    regime: Id,
    anchor: Annotated[str, typer.Argument(help="The anchor's id.", show_default=False)],
    home: Home,
    reason: Reason,
    as_json: AsJson = False,
) -> None:
    """Say that an attested instant did not happen after all."""
    desk = open_desk(ctx, home)
    desk.record.perform(
        desk.who, lambda tx: actions.withdraw(tx, number=number, regime=regime, anchor=anchor, reason=reason)
    )
    _stand(desk, number, regime, as_json)


@commands.command("hand-in")
def hand_in(
    ctx: typer.Context,
    number: Number,
    regime: Id,
    clock: ClockId,
    home: Home,
    at: Annotated[str | None, typer.Option(help="When, as 2026-03-03T18:00Z. Unless given: now.")] = None,
    reference: Annotated[str, typer.Option(help="The authority's reference.")] = "",
    text_file: Annotated[Path | None, typer.Option(help="A file with what it said, to be kept.")] = None,
    corrects: Annotated[bool, typer.Option("--corrects", help="In the place of what was recorded last.")] = False,
    as_json: AsJson = False,
) -> None:
    """Record that a notice went to the authority."""
    desk, instant = open_desk(ctx, home), _instant(at) if at else None
    try:
        text = text_file.read_text(encoding="utf-8") if text_file else ""
    except (OSError, UnicodeDecodeError):
        raise Invalid(f"{text_file} cannot be read as text.") from None
    desk.record.perform(
        desk.who,
        lambda tx: actions.hand_in(
            tx,
            number=number,
            regime=regime,
            clock=clock,
            instant=instant,
            reference=reference,
            text=text,
            corrects=corrects,
        ),
    )
    _stand(desk, number, regime, as_json)


@commands.command("waive")
def waive(
    ctx: typer.Context, number: Number, regime: Id, clock: ClockId, home: Home, reason: Reason, as_json: AsJson = False
) -> None:
    """Say that a notice is not owed after all, and why."""
    desk = open_desk(ctx, home)
    desk.record.perform(
        desk.who, lambda tx: actions.waive(tx, number=number, regime=regime, clock=clock, reason=reason)
    )
    _stand(desk, number, regime, as_json)


@commands.command("notice")
def notice(
    ctx: typer.Context,
    number: Number,
    regime: Id,
    clock: ClockId,
    home: Home,
    file: Annotated[Path | None, typer.Option("--pdf", metavar="FILE", help="Write it as one PDF (PDF/UA).")] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
) -> None:
    """Print the draft of a notice, filled from the record; what is missing says so."""
    record = open_desk(ctx, home).record
    with record.read() as conn:
        found = views.draft(conn, number, regime, clock, record.clock.now())
    if file is None:
        typer.echo(found.text)
        return
    if file.exists() and not force:
        raise Invalid(f"{file} is there already. Nothing was written; name another file, or say --force.")
    try:
        file.write_bytes(pdf(views.document(found), made_at=record.clock.now()))
    except TooLarge as error:
        raise Invalid(str(error)) from error
    except OSError as error:
        raise Invalid(f"{file} cannot be written: {error.strerror}.") from None
    typer.echo(f"Wrote {file}.")


@commands.command("history")
def history(
    ctx: typer.Context,
    home: Home,
    regime: Annotated[str, typer.Option(help="Of this regime alone.")] = "",
    as_json: AsJson = False,
) -> None:
    """List what was handed in, in time or late, what was missed and what was waived."""
    desk = open_desk(ctx, home)
    now = desk.record.clock.now()
    with desk.record.read() as conn:
        found, kept = views.history(conn, now, regime=regime)
    if as_json:
        show({"items": [past_document(one) for one in found], "kept": kept}, True)
        return
    lines = [
        {
            "incident": f"INC-{one.row.number}",
            "regime": one.row.regime,
            "clock": one.row.clock,
            "state": one.row.state,
            "at": minute(one.at),
            "late by": str(one.late_by).split(".")[0] if one.late_by else "",
            "reference": one.reference,
        }
        for one in found
    ]
    show(lines, False, ("incident", "regime", "clock", "state", "at", "late by", "reference"))


def regime_of(desk: Desk, id: str) -> Regime:
    with desk.record.read() as conn:
        return views.regime_row(conn, shipped(), id, desk.record.clock.now().date()).regime


def _stand(desk: Desk, number: int, regime: str, as_json: bool) -> None:
    with desk.record.read() as conn:
        row = views.duty_row(conn, number, regime, desk.record.clock.now())
    if as_json:
        show(duty_document(row), True)
        return
    plain = [{**clock_document(one), "due": minute(one.due)} for one in row.clocks]
    show(plain, False, ("clock", "state", "due", "title"))


def _instant(text: str) -> Instant:
    try:
        return reachable("instant", datetime.fromisoformat(text))
    except ValueError:
        raise Invalid("This is no instant.", ("instant: write it with its zone, as 2026-03-03T18:00Z",)) from None


def minute(at: Instant | None) -> str | None:
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else None
