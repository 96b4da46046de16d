"""What can be asked: who is on call, whose turn is next, where nobody would be paged, how far an escalation got."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, func, select

from quarterdeck.kernel.time import Instant, from_micros, micros
from quarterdeck.oncall import rules
from quarterdeck.oncall.events import Layer
from quarterdeck.oncall.projections import cover
from quarterdeck.oncall.projections import escalation as escalation_table
from quarterdeck.oncall.projections import page as page_table
from quarterdeck.oncall.projections import schedule as schedule_table
from quarterdeck.oncall.projections import step as step_table
from quarterdeck.oncall.rules import Cover, Schedule

LOOK_AHEAD = timedelta(days=370)
LOOK_BACK = timedelta(days=31)


@dataclass(frozen=True)
class ScheduleRow:
    """A schedule with its document as it was written (people as logins) and its cover from now on."""

    schedule: Schedule
    document: dict[str, Any]
    revised_at: Instant
    revised_by: str


@dataclass(frozen=True)
class OnCall:
    """Who is on call on one schedule now, until when, and who comes next. `person` None: nobody would be paged.

    `until` None: nothing changes within a year. `next_person` None: nobody follows (a gap).
    """

    schedule: str
    title: str
    zone: str
    round_the_clock: bool
    person: str | None
    since: Instant | None
    until: Instant | None
    cover: str | None
    next_person: str | None
    next_at: Instant | None


@dataclass(frozen=True)
class ComingShift:
    """A final shift; `cover` is the id of the cover that made it."""

    schedule: str
    title: str
    zone: str
    person: str
    start: Instant
    end: Instant
    cover: str | None


@dataclass(frozen=True)
class Gap:
    """A span in which nobody would be paged, on a schedule that ought to be round the clock."""

    schedule: str
    title: str
    zone: str
    start: Instant
    end: Instant


@dataclass(frozen=True)
class PageRow:
    """One page: to whom, by way of which target, and what became of it. `state` and `outcome` are notify's words."""

    delivery: str
    person: str
    target: str
    at: Instant
    declined: bool
    failed: bool


@dataclass(frozen=True)
class StepRow:
    """One step of an escalation: why it was its turn, who was paged, and which targets gave nobody, with the reason."""

    step: int
    level: int
    round: int
    reason: str
    by: str | None
    at: Instant
    pages: tuple[PageRow, ...]
    unreached: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class EscalationRow:
    """An escalation as it stands. `until`: when the next step has its turn. `steps`: of every run, in order."""

    number: int
    severity: str
    path: str
    status: str
    level: int
    round: int
    levels: int
    until: Instant | None
    started_at: Instant
    final_title: str
    final_login: str
    acknowledged_by: str | None
    acknowledged_at: Instant | None
    acknowledged_how: str | None
    ended_because: str | None
    steps: tuple[StepRow, ...] = ()

    @property
    def asking(self) -> bool:
        """True while somebody ought still to answer."""
        return self.status in ("climbing", "exhausted")


# -- schedules ---------------------------------------------------------------------------------


def schedules(conn: Connection, since: Instant) -> list[ScheduleRow]:
    """Every schedule by title, with the cover that ends after `since`."""
    rows = conn.execute(select(schedule_table).order_by(schedule_table.c.title, schedule_table.c.id)).all()
    found = conn.execute(select(cover).where(cover.c.ends > micros(since)).order_by(cover.c.position)).all()
    covers: dict[str, list[Cover]] = {}
    for row in found:
        one = Cover(row.id, row.person, from_micros(row.starts), from_micros(row.ends), row.arranged_by, row.reason)
        covers.setdefault(row.schedule, []).append(one)
    return [_schedule(row, covers.get(row.id, [])) for row in rows]


def schedule(conn: Connection, id: str, since: Instant) -> ScheduleRow | None:
    """One schedule; None if there is none with this id."""
    return next((row for row in schedules(conn, since) if row.schedule.id == id), None)


def _schedule(row: Any, covers: Iterable[Cover]) -> ScheduleRow:
    layers = msgspec.convert(row.layers, tuple[Layer, ...])
    planned = Schedule(row.id, row.title, row.zone, layers, bool(row.round_the_clock), tuple(covers))
    return ScheduleRow(planned, row.document, from_micros(row.revised_at), row.revised_by)


def on_call_now(conn: Connection, at: Instant) -> list[OnCall]:
    """Every schedule with who is on call at `at` and who comes next."""
    return [_on_call(row.schedule, at) for row in schedules(conn, at - LOOK_BACK)]


