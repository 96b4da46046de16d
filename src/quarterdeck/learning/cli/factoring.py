"""`quarterdeck factor`: what contributed to an incident, by the taxonomy, shown by facts of the record."""

from typing import Annotated

import typer

from quarterdeck.command.views import incident
from quarterdeck.learning import actions, views
from quarterdeck.learning.rules import taxonomy
from quarterdeck.record.local import AnyHome, AsJson, Desk, Home, open_desk, show

commands = typer.Typer(name="factor", help="Contributing factors: find, agree, withdraw.", no_args_is_help=True)
Number = Annotated[int, typer.Argument(help="The incident's number.", show_default=False)]
Id = Annotated[str, typer.Argument(help="The factor, as INC-12-F1.", show_default=False)]
Code = Annotated[str, typer.Option(help="Its code: see `quarterdeck factor codes`.", show_default=False)]
Positions = Annotated[
    list[int] | None, typer.Option(help="A position on the record that shows it; may be repeated.", show_default=False)
]
COLUMNS = ("id", "state", "code", "text")


@commands.command("codes")
def codes(ctx: typer.Context, home: AnyHome = None, as_json: AsJson = False) -> None:
    """List the codes of the taxonomy with their words."""
    rows = [{"code": code, "words": words} for code, words in taxonomy.codes().items()]
    show({"version": taxonomy.VERSION, "codes": taxonomy.codes()} if as_json else rows, as_json, ("code", "words"))


@commands.command("list")
def list_(ctx: typer.Context, number: Number, home: Home, as_json: AsJson = False) -> None:
    """List what contributed to an incident, in the order it was found; what was withdrawn, too."""
    with open_desk(ctx, home).record.read() as conn:
        incident(conn, number)
        rows = views.factors(conn, [number], withdrawn=True)
    show(rows, as_json, COLUMNS)


@commands.command("find")
def find(
    ctx: typer.Context,
    number: Number,
    home: Home,
    code: Code,
    text: Annotated[str, typer.Option(help="What contributed, and how.", show_default=False)],
    evidence: Positions = None,
    as_json: AsJson = False,
) -> None:
    """Say that something contributed."""
    desk = open_desk(ctx, home)
    id = desk.record.perform(
        desk.who, lambda tx: actions.find_factor(tx, number=number, code=code, text=text, evidence=evidence or ())
    )
    _shown(desk, number, id, as_json)


@commands.command("revise")
def revise(
    ctx: typer.Context,
    number: Number,
    factor: Id,
    home: Home,
    code: Code,
    text: Annotated[str, typer.Option(help="What contributed, and how.", show_default=False)],
    evidence: Positions = None,
    as_json: AsJson = False,
) -> None:
    """Say it otherwise, whole; it has to be agreed on again."""
    desk = open_desk(ctx, home)
    desk.record.perform(
        desk.who,
        lambda tx: actions.revise_factor(
            tx, number=number, factor=factor, code=code, text=text, evidence=evidence or ()
        ),
    )
    _shown(desk, number, factor, as_json)


@commands.command("agree")
def agree(ctx: typer.Context, number: Number, factor: Id, home: Home, as_json: AsJson = False) -> None:
    """Record that those who looked back agree."""
    desk = open_desk(ctx, home)
    desk.record.perform(desk.who, lambda tx: actions.agree_factor(tx, number=number, factor=factor))
    _shown(desk, number, factor, as_json)


@commands.command("withdraw")
def withdraw(
    ctx: typer.Context,
    number: Number,
    factor: Id,
    home: Home,
    reason: Annotated[str, typer.Option(help="Why it did not contribute after all.", show_default=False)],
    as_json: AsJson = False,
) -> None:
    """Withdraw a factor, with a reason."""
    desk = open_desk(ctx, home)
    desk.record.perform(desk.who, lambda tx: actions.withdraw_factor(tx, number=number, factor=factor, reason=reason))
    _shown(desk, number, factor, as_json)


def _shown(desk: Desk, number: int, id: str, as_json: bool) -> None:
    with desk.record.read() as conn:
        row = next(one for one in views.factors(conn, [number], withdrawn=True) if one.id == id)
    show(row if as_json else [row], as_json, COLUMNS)
