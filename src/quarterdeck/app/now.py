"""The home page's questions, put to every room: am I needed, are we safe, who is on call, will it page?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from quarterdeck.app.words import plural, span
from quarterdeck.command.views import IncidentRow, TaskRow, due_tasks, open_incidents
from quarterdeck.comms.views import OverdueRow, overdue
from quarterdeck.governance.views import person_names
from quarterdeck.kernel.principal import Principal
from quarterdeck.kernel.time import Instant
from quarterdeck.learning.views import ReviewRow, reviews
from quarterdeck.notify.views import Health, health
from quarterdeck.obligations.views import Pressing, pressing
from quarterdeck.oncall.views import (
    ComingShift,
    EscalationRow,
    Gap,
    OnCall,
    coming_shifts,
    escalation,
    gaps,
    on_call_now,
    pages_for,
)

CANARY_WITHIN = timedelta(minutes=3)
"""The pager sends itself a canary every minute; three missed ones are a fault."""
WAITS_TOO_LONG = timedelta(minutes=1)
LOOK_AHEAD_DAYS = 14


@dataclass(frozen=True)
class Sentence:
    """One line of plain words; `act` where somebody has to do something about it."""

    text: str
    act: bool = False


@dataclass(frozen=True)
class Now:
    """Everything on the home page."""

    headline: str
    pages: list[tuple[EscalationRow, IncidentRow | None]]
    tasks: list[TaskRow]
    incidents: list[IncidentRow]
    escalations: Mapping[int, EscalationRow]
    on_call: list[OnCall]
    next_shift: ComingShift | None
    gaps: list[Gap]
    pager: list[Sentence]
    reviews: list[ReviewRow]
    updates: list[OverdueRow]
    legal: list[Pressing]
    names: Mapping[str, str]


def now_for(conn: Connection, who: Principal, at: Instant) -> Now:
    person = who.person
    names = person_names(conn)
    incidents = open_incidents(conn)
    by_number = {row.number: row for row in incidents}
    pages = pages_for(conn, person) if person else []
    tasks = due_tasks(conn, person) if person else []
    on_call = on_call_now(conn, at)
    shifts = coming_shifts(conn, person, at, LOOK_AHEAD_DAYS) if person else []
    escalations = {row.number: found for row in incidents[:50] if (found := escalation(conn, row.number)) is not None}
    return Now(
        headline=headline(
            len(incidents),
            len(pages),
            sum(task.due is not None and task.due <= at for task in tasks),
            sum(row.drill for row in incidents),
        ),
        pages=[(page, by_number.get(page.number)) for page in pages],
        tasks=tasks,
        incidents=incidents,
        escalations=escalations,
        on_call=on_call,
        next_shift=next((shift for shift in shifts if shift.start > at), None),
        gaps=gaps(conn, at, LOOK_AHEAD_DAYS),
        pager=pager(health(conn, at), {row.person for row in on_call if row.person}, names, at),
        reviews=reviews(conn, "owed", limit=8)[0],
        updates=overdue(conn, at),
        legal=pressing(conn, at),
        names=names,
    )


def headline(incidents: int, pages: int, late_tasks: int, drills: int = 0) -> str:
    """The page's first words: how many are open, how many of them are drills, and whether the reader is needed."""
    first = {0: "Nothing is open.", 1: "One incident is open."}.get(incidents, f"{incidents} incidents are open.")
    if drills:
        whole = "It is a drill" if incidents == 1 else "All of them are drills"
        first += f" {whole if drills == incidents else plural(drills, 'is a drill', 'are drills')}."
    if pages:
        second = "You are being paged." if pages == 1 else f"You are being paged for {pages} of them."
    elif late_tasks:
        second = f"{plural(late_tasks, 'task')} of yours {'is' if late_tasks == 1 else 'are'} overdue."
    else:
        second = "You are not needed now." if incidents else ""
    return f"{first} {second}".strip()


def pager(found: Health, on_call: set[str], names: Mapping[str, str], at: Instant) -> list[Sentence]:
    """Whether a page would arrive, worst first. One calm sentence when all is well."""
    lines: list[Sentence] = []
    arrived = found.canary.arrived_at if found.canary else None
    if arrived is None:
        lines.append(Sentence("No test page has arrived yet. Is the engine running?", act=True))
    elif at - arrived > CANARY_WITHIN:
        lines.append(Sentence(f"No test page has arrived for {span(at - arrived)}. Pages may not go out.", act=True))
    unreachable = [names.get(person, person) for person in found.unreachable if person in on_call]
    lines.extend(Sentence(f"{name} is on call and has no verified contact method.", act=True) for name in unreachable)
    if found.oldest_pending is not None and at - found.oldest_pending > WAITS_TOO_LONG:
        wait = span(at - found.oldest_pending)
        lines.append(
            Sentence(f"{plural(found.pending, 'delivery', 'deliveries')} wait, the oldest for {wait}.", act=True)
        )
    if found.abandoned_last_day:
        lost = plural(found.abandoned_last_day, "delivery", "deliveries")
        lines.append(Sentence(f"{lost} could not be made in the last day.", act=True))
    lines.extend(
        Sentence(f"The last {channel.channel} delivery failed, {span(at - channel.failed_at)} ago.")
        for channel in found.channels
        if channel.failed_at and (channel.succeeded_at is None or channel.failed_at > channel.succeeded_at)
    )
    if arrived is not None and not any(line.act for line in lines):
        lines.insert(0, Sentence(f"It would page: a test page went the whole way {span(at - arrived)} ago."))
    return lines


def summary(row: EscalationRow | None, names: Mapping[str, str]) -> dict[str, Any] | None:
    """How far the paging for an incident got, for its bar: words, the person who answered, the next step's instant."""
    if row is None:
        return None
    if row.acknowledged_by:
        return {
            "text": "acknowledged by",
            "who": names.get(row.acknowledged_by, row.acknowledged_by),
            "tone": "",
            "until": None,
        }
    if row.status == "exhausted":
        return {"text": "nobody answered", "who": None, "tone": "act", "until": None}
    if row.status == "climbing":
        return {"text": f"paging level {row.level} of {row.levels}", "who": None, "tone": "act", "until": row.until}
    if row.waiting:
        return {"text": row.waiting, "who": None, "tone": "", "until": None}
    return None
