"""`quarterdeck drill plan|list|show|start|inject|end|cancel`: an exercise from its scenario to its end."""

from datetime import datetime
from typing import Annotated

import typer

from quarterdeck.readiness import actions, views
from quarterdeck.readiness.cli.group import Number, ScenarioFile, act, commands, numbered, present, text_of
from quarterdeck.readiness.cli.scenarios import file_name
from quarterdeck.readiness.views.documents import listed
from quarterdeck.record.local import AsJson, Home, open_desk, show

COLUMNS = ("number", "kind", "state", "type", "title")
Reason = Annotated[str, typer.Option(help="Why.", show_default=False)]


@commands.command("plan")
def plan(
    ctx: typer.Context,
    scenario: ScenarioFile,
    home: Home,
    facilitator: Annotated[str, typer.Option(help="Login of who leads it.", show_default=False)],
    evaluator: Annotated[str | None, typer.Option(help="Login of who judges it; none: the facilitator.")] = None,
    team: Annotated[str | None, typer.Option(help="Id of the team that is tried.")] = None,
    participant: Annotated[list[str] | None, typer.Option(help="Login of somebody taking part; repeatable.")] = None,
    at: Annotated[str | None, typer.Option(help="When, as 2026-03-02T09:00Z.")] = None,
    announced: Annotated[bool, typer.Option(help="Tell the participants.")] = True,
    as_json: AsJson = False,
) -> None:
    """Plan an exercise of a scenario on the plan in force."""
    text, name = text_of(scenario), file_name(scenario)
    desk = open_desk(ctx, home)
    number = desk.record.perform(
        desk.who,
        lambda tx: actions.plan_exercise(
            tx,
            scenario=text,
            name=name,
            team=team,
            facilitator=facilitator,
            evaluator=evaluator,
            participants=participant or (),
            scheduled_at=datetime.fromisoformat(at) if at else None,
            announced=announced,
        ),
    )
    present(ctx, home, number, as_json)


@commands.command("list")
def list_(
    ctx: typer.Context,
    home: Home,
    state: Annotated[str | None, typer.Option(help="planned, running, ended, evaluated, closed or cancelled.")] = None,
    as_json: AsJson = False,
) -> None:
    """List exercises: running, planned, then the others."""
    with open_desk(ctx, home).record.read() as conn:
        rows, following = views.exercises(conn, state=state, limit=views.MOST)
    show({"items": [listed(row) for row in rows], "next": following} if as_json else rows, as_json, COLUMNS)


@commands.command("show")
def show_(ctx: typer.Context, number: Number, home: Home, as_json: AsJson = False) -> None:
    """Show one exercise: its clock, what was expected, what came of it."""
    present(ctx, home, numbered(number), as_json)


@commands.command("start")
def start(ctx: typer.Context, number: Number, home: Home, as_json: AsJson = False) -> None:
    """Start the clock: from now on its injects happen, on the real path."""
    which = numbered(number)
    act(ctx, home, which, lambda tx: actions.start_exercise(tx, number=which), as_json)


@commands.command("inject")
def inject(
    ctx: typer.Context,
    number: Number,
    home: Home,
    inject: Annotated[str, typer.Argument(help="The inject's id.", show_default=False)],
    as_json: AsJson = False,
) -> None:
    """Let an inject happen before its minute."""
    which = numbered(number)
    act(ctx, home, which, lambda tx: actions.inject_now(tx, number=which, inject=inject), as_json)


@commands.command("end")
def end(
    ctx: typer.Context,
    number: Number,
    home: Home,
    real: Annotated[bool, typer.Option("--real", help="A real incident has come.")] = False,
    reason: Reason = "it is over",
    as_json: AsJson = False,
) -> None:
    """Stop at once: withdraw the pages, end the incidents of the exercise."""
    which = numbered(number)
    act(ctx, home, which, lambda tx: actions.end_exercise(tx, number=which, reason=reason, real=real), as_json)


@commands.command("cancel")
def cancel(ctx: typer.Context, number: Number, home: Home, reason: Reason, as_json: AsJson = False) -> None:
    """It will not take place."""
    which = numbered(number)
    act(ctx, home, which, lambda tx: actions.cancel_exercise(tx, number=which, reason=reason), as_json)


@commands.command("cut")
def cut(
    ctx: typer.Context,
    incident: Annotated[str, typer.Argument(help="The incident, as in 7 or INC-7.", show_default=False)],
    home: Home,
) -> None:
    """Print a scenario cut from a past incident, its names left out: quarterdeck drill cut INC-7 > scenario.yaml"""
    with open_desk(ctx, home).record.read() as conn:
        typer.echo(views.scenario_cut_from(conn, numbered(incident, "INC-")), nl=False)
