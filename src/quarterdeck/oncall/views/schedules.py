"""Who is on call, whose turn is next, and where nobody would be paged."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from quarterdeck.kernel.time import Instant, from_micros, micros
from quarterdeck.oncall import rules
from quarterdeck.oncall.events import Layer
from quarterdeck.oncall.projections import cover
from quarterdeck.oncall.projections import schedule as schedule_table
from quarterdeck.oncall.rules import Cover, Schedule

LOOK_AHEAD = timedelta(days=370)
LOOK_BACK = timedelta(days=31)
_LONG_AGO = timedelta(days=92)


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


def last_shift_end(conn: Connection, person: str, at: Instant) -> Instant | None:
    """When somebody's last shift before `at` ended; None if there was none in a quarter of a year."""
    start = at - _LONG_AGO
    ends = [
        one.end
        for row in schedules(conn, start)
        for one in rules.shifts(row.schedule, start, at)
        if one.person == person and one.end < at
    ]
    return max(ends, default=None)


def gaps(conn: Connection, at: Instant, days: int = 60) -> list[Gap]:
    """Where nobody would be paged from `at` for so many days, by start."""
    end = at + timedelta(days=days)
    found = [
        Gap(row.schedule.id, row.schedule.title, row.schedule.zone, start, finish)
        for row in schedules(conn, at)
        for start, finish in rules.gaps(row.schedule, at, end)
    ]
    return sorted(found, key=lambda gap: (gap.start, gap.title))
