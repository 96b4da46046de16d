"""`quarterdeck incident`: list, show, declare, and change the state of incidents."""

from pathlib import Path
from typing import Annotated

import typer

from quarterdeck.command import actions, views
from quarterdeck.command.views import Filters
from quarterdeck.record import Tx
from quarterdeck.record.local import AsJson, Home, open_desk, show

commands = typer.Typer(name="incident", help="Incidents: list, show, declare, work on.", no_args_is_help=True)
Number = Annotated[int, typer.Argument(help="The incident's number, 214 of INC-214.", show_default=False)]


@commands.command("list")
def list_(
    ctx: typer.Context,
    home: Home,
    state: Annotated[list[str] | None, typer.Option(help="triage … closed, `open` or `live`; repeatable.")] = None,
    severity: Annotated[list[str] | None, typer.Option(help="SEV1 … SEV5; repeatable.")] = None,
    service: Annotated[str, typer.Option(help="A service's id.")] = "",
    query: Annotated[str, typer.Option("--query", "-q", help="Words of the title, or a number.")] = "",
    imported: Annotated[bool | None, typer.Option(help="Only those brought in from elsewhere, or only ours.")] = None,
    source: Annotated[str, typer.Option(help="Only those from this system, as servicenow.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=500)] = 50,
    as_json: AsJson = False,
) -> None:
    """List incidents, the latest first."""
    filters = Filters(tuple(state or ()), tuple(severity or ()), service, text=query, imported=imported, source=source)
    desk = open_desk(ctx, home)
    with desk.record.read() as conn:
        page = views.incidents(conn, filters, limit=limit)
    columns = ("number", "severity", "state", "title", "commander_name", "service", "declared_at")
    show({"items": page.items, "next": page.next} if as_json else page.items, as_json, columns)


@commands.command("show")
def show_(ctx: typer.Context, number: Number, home: Home, as_json: AsJson = False) -> None:
    """Show an incident: where it stands, its tasks and its timeline."""
    desk = open_desk(ctx, home)
    with desk.record.read() as conn:
        row = views.incident(conn, number)
        tasks, roles, entries = views.tasks(conn, number), views.roles(conn, number), views.timeline(conn, number)
    if as_json:
        show({"incident": row, "roles": roles, "tasks": tasks, "timeline": entries}, True)
        return
    typer.echo(f"INC-{row.number}  {row.severity}  {row.state}  {row.title}")
    typer.echo(f"Commander {row.commander_name}; declared {row.declared_at:%Y-%m-%d %H:%M} UTC\n")
    show(tasks, False, ("id", "state", "due", "title", "owner_name"))
    typer.echo("")
    for entry in reversed(entries):
        late = " (recorded later)" if entry.late else ""
        typer.echo(f"{entry.occurred_at:%Y-%m-%d %H:%M:%S}  {entry.sentence}{late}")


@commands.command("declare")
def declare(
    ctx: typer.Context,
    title: Annotated[str, typer.Argument(help="What is wrong, in a few words.", show_default=False)],
    home: Home,
    type: Annotated[str | None, typer.Option(help="An incident type of the plan.")] = None,
    impact: Annotated[str | None, typer.Option(help="A grade of the plan's impact scale.")] = None,
    urgency: Annotated[str | None, typer.Option(help="A grade of the plan's urgency scale.")] = None,
    severity: Annotated[str | None, typer.Option(help="Override what the plan computes; needs --reason.")] = None,
    reason: Annotated[str | None, typer.Option(help="Why the severity is overridden.")] = None,
    service: Annotated[str | None, typer.Option(help="A service's id.")] = None,
    commander: Annotated[str | None, typer.Option(help="A login; default: the post that the plan names.")] = None,
    summary: Annotated[str, typer.Option(help="Who cannot do what, with numbers.")] = "",
    drill: Annotated[bool, typer.Option(help="An exercise: the real path, kept out of the figures.")] = False,
    as_json: AsJson = False,
) -> None:
    """Declare an incident. Only a title is needed."""
    desk = open_desk(ctx, home)

    def act(tx: Tx) -> int:
        return actions.declare(
            tx,
            title=title,
            type=type,
            impact=impact,
            urgency=urgency,
            severity=severity,
            severity_reason=reason,
            service=service,
            commander=commander,
            summary=summary,
            drill=drill,
        )

    number = desk.record.perform(desk.who, act)
    _answer(ctx, home, number, as_json)


@commands.command("mitigate")
def mitigate(
    ctx: typer.Context,
    number: Number,
    home: Home,
    how: Annotated[str, typer.Option(help="What was done.")] = "",
    as_json: AsJson = False,
) -> None:
    """The impact has ended or is bearable."""
    desk = open_desk(ctx, home)
    desk.record.perform(desk.who, lambda tx: actions.mitigate(tx, number=number, how=how))
    _answer(ctx, home, number, as_json)


@commands.command("resolve")
def resolve(
    ctx: typer.Context,
    number: Number,
    home: Home,
    reason: Annotated[str, typer.Option(help="What resolved it.", show_default=False)],
    as_json: AsJson = False,
) -> None:
    """The trouble is over."""
    desk = open_desk(ctx, home)
    desk.record.perform(desk.who, lambda tx: actions.resolve(tx, number=number, reason=reason))
    _answer(ctx, home, number, as_json)


@commands.command("close")
def close(ctx: typer.Context, number: Number, home: Home, as_json: AsJson = False) -> None:
    """Everything is done that the plan asks for."""
    desk = open_desk(ctx, home)
    desk.record.perform(desk.who, lambda tx: actions.close(tx, number=number))
    _answer(ctx, home, number, as_json)


@commands.command("note")
def note(
    ctx: typer.Context,
    number: Number,
    text: Annotated[str, typer.Argument(help="Markdown.", show_default=False)],
    home: Home,
    as_json: AsJson = False,
) -> None:
    """Add a note to the timeline."""
    desk = open_desk(ctx, home)
    desk.record.perform(desk.who, lambda tx: actions.note(tx, number=number, text=text))
    _answer(ctx, home, number, as_json)


@commands.command("task")
def task(
    ctx: typer.Context,
    number: Number,
    home: Home,
    add: Annotated[str | None, typer.Option(help="Add a task with this title.")] = None,
    assignee: Annotated[str | None, typer.Option(help="A login, with --add or --assign.")] = None,
    assign: Annotated[str | None, typer.Option(help="Give this task (its id) to --assignee.")] = None,
    done: Annotated[str | None, typer.Option(help="This task (its id) is done.")] = None,
    evidence: Annotated[str | None, typer.Option(help="What shows that it is done, with --done.")] = None,
    answer: Annotated[str | None, typer.Option(help="What was decided, with --done of a step that decides.")] = None,
    skip: Annotated[str | None, typer.Option(help="Skip this task (its id); needs --reason.")] = None,
    reason: Annotated[str, typer.Option(help="Why it is skipped.")] = "",
    as_json: AsJson = False,
) -> None:
    """List an incident's tasks; or add, assign, finish or skip one."""
    desk = open_desk(ctx, home)

    def act(tx: Tx) -> None:
        if add is not None:
            actions.add_task(tx, number=number, title=add, assignee=assignee)
        if assign is not None:
            actions.assign_task(tx, number=number, task=assign, person=assignee or "")
        if done is not None:
            actions.complete_task(tx, number=number, task=done, evidence=evidence, answer=answer)
        if skip is not None:
            actions.skip_task(tx, number=number, task=skip, reason=reason)

    if any(value is not None for value in (add, assign, done, skip)):
        desk.record.perform(desk.who, act)
    with desk.record.read() as conn:
        views.incident(conn, number)
        rows = views.tasks(conn, number)
    show(rows, as_json, ("id", "state", "due", "title", "owner_name"))


@commands.command("conformance")
def conformance(ctx: typer.Context, number: Number, home: Home, as_json: AsJson = False) -> None:
    """Was the plan followed in this incident, step by step? Exit code 1 if it was not."""
    desk = open_desk(ctx, home)
    with desk.record.read() as conn:
        found = views.conformance(conn, number)
    show(found if as_json else found.steps, as_json, ("step", "title", "mandatory", "state", "late", "why"))
    if not as_json and found.mandatory.n:
        counted = found.mandatory
        typer.echo(
            f"Mandatory steps followed: {counted.followed} of {counted.n} ({counted.low:.0%} to {counted.high:.0%})."
        )
    raise typer.Exit(1 if found.deviations else 0)


@commands.command("explain")
def explain(
    ctx: typer.Context,
    number: Number,
    step: Annotated[str, typer.Argument(help="The step's id.", show_default=False)],
    home: Home,
    why: Annotated[str, typer.Option(help="Why the plan was not followed.", show_default=False)],
    verdict: Annotated[str, typer.Option(help="necessary, mistake or better-than-the-plan.", show_default=False)],
    as_json: AsJson = False,
) -> None:
    """Explain why a step was not followed. Better than the plan: a draft of the change is opened."""
    desk = open_desk(ctx, home)
    desk.record.perform(
        desk.who, lambda tx: actions.explain_deviation(tx, number=number, step=step, why=why, verdict=verdict)
    )
    _answer(ctx, home, number, as_json)


def _answer(ctx: typer.Context, home: Path, number: int, as_json: bool) -> None:
    with open_desk(ctx, home).record.read() as conn:
        row = views.incident(conn, number)
    show(row if as_json else f"INC-{row.number} is {row.state}: {row.severity} {row.title}", as_json)
