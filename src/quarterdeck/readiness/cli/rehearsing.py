"""`quarterdeck drill rehearse`: the scenario under a virtual clock, by the same rules, with a scripted team."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.principal import ENGINE
from quarterdeck.kernel.time import Instant, SystemClock, reachable
from quarterdeck.plan.rules.checking import check as check_plan
from quarterdeck.plan.sources.directory import read_directory
from quarterdeck.readiness import actions, views
from quarterdeck.readiness.cli.furnishing import FACILITATOR, furnish
from quarterdeck.readiness.cli.group import FOUND_SOMETHING, ScenarioFile, commands, text_of
from quarterdeck.readiness.cli.playing import Script, Team
from quarterdeck.readiness.cli.scenarios import file_name
from quarterdeck.readiness.rules.fitting import check_against
from quarterdeck.readiness.views import Sheet
from quarterdeck.readiness.views.documents import document
from quarterdeck.record.local import AsJson, Sandbox, open_sandbox, show

_SHOWN = ("page", "elevation", "update", "reminder", "exercise")


@commands.command("rehearse")
def rehearse(
    ctx: typer.Context,
    scenario: ScenarioFile,
    plan: Annotated[Path, typer.Argument(metavar="DIR", help="The plan to try it on.", show_default=False)],
    at: Annotated[str | None, typer.Option(help="When it begins, as 2026-03-07T03:00Z; none: now.")] = None,
    answer: Annotated[int, typer.Option(min=0, help="Minutes until somebody who is paged answers.")] = 3,
    nobody: Annotated[bool, typer.Option("--nobody", help="Nobody answers: see how far it climbs.")] = False,
    pace: Annotated[float, typer.Option(min=0.0, max=10.0, help="Of each deadline; above 1 the team is late.")] = 0.8,
    as_json: AsJson = False,
) -> None:
    """Rehearse a scenario on a plan without anybody: who would be told when, and which expectations hold.

    A scripted team does what the plan asks; what fails then is the plan's fault, or the scenario's. Exit code 1:
    something that was expected did not happen in time.
    """
    files, faults = read_directory(plan)
    sound = check_plan(files, faults).sound()
    text, name = text_of(scenario), file_name(scenario)
    checked = check_against(text, sound, None, name).sound()
    if not checked.live:
        raise Invalid("A tabletop has nothing to rehearse: nothing is sent, and people judge it.")
    script = Script(None if nobody else answer, pace)
    with open_sandbox(ctx, _start(at)) as sandbox:
        sandbox.record.perform(ENGINE, lambda tx: furnish(tx, files, sound, checked))
        number = sandbox.record.perform(
            ENGINE,
            lambda tx: actions.plan_exercise(tx, scenario=text, name=name, facilitator=FACILITATOR),
        )
        started = sandbox.record.perform(ENGINE, lambda tx: actions.start_exercise(tx, number=number))
        team = Team(sandbox, number, script)
        team.play(started.at(checked.minutes))
        with sandbox.record.read() as conn:
            sheet = views.sheet(conn, number)
        _present(sandbox, team, sheet, as_json)
    if any(one.verdict != "met" for row in sheet.objectives for one in row.expected if one.expected.what != "observed"):
        raise typer.Exit(FOUND_SOMETHING)


def _start(at: str | None) -> Instant:
    if at is None:
        return SystemClock().now().replace(second=0, microsecond=0)
    try:
        found = datetime.fromisoformat(at)
    except ValueError:
        raise Invalid("A time is not right.", ("--at: write it as 2026-03-07T03:00Z",)) from None
    return reachable("--at", found.replace(tzinfo=UTC) if found.tzinfo is None else found)


def _present(sandbox: Sandbox, team: Team, sheet: Sheet, as_json: bool) -> None:
    told = [one for one in sandbox.sent if one.purpose in _SHOWN]
    if as_json:
        answer: dict[str, Any] = {
            "exercise": document(sheet),
            "told": [{"at": one.at, "to": one.to, "purpose": one.purpose, "text": one.text} for one in told],
            "stumbles": [{"at": one.at, "what": one.what, "why": one.why} for one in team.stumbles],
        }
        show(answer, True)
        return
    begun = sheet.state.started_at
    assert begun is not None
    typer.echo(f"Rehearsed from {begun:%a %Y-%m-%d %H:%M} UTC. Who would be told:")
    for one in told:
        minute = int((one.at - begun).total_seconds() // 60)
        typer.echo(f"  +{minute:>3} min  {one.purpose:9} {one.to}: {' '.join(one.text.split())[:100]}")
    for stumble in team.stumbles:
        typer.echo(f"  could not {stumble.what}: {stumble.why}")
    for row in sheet.objectives:
        typer.echo(f"{row.objective.title}:")
        for found in row.expected:
            late = int(found.after.total_seconds() // 60) if found.verdict == "late" and found.after else 0
            word = "not rehearsed" if found.expected.what == "observed" else found.verdict
            typer.echo(f"    {word:13} {sheet.says(found)}{f' ({late} min late)' if late else ''}")