def _on_call(planned: Schedule, at: Instant) -> OnCall:
    """Looks a fortnight ahead first and a year only if nothing changes in it."""
    for ahead in (timedelta(days=15), LOOK_AHEAD):
        start, end = at - LOOK_BACK, at + ahead
        shifts = rules.shifts(planned, start, end)
        current = next((shift for shift in shifts if shift.start <= at < shift.end), None)
        following = next((shift for shift in shifts if shift.start > at), None)
        if following and (current is None or current.end < end):
            break
    until = current.end if current and current.end < end else None
    adjoins = following is not None and (current is None or following.start == current.end)
    return OnCall(
        schedule=planned.id,
        title=planned.title,
        zone=planned.zone,
        round_the_clock=planned.round_the_clock,
        person=current.person if current else None,
        since=current.start if current and current.start > start else None,
        until=until if current else (following.start if following else None),
        cover=current.cover if current else None,
        next_person=following.person if following and adjoins else None,
        next_at=following.start if following and adjoins else None,
    )


def coming_shifts(conn: Connection, person: str | None, at: Instant, days: int) -> list[ComingShift]:
    """The final shifts from `at` for so many days, of one person or of everybody, by start."""
    end = at + timedelta(days=days)
    found = [
        ComingShift(row.schedule.id, row.schedule.title, row.schedule.zone, one.person, one.start, one.end, one.cover)
        for row in schedules(conn, at)
        for one in rules.shifts(row.schedule, at, end)
        if person is None or one.person == person
    ]
    return sorted(found, key=lambda one: (one.start, one.title, one.end))


def gaps(conn: Connection, at: Instant, days: int = 60) -> list[Gap]:
    """Where nobody would be paged from `at` for so many days, by start."""
    end = at + timedelta(days=days)
    found = [
        Gap(row.schedule.id, row.schedule.title, row.schedule.zone, start, finish)
        for row in schedules(conn, at)
        for start, finish in rules.gaps(row.schedule, at, end)
    ]
    return sorted(found, key=lambda gap: (gap.start, gap.title))


# -- escalations -------------------------------------------------------------------------------


def escalation(conn: Connection, number: int) -> EscalationRow | None:
    """An escalation with every step and page; None if nobody was ever to be paged for the incident."""
    row = conn.execute(select(escalation_table).where(escalation_table.c.number == number)).first()
    if row is None:
        return None
    pages: dict[int, list[PageRow]] = {}
    query = select(page_table).where(page_table.c.number == number)
    for one in conn.execute(query.order_by(page_table.c.step, page_table.c.delivery)):
        at = from_micros(one.requested_at)
        page = PageRow(one.delivery, one.person, one.target, at, bool(one.declined), bool(one.failed))
        pages.setdefault(one.step, []).append(page)
    steps = conn.execute(select(step_table).where(step_table.c.number == number).order_by(step_table.c.step))
    return _escalation(
        row,
        tuple(
            StepRow(
                step=one.step,
                level=one.level,
                round=one.round,
                reason=one.reason,
                by=one.by,
                at=from_micros(one.due_at),
                pages=tuple(pages.get(one.step, ())),
                unreached=tuple(one.unreached),
            )
            for one in steps
        ),
    )


def _escalation(row: Any, steps: tuple[StepRow, ...] = ()) -> EscalationRow:
    return EscalationRow(
        number=row.number,
        severity=row.severity,
        path=row.path,
        status=row.status,
        level=row.level,
        round=row.round,
        levels=len(row.levels),
        until=_instant(row.until),
        started_at=from_micros(row.started_at),
        final_title=row.final_title,
        final_login=row.final_login,
        acknowledged_by=row.acknowledged_by,
        acknowledged_at=_instant(row.acknowledged_at),
        acknowledged_how=row.acknowledged_how,
        ended_because=row.ended_because,
        steps=steps,
    )


def asking(conn: Connection) -> list[EscalationRow]:
    """The escalations that nobody has answered yet, the most severe first; exhausted ones are among them."""
    rows = conn.execute(
        select(escalation_table)
        .where(escalation_table.c.status.in_(["climbing", "exhausted"]))
        .order_by(escalation_table.c.severity, escalation_table.c.number)
    )
    return [_escalation(row) for row in rows]


def pages_for(conn: Connection, person: str) -> list[EscalationRow]:
    """The unanswered escalations in which this person was paged: am I needed?"""
    paged = select(page_table.c.number).where(page_table.c.person == person, page_table.c.declined.is_(False))
    rows = conn.execute(
        select(escalation_table)
        .where(escalation_table.c.status.in_(["climbing", "exhausted"]), escalation_table.c.number.in_(paged))
        .order_by(escalation_table.c.severity, escalation_table.c.number)
    )
    return [_escalation(row) for row in rows]


def times_paged(conn: Connection, since: Instant) -> dict[str, int]:
    """How many pages each person was sent since an instant, for fairness."""
    query = (
        select(page_table.c.person, func.count())
        .where(page_table.c.requested_at >= micros(since))
        .group_by(page_table.c.person)
    )
    return {row[0]: row[1] for row in conn.execute(query)}


def _instant(value: int | None) -> Instant | None:
    return None if value is None else from_micros(value)
