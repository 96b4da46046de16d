"""Read tables of telling people: the clocks of each incident, its updates as sent, and what was elevated."""

from collections.abc import Mapping, Sequence
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
    and_,
    delete,
    insert,
    select,
    update,
)

from quarterdeck.comms import events as ev
from quarterdeck.kernel.time import Instant, from_micros, micros
from quarterdeck.record import Projections, Recorded
from quarterdeck.record.tables import read

communication = Table(
    "communication",
    read,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("status", String(20), nullable=False),
    Column("severity", String(8), nullable=False),
    Column("drill", Boolean, nullable=False),
    Column("plan_revision", Integer, nullable=False),
    Column("zone", String(64), nullable=False),
    Column("audiences", JSON, nullable=False),
    Column("posts", JSON, nullable=False),
    Column("roles", JSON, nullable=False),
    Column("begun", JSON, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("stopped_because", Text),
    Index("communication_status", "status"),
)
clock = Table(
    "communication_clock",
    read,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("audience", String(64), primary_key=True),
    Column("due", BigInteger, nullable=False),
    Column("told_at", BigInteger),
    Index("communication_clock_due", "due"),
)
status_update = Table(
    "status_update",
    read,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("update", Integer, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("by", String(80), nullable=False),
    Column("fields", JSON, nullable=False),
    Column("texts", JSON, nullable=False),
    Column("next_update", BigInteger),
    Column("unchanged", Boolean, nullable=False),
    Column("last", Boolean, nullable=False),
    Column("public", JSON, nullable=False),
)
public_word = Table(
    "public_word",
    read,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("audience", String(64), primary_key=True),
    Column("number", Integer, nullable=False),
    Column("kind", String(8), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("text", Text, nullable=False),
    Column("next_update", BigInteger),
    Index("public_word_number", "number"),
)
"""All that anybody may read, and nothing else: the status page is made of these rows."""
elevation = Table(
    "elevation",
    read,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("elevation", String(64), primary_key=True),
    Column("title", Text, nullable=False),
    Column("to", JSON, nullable=False),
    Column("acknowledge_within", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("decision", Text),
    Column("by", String(80), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("state", String(16), nullable=False),
    Column("until", BigInteger),
    Column("told", JSON, nullable=False),
    Column("acknowledged_by", String(80)),
    Column("acknowledged_at", BigInteger),
    Column("decided", JSON),
    Index("elevation_state", "state"),
)


def _begun(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        e = row.event
        plain = msgspec.to_builtins(e)
        conn.execute(delete(communication).where(communication.c.number == e.number))
        conn.execute(
            insert(communication),
            {
                "number": e.number,
                "status": "running",
                "severity": e.severity,
                "drill": e.drill,
                "plan_revision": e.plan_revision,
                "zone": e.zone,
                "audiences": plain["audiences"],
                "posts": plain["posts"],
                "roles": plain["roles"],
                "begun": plain,
                "since": micros(e.since),
            },
        )
        _run(conn, e.number, e.due)


def _run(conn: Connection, number: int, due: Mapping[str, Instant]) -> None:
    """These deadlines and no others; what an audience was told before stays known."""
    held = dict(conn.execute(select(clock.c.audience, clock.c.told_at).where(clock.c.number == number)).all())
    conn.execute(delete(clock).where(clock.c.number == number))
    values = [
        {"number": number, "audience": name, "due": micros(at), "told_at": held.get(name)} for name, at in due.items()
    ]
    if values:
        conn.execute(insert(clock), values)


def _paced(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        e, number = row.event, int(row.key)
        changed = update(communication).where(communication.c.number == number)
        conn.execute(changed.values(severity=e.severity, since=micros(e.since)))
        _run(conn, number, e.due)


def _stopped(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        e, number = row.event, int(row.key)
        status = "last update wanted" if e.last_update_wanted else "over"
        mine = update(communication).where(communication.c.number == number)
        conn.execute(mine.values(status=status, stopped_because=e.reason))
        conn.execute(delete(clock).where(clock.c.number == number))
        climbing = and_(elevation.c.number == number, elevation.c.state == "climbing")
        conn.execute(update(elevation).where(climbing).values(state="stopped", until=None))


def _sent(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        e, number = row.event, int(row.key)
        plain = msgspec.to_builtins(e)
        conn.execute(
            insert(status_update),
            {
                "number": number,
                "update": e.update,
                "at": micros(e.at),
                "by": e.by,
                "fields": plain["fields"],
                "texts": plain["texts"],
                "next_update": None if e.next_update is None else micros(e.next_update),
                "unchanged": e.unchanged,
                "last": e.last,
                "public": list(e.public),
            },
        )
        gone_out = [name for name, text in e.texts.items() if not text.waits_for]
        for name in gone_out:
            if name in e.public:
                _say(conn, row, name, "last" if e.last else "update", e.texts[name].text, e.next_update)
        _told(conn, number, gone_out, e.at, e.next_update)
        if e.last:
            conn.execute(update(communication).where(communication.c.number == number).values(status="over"))
            conn.execute(delete(clock).where(clock.c.number == number))


def _told(conn: Connection, number: int, audiences: Sequence[str], at: Instant, due: Instant | None) -> None:
    if due is not None and audiences:
        mine = and_(clock.c.number == number, clock.c.audience.in_(audiences))
        conn.execute(update(clock).where(mine).values(due=micros(due), told_at=micros(at)))


def _approved(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        e, number = row.event, int(row.key)
        mine = and_(status_update.c.number == number, status_update.c.update == e.update)
        sent = conn.execute(select(status_update).where(mine)).one()
        texts: dict[str, Any] = sent.texts
        agreed = {"waits_for": None, "people": list(e.people), "unreached": list(e.unreached), "approved_by": e.by}
        texts = {**texts, e.audience: {**texts[e.audience], **agreed}}
        conn.execute(update(status_update).where(mine).values(texts=texts))
        _told(conn, number, [e.audience], e.at, e.due)
        if e.audience in sent.public:
            promised = None if sent.next_update is None else from_micros(sent.next_update)
            _say(conn, row, e.audience, "last" if sent.last else "update", texts[e.audience]["text"], promised)


def _noticed(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        _say(conn, row, row.event.audience, "review", row.event.text, None)


def _say(conn: Connection, row: Recorded, audience: str, kind: str, text: str, promised: Instant | None) -> None:
    values = {
        "position": row.position,
        "audience": audience,
        "number": int(row.key),
        "kind": kind,
        "at": micros(row.event.at),
        "text": text,
        "next_update": None if promised is None else micros(promised),
    }
    conn.execute(insert(public_word), values)


def _elevated(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        e = row.event
        conn.execute(
            insert(elevation),
            {
                "number": int(row.key),
                "elevation": e.elevation,
                "title": e.title,
                "to": list(e.to),
                "acknowledge_within": e.acknowledge_within,
                "text": e.text,
                "decision": e.decision,
                "by": e.by,
                "at": micros(e.at),
                "state": "climbing",
                "told": [],
            },
        )


def _elevation_told(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        e, mine = row.event, _one(row)
        held = conn.execute(select(elevation.c.told, elevation.c.acknowledge_within).where(mine)).one()
        told = {"at": micros(e.at), "post": e.post, "person": e.person, "unreached": e.unreached}
        until = micros(e.at + timedelta(minutes=held.acknowledge_within))
        conn.execute(update(elevation).where(mine).values(told=[*held.told, told], until=until))


def _elevation_acknowledged(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        e = row.event
        values = {"state": "acknowledged", "until": None, "acknowledged_by": e.by, "acknowledged_at": micros(e.at)}
        conn.execute(update(elevation).where(_one(row)).values(**values))


def _elevation_exhausted(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        conn.execute(update(elevation).where(_one(row)).values(state="exhausted", until=None))


def _decided(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        e = row.event
        decided = {"at": micros(e.at), "by": e.by, "decision": e.decision}
        conn.execute(update(elevation).where(_one(row)).values(decided=decided))


def _one(row: Recorded) -> Any:
    return and_(elevation.c.number == int(row.key), elevation.c.elevation == row.event.elevation)


PROJECTIONS: Projections = {
    ev.CommunicationBegun: _begun,
    ev.PaceChanged: _paced,
    ev.CommunicationStopped: _stopped,
    ev.UpdateSent: _sent,
    ev.UpdateApproved: _approved,
    ev.NoticePublished: _noticed,
    ev.Elevated: _elevated,
    ev.ElevationTold: _elevation_told,
    ev.ElevationAcknowledged: _elevation_acknowledged,
    ev.ElevationExhausted: _elevation_exhausted,
    ev.DecisionTaken: _decided,
}
