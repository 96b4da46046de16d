"""Read tables of schedules, cover, escalations and their pages, and how each event moves them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import msgspec
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Index,
    Integer,
    String,
    Table,
    Text,
    case,
    delete,
    insert,
    select,
    update,
)

from quarterdeck.kernel.time import micros
from quarterdeck.oncall import events as ev
from quarterdeck.record import Projections, Recorded
from quarterdeck.record.tables import read

schedule = Table(
    "oncall_schedule",
    read,
    Column("id", String(64), primary_key=True),
    Column("title", Text, nullable=False),
    Column("zone", String(64), nullable=False),
    Column("round_the_clock", Boolean, nullable=False),
    Column("layers", JSON, nullable=False),
    Column("document", JSON, nullable=False),
    Column("revised_at", BigInteger, nullable=False),
    Column("revised_by", Text, nullable=False),
)

cover = Table(
    "oncall_cover",
    read,
    Column("id", String(32), primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("schedule", String(64), nullable=False),
    Column("person", Text, nullable=False),
    Column("starts", BigInteger, nullable=False),
    Column("ends", BigInteger, nullable=False),
    Column("arranged_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Index("oncall_cover_ends", "ends"),
)

escalation = Table(
    "oncall_escalation",
    read,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("run", Integer, nullable=False),
    Column("severity", String(8), nullable=False),
    Column("path", String(64), nullable=False),
    Column("levels", JSON, nullable=False),
    Column("repeat", Integer, nullable=False),
    Column("posts", JSON, nullable=False),
    Column("final_post", Text, nullable=False),
    Column("final_title", Text, nullable=False),
    Column("final_login", Text, nullable=False),
    Column("started_at", BigInteger, nullable=False),
    Column("status", String(16), nullable=False, index=True),
    Column("base", Integer, nullable=False),
    Column("step", Integer, nullable=False),
    Column("level", Integer, nullable=False),
    Column("round", Integer, nullable=False),
    Column("until", BigInteger),
    Column("zone", String(64)),
    Column("acknowledged_by", Text),
    Column("acknowledged_at", BigInteger),
    Column("acknowledged_how", Text),
    Column("ended_because", Text),
)

step = Table(
    "oncall_step",
    read,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("step", Integer, primary_key=True, autoincrement=False),
    Column("level", Integer, nullable=False),
    Column("round", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("by", Text),
    Column("due_at", BigInteger, nullable=False),
    Column("reached_at", BigInteger),
    Column("unreached", JSON, nullable=False),
)

page = Table(
    "oncall_page",
    read,
    Column("delivery", String(32), primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("number", Integer, nullable=False),
    Column("step", Integer, nullable=False),
    Column("person", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("requested_at", BigInteger, nullable=False),
    Column("declined", Boolean, nullable=False),
    Column("failed", Boolean, nullable=False),
    Index("oncall_page_number", "number", "step"),
    Index("oncall_page_person", "person"),
)


def _revised(conn: Connection, rows: Sequence[Recorded]) -> None:
    latest = {row.event.schedule: row.event for row in rows}
    conn.execute(delete(schedule).where(schedule.c.id.in_(latest)))
    values = [
        {
            "id": e.schedule,
            "title": e.title,
            "zone": e.zone,
            "round_the_clock": e.round_the_clock,
            "layers": msgspec.to_builtins(e.layers),
            "document": e.document,
            "revised_at": micros(e.at),
            "revised_by": e.by,
        }
        for e in latest.values()
    ]
    conn.execute(insert(schedule), values)


def _cover_arranged(conn: Connection, rows: Sequence[Recorded]) -> None:
    values = [
        {
            "id": row.event.cover,
            "position": row.position,
            "schedule": row.key,
            "person": row.event.person,
            "starts": micros(row.event.start),
            "ends": micros(row.event.end),
            "arranged_by": row.event.by,
            "reason": row.event.reason,
        }
        for row in rows
    ]
    conn.execute(insert(cover), values)


def _cover_cancelled(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        at, mine = micros(row.event.at), cover.c.id == row.event.cover
        conn.execute(delete(cover).where(mine, cover.c.starts >= at))
        conn.execute(update(cover).where(mine, cover.c.ends > at).values(ends=at))


def _started(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        e = row.event
        held = conn.execute(select(escalation).where(escalation.c.number == e.number)).first()
        keeps = held is not None and e.acknowledged
        conn.execute(delete(escalation).where(escalation.c.number == e.number))
        conn.execute(
            insert(escalation).values(
                number=e.number,
                run=held.run + 1 if held else 1,
                severity=e.severity,
                path=e.path,
                levels=msgspec.to_builtins(e.levels),
                repeat=e.repeat,
                posts={**e.posts, e.final.post: e.final.login},
                final_post=e.final.post,
                final_title=e.final.title,
                final_login=e.final.login,
                started_at=micros(e.at),
                status="acknowledged" if e.acknowledged else "climbing",
                base=held.step + 1 if held else 0,
                step=held.step if held else -1,
                level=1,
                round=1,
                until=None,
                zone=e.hours.zone if e.hours else None,
                acknowledged_by=held.acknowledged_by if held and keeps else None,
                acknowledged_at=held.acknowledged_at if held and keeps else None,
                acknowledged_how=held.acknowledged_how if held and keeps else None,
                ended_because=None,
            )
        )


def _level_due(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        e, number = row.event, int(row.key)
        conn.execute(
            insert(step).values(
                number=number,
                step=e.step,
                level=e.level,
                round=e.round,
                reason=e.reason,
                by=e.by,
                due_at=micros(e.at),
                reached_at=None,
                unreached=[],
            )
        )
        climbing: Any = "climbing"
        if e.reason == "started":
            climbing = case((escalation.c.status == "acknowledged", "acknowledged"), else_="climbing")
        _set(conn, number, step=e.step, level=e.level, round=e.round, until=None, status=climbing)


def _postponed(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        e, number = row.event, int(row.key)
        waiting: Any = "waiting"
        if e.reason == "started":
            waiting = case((escalation.c.status == "acknowledged", "acknowledged"), else_="waiting")
        _set(conn, number, until=micros(e.until), status=waiting)


def _level_reached(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        e, number = row.event, int(row.key)
        mine = (step.c.number == number) & (step.c.step == e.step)
        unreached = msgspec.to_builtins(e.unreached)
        conn.execute(update(step).where(mine).values(reached_at=micros(e.at), unreached=unreached))
        held = conn.execute(select(escalation.c.levels, escalation.c.status).where(escalation.c.number == number)).one()
        within = held.levels[e.level - 1]["acknowledge_within"]  # level 0, the final post, has the last level's time
        until = micros(e.at + timedelta(minutes=within)) if held.status == "climbing" else None
        _set(conn, number, until=until)


def _page_requested(conn: Connection, rows: Sequence[Recorded]) -> None:
    values = [
        {
            "delivery": row.event.delivery,
            "position": row.position,
            "number": int(row.key),
            "step": row.event.step,
            "person": row.event.person,
            "target": row.event.target,
            "requested_at": micros(row.event.at),
            "declined": False,
            "failed": False,
        }
        for row in rows
    ]
    conn.execute(insert(page), values)


def _declined(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        mine = (page.c.number == int(row.key)) & (page.c.step == row.event.step) & (page.c.person == row.event.by)
        conn.execute(update(page).where(mine).values(declined=True))


def _failed(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        conn.execute(update(page).where(page.c.delivery == row.event.delivery).values(failed=True))


def _acknowledged(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        e = row.event
        _set(
            conn,
            int(row.key),
            status="acknowledged",
            until=None,
            acknowledged_by=e.by,
            acknowledged_at=micros(e.at),
            acknowledged_how=e.how,
        )


def _acknowledged_again(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        e = row.event
        nobody = (escalation.c.number == int(row.key)) & escalation.c.acknowledged_by.is_(None)
        values = {"acknowledged_by": e.by, "acknowledged_at": micros(e.at), "acknowledged_how": e.how}
        conn.execute(update(escalation).where(nobody).values(values))


def _severity_followed(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        _set(conn, int(row.key), severity=row.event.severity)


def _deadline_mended(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        _set(conn, int(row.key), until=micros(row.event.until))


def _stopped(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        _set(conn, int(row.key), status="stopped", until=None, ended_because=row.event.reason)


def _exhausted(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        _set(conn, int(row.key), status="exhausted", until=None)


def _set(conn: Connection, number: int, **values: Any) -> None:
    conn.execute(update(escalation).where(escalation.c.number == number).values(values))


PROJECTIONS: Projections = {
    ev.ScheduleRevised: _revised,
    ev.CoverArranged: _cover_arranged,
    ev.CoverCancelled: _cover_cancelled,
    ev.EscalationStarted: _started,
    ev.LevelDue: _level_due,
    ev.PagingPostponed: _postponed,
    ev.LevelReached: _level_reached,
    ev.PageRequested: _page_requested,
    ev.PageDeclined: _declined,
    ev.PageFailed: _failed,
    ev.EscalationAcknowledged: _acknowledged,
    ev.AcknowledgedAgain: _acknowledged_again,
    ev.SeverityFollowed: _severity_followed,
    ev.DeadlineMended: _deadline_mended,
    ev.EscalationStopped: _stopped,
    ev.EscalationExhausted: _exhausted,
}
