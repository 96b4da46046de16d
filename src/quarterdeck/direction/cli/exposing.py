"""`quarterdeck exposure` and `quarterdeck portfolio`: what incidents cost in a year, what the next days should buy."""

import csv
import sys
from typing import Annotated

import typer

from quarterdeck.direction.rules.exposure import Exposure, exceedance
from quarterdeck.direction.rules.exposure.wording import bad_year, meaning, range_words, sentence, short, unit_words
from quarterdeck.direction.views import exposing
from quarterdeck.record import Record
from quarterdeck.record.local import AsJson, Home, open_desk, show

commands = typer.Typer(no_args_is_help=True)
Unit = Annotated[
    str, typer.Option(help="A currency, customer-minutes, person-hours or hours; unless given, the most telling.")
]
Seed = Annotated[int, typer.Option(min=0, help="The same seed gives the same answer.")]


@commands.command("exposure")
def exposure(
    ctx: typer.Context,
    home: Home,
    by: Annotated[exposing.Kind, typer.Option(help="In which kinds.")] = "service",
    unit: Unit = "",
    days: Annotated[int, typer.Option(min=1, max=36_600, help="How far back.")] = exposing.DAYS,
    service: Annotated[str, typer.Option(help="Only of this service; `-`: of none.")] = "",
    type: Annotated[str, typer.Option(help="Only of this type.")] = "",
    seed: Seed = exposing.SEED,
    as_json: AsJson = False,
) -> None:
    """Show the loss to expect of a year by service, type or factor, how sure that is, and what a bad year takes."""
    record = open_desk(ctx, home).record
    with record.read() as conn:
        found = exposing.exposure(
            conn, record.clock.now(), by, unit or None, days, {"service": service, "type": type}, seed
        )
    if as_json:
        curve = [{"loss": loss, "share": share} for loss, share in exceedance(found.whole.by_year)]
        show({**exposing.document(found), "seed": seed, "curve": curve}, True)
        return
    book = found.ledger
    typer.echo(f"In {unit_words(book.unit)}: {meaning(book.unit)}.")
    typer.echo(sentence(found.whole, book.unit))
    typer.echo(bad_year(found.whole, book.unit))
    if found.outlasted.sentence:
        typer.echo(found.outlasted.sentence)
    if book.losses.unknown:
        typer.echo(f"Of {book.losses.unknown} more incidents nobody knows the loss in this unit.")
    when = "so far" if book.too_short else "a year"
    rows = [
        {
            by: row.name,
            "n": row.exposure.n,
            when: short(row.exposure.so_far if book.too_short else row.exposure.annual.value or 0, book.unit),
            "95 %": _between(row.exposure, book.unit),
            "1 year in 20": "too few" if row.exposure.bad_year is None else short(row.exposure.bad_year, book.unit),
        }
        for row in found.rows
    ]
    show(rows, False, (by, "n", when, "95 %", "1 year in 20"))


def _between(found: Exposure, unit: str) -> str:
    if found.annual.low is None or found.annual.high is None:
        return "too few"
    return range_words(found.annual.low, found.annual.high, unit)


@commands.command("portfolio")
def portfolio(
    ctx: typer.Context,
    home: Home,
    days: Annotated[float, typer.Option(help="The budget in person-days.")] = exposing.BUDGET,
    unit: Unit = "",
    seed: Seed = exposing.SEED,
    afterwards: Annotated[
        bool, typer.Option("--afterwards", help="Instead: whether the loss fell since improvements and revisions.")
    ] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="The ranking as CSV.")] = False,
    as_json: AsJson = False,
) -> None:
    """Choose the improvements that avoid most loss within the budget; the optimum is proved, or its gap is said."""
    record = open_desk(ctx, home).record
    if afterwards:
        _afterwards(record, unit, seed, as_json)
        return
    with record.read() as conn:
        found = exposing.advice(conn, record.clock.now(), days, unit or None, seed)
    if as_json:
        show({**exposing.advice_document(found), "seed": seed}, True)
        return
    if as_csv:
        csv.writer(sys.stdout).writerows(exposing.advice_table(found))
        return
    typer.echo(found.sentence)
    if found.proof:
        typer.echo(found.proof)
    rows = [
        {
            "buy": "yes" if row.ranked.bought else "",
            "action": row.action.name,
            "days": f"{row.ranked.effort:.10g}",
            "avoids a year": short(row.ranked.avoided.value or 0, found.unit),
            "in the best set": f"{row.ranked.bought_in * 100:.0f} %",
            "title": row.action.title,
        }
        for row in found.rows
    ]
    if rows:
        show(rows, False, ("buy", "action", "days", "avoids a year", "in the best set", "title"))
    for one in found.unranked:
        typer.echo(f"{one.action.name} cannot be ranked: {one.why}. {one.action.title}")


def _afterwards(record: Record, unit: str, seed: int, as_json: bool) -> None:
    with record.read() as conn:
        book, rows = exposing.afterwards(conn, record.clock.now(), unit or None, seed)
    if as_json:
        show({"unit": book.unit, "items": [exposing.after_document(one) for one in rows], "next": None}, True)
        return
    for one in rows:
        typer.echo(f"{one.what}, {one.at:%Y-%m-%d}, {one.title}: {one.sentence}")
    if not rows:
        typer.echo("No improvement has been verified yet, and no revision published since the first.")
