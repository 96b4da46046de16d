"""`quarterdeck oncall`: who is on call, who comes next, schedules, cover, acknowledge, escalate."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from quarterdeck.governance.views import person_by_login, person_names
from quarterdeck.kernel.errors import Invalid, NotFound
from quarterdeck.kernel.time import Instant
from quarterdeck.oncall import actions, views
from quarterdeck.oncall.views.preview import plan_asked
from quarterdeck.record.local import AsJson, Desk, Home, open_desk, show

commands = typer.Typer(name="oncall", help="On-call: who now, who next, schedules, cover.", no_args_is_help=True)
schedule_commands = typer.Typer(help="Schedules: set one from a file, show it.", no_args_is_help=True)
commands.add_typer(schedule_commands, name="schedule")
Number = Annotated[int, typer.Argument(help="The incident's number, 214 of INC-214.", show_default=False)]
ScheduleId = Annotated[str, typer.Argument(help="The schedule's id.", show_default=False)]
FOUND_SOMETHING = 1


@commands.command("now")
def now(ctx: typer.Context, home: Home, as_json: AsJson = False) -> None:
    """Who is on call on each schedule, until when, who comes next, and which incidents wait for support hours.

    Exit code 1 if nobody is on one.
    """
    desk = open_desk(ctx, home)
    at = desk.record.clock.now()
    with desk.record.read() as conn:
        names, rows = person_names(conn), views.on_call_now(conn, at)
        waiting = [row for row in views.asking(conn) if row.waiting]
    items = [
        {
            "schedule": row.schedule,
            "now": names.get(row.person, row.person) if row.person else None,
            "until": _minute(row.until),
            "next": names.get(row.next_person, row.next_person) if row.next_person else None,
        }
        for row in rows
    ]
    if as_json:
        pages = [{"incident": row.number, "severity": row.severity, "pages_at": row.until} for row in waiting]
        show({"items": items, "waiting": pages}, True)
    else:
        show([one | {"now": one["now"] or "NOBODY"} for one in items], False, _NOW)
        for row in waiting:
            typer.echo(f"INC-{row.number} {row.severity} {row.waiting}.")
    if any(row.person is None and row.round_the_clock for row in rows):
        raise typer.Exit(FOUND_SOMETHING)


_NOW = ("schedule", "now", "until", "next")


@commands.command("next")
def next_(
    ctx: typer.Context,
    home: Home,
    person: Annotated[str | None, typer.Option(help="Only this login's shifts.")] = None,
    days: Annotated[int, typer.Option(min=1, max=366)] = 14,
    as_json: AsJson = False,
) -> None:
    """The coming shifts, cover included, and the gaps in which nobody would be paged. Exit code 1 if there is a gap."""
    desk = open_desk(ctx, home)
    at = desk.record.clock.now()
    with desk.record.read() as conn:
        names, id = person_names(conn), _id_of(desk, person)
        shifts = views.coming_shifts(conn, id, at, days)
        gaps = views.gaps(conn, at, days)
    items = [
        {
            "schedule": one.schedule,
            "person": names.get(one.person, one.person),
            "start": _minute(one.start),
            "end": _minute(one.end),
            "cover": "cover" if one.cover else None,
        }
        for one in shifts
    ]
    missing = [{"schedule": gap.schedule, "start": _minute(gap.start), "end": _minute(gap.end)} for gap in gaps]
    if as_json:
        show({"items": items, "gaps": missing}, True)
    else:
        show(items, False, ("schedule", "person", "start", "end", "cover"))
        for gap in missing:
            typer.echo(f"Nobody would be paged on {gap['schedule']} from {gap['start']} to {gap['end']} UTC.")
    if gaps:
        raise typer.Exit(FOUND_SOMETHING)


@commands.command("would-page")
def would_page(
    ctx: typer.Context,
    home: Home,
    kind: Annotated[str | None, typer.Option("--type", help="An incident type of the plan.")] = None,
    severity: Annotated[str | None, typer.Option(help="SEV1 to SEV5; unless given: by the plan's defaults.")] = None,
    service: Annotated[str | None, typer.Option(help="A service's id.")] = None,
    at: Annotated[str, typer.Option(help="2026-03-07T03:00Z, or `now`.")] = "now",
    draft: Annotated[int | None, typer.Option(min=1, help="By this draft instead of the plan in force.")] = None,
    as_json: AsJson = False,
) -> None:
    """Say who would be paged if this fired then, turn by turn. Exit code 1 if the answer has a weak spot."""
    desk = open_desk(ctx, home)
    when = desk.record.clock.now() if at == "now" else _instant("at", at)
    with desk.record.read() as conn:
        plan = plan_asked(conn, draft)
        found = views.who_would_be_paged(conn, plan, type=kind, severity=severity, service=service, at=when)
    if as_json:
        show(found, True)
    else:
        turns = [
            {
                "at": _minute(turn.at),
                "after": f"{turn.after} min",
                "level": str(turn.level or found.final_title),
                "pages": ", ".join(f"{one.name} ({', '.join(one.channels)})" for one in turn.people) or "NOBODY",
            }
            for turn in found.turns
        ]
        show(turns, False, ("at", "after", "level", "pages"))
        for sentence in found.weak:
            typer.echo(sentence)
    if found.weak:
        raise typer.Exit(FOUND_SOMETHING)


@schedule_commands.command("set")
def schedule_set(
    ctx: typer.Context,
    id: ScheduleId,
    file: Annotated[Path, typer.Argument(help="YAML or JSON; - reads standard input.", show_default=False)],
    home: Home,
) -> None:
    """Write a schedule down whole, new or revised, from a file."""
    desk = open_desk(ctx, home)
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(f"{file} cannot be read: {error}.") from error
    desk.record.perform(desk.who, lambda tx: actions.revise_schedule(tx, id=id, document=text))
    typer.echo(f"{id} is in force. See who is on call with: quarterdeck oncall now --home {home}")


@schedule_commands.command("show")
def schedule_show(ctx: typer.Context, id: ScheduleId, home: Home) -> None:
    """Show a schedule as it was written, as JSON; `schedule set` reads it back."""
    desk = open_desk(ctx, home)
    with desk.record.read() as conn:
        row = views.schedule(conn, id, desk.record.clock.now())
    if row is None:
        raise NotFound(f"schedule {id}")
    show(row.document, True)


@commands.command("cover")
def cover(
    ctx: typer.Context,
    schedule: ScheduleId,
    person: Annotated[str, typer.Argument(help="The login of whoever covers.", show_default=False)],
    start: Annotated[str, typer.Argument(help="2026-03-03T18:00Z, or `now`.", show_default=False)],
    end: Annotated[str, typer.Argument(help="2026-03-04T06:00Z.", show_default=False)],
    home: Home,
    reason: Annotated[str, typer.Option(help="Why, for the record.")] = "",
    as_json: AsJson = False,
) -> None:
    """Somebody covers on a schedule, whatever its layers say."""
    desk = open_desk(ctx, home)
    begins = desk.record.clock.now() if start == "now" else _instant("start", start)
    ends = _instant("end", end)
    id = desk.record.perform(
        desk.who,
        lambda tx: actions.arrange_cover(tx, schedule=schedule, person=person, start=begins, end=ends, reason=reason),
    )
    show({"cover": id} if as_json else f"{person} covers on {schedule} until {_minute(ends)} UTC ({id}).", as_json)


@commands.command("uncover")
def uncover(
    ctx: typer.Context,
    schedule: ScheduleId,
    cover: Annotated[str, typer.Argument(help="The cover's id.", show_default=False)],
    home: Home,
) -> None:
    """Take cover away again, or what is left of it."""
    desk = open_desk(ctx, home)
    desk.record.perform(desk.who, lambda tx: actions.cancel_cover(tx, schedule=schedule, cover=cover))
    typer.echo("The cover is cancelled.")


@commands.command("ack")
def ack(
    ctx: typer.Context,
    number: Number,
    home: Home,
    person: Annotated[str | None, typer.Option(help="The login of whoever has it.")] = None,
    as_json: AsJson = False,
) -> None:
    """Acknowledge an incident: the pages stop."""
    desk = open_desk(ctx, home)
    answer = desk.record.perform(desk.who, lambda tx: actions.acknowledge(tx, number=number, person=person, how="cli"))
    if as_json:
        show(answer, True)
        return
    with desk.record.read() as conn:
        holder = person_names(conn).get(answer.holder or "", answer.holder or "nobody")
    said = {"acknowledged": "acknowledged", "held": "somebody has it already", "over": "is over; nothing to do"}
    typer.echo(f"INC-{number} {said[answer.outcome]}" + (f": {holder}." if answer.holder else "."))


@commands.command("escalate")
def escalate(ctx: typer.Context, number: Number, home: Home, as_json: AsJson = False) -> None:
    """Page the next level of the incident's path now."""
    desk = open_desk(ctx, home)
    desk.record.perform(desk.who, lambda tx: actions.escalate_now(tx, number=number))
    with desk.record.read() as conn:
        found, names = views.escalation(conn, number), person_names(conn)
    if as_json or found is None:
        show(found, True)
        return
    paged = ", ".join(names.get(page.person, page.person) for page in found.steps[-1].pages) or "nobody"
    level = f"level {found.level}" if found.level else found.final_title
    typer.echo(f"INC-{number} is with {level}; paged: {paged}.")


def _id_of(desk: Desk, login: str | None) -> str | None:
    if login is None:
        return None
    with desk.record.read() as conn:
        found = person_by_login(conn, login)
    if found is None:
        raise NotFound(f"person with the login {login}")
    return found.id


def _instant(name: str, text: str) -> Instant:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise Invalid("This is no instant.", (f"{name}: write it with its zone, as 2026-03-03T18:00Z",))
    return at


def _minute(at: Instant | None) -> str | None:
    return f"{at:%Y-%m-%d %H:%M}" if at else None
