"""Read tables: what is on record of each regime, and each duty of an incident as the rules fold it."""

from collections.abc import Sequence
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
    delete,
    insert,
    select,
    update,
)

from quarterdeck.kernel.time import micros
from quarterdeck.obligations import events as ev
from quarterdeck.obligations.rules.clocks import live
from quarterdeck.obligations.rules.state import Duty, asked, step
from quarterdeck.record import Projections, Recorded
from quarterdeck.record.tables import read

regime = Table(
    "regime",
    read,
    Column("id", String(60), primary_key=True),
    Column("own", JSON),
    Column("text", Text),
    Column("added_at", BigInteger),
    Column("added_by", String(80)),
    Column("declared", JSON),
)
regime_declaration = Table(
    "regime_declaration",
    read,
    Column("regime", String(60), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("declared", JSON, nullable=False),
)
duty = Table(
    "duty",
    read,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("regime", String(60), primary_key=True),
    Column("asked_at", BigInteger, nullable=False),
    Column("live", Boolean, nullable=False),
    Column("past", Boolean, nullable=False),
    Column("state", JSON, nullable=False),
    Index("duty_live", "live"),
)


def _added(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        e = row.event
        values = {"own": msgspec.to_builtins(e.regime), "text": e.text, "added_at": micros(e.at), "added_by": e.by}
        _put_regime(conn, e.regime.id, values)


def _declared(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        plain = msgspec.to_builtins(row.event)
        _put_regime(conn, row.event.regime, {"declared": plain})
        place = {"regime": row.event.regime, "place": row.version, "at": micros(row.event.at), "declared": plain}
        conn.execute(insert(regime_declaration), place)


def _put_regime(conn: Connection, id: str, values: dict[str, Any]) -> None:
    if conn.execute(update(regime).where(regime.c.id == id).values(**values)).rowcount == 0:
        conn.execute(insert(regime), {"id": id, **values})


def _asked(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        found = asked(row.event)
        conn.execute(delete(duty).where(duty.c.number == found.number, duty.c.regime == found.regime.id))
        conn.execute(insert(duty), {"number": found.number, "regime": found.regime.id, **_values(found)})


def _stepped(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        number, of = int(row.key), getattr(row.event, "regime", None)
        mine = duty.c.number == number if of is None else (duty.c.number == number) & (duty.c.regime == of)
        for id, plain in conn.execute(select(duty.c.regime, duty.c.state).where(mine)).all():
            found = step(msgspec.convert(plain, Duty), row.event)
            one = (duty.c.number == number) & (duty.c.regime == id)
            conn.execute(update(duty).where(one).values(**_values(found)))


def _values(found: Duty) -> dict[str, Any]:
    return {
        "asked_at": micros(found.asked_at),
        "live": live(found),
        "past": bool(found.notices or found.waived or found.missed),
        "state": msgspec.to_builtins(found),
    }


PROJECTIONS: Projections = {
    ev.RegimeAdded: _added,
    ev.ScopeDeclared: _declared,
    ev.RegimeAsked: _asked,
    **dict.fromkeys(
        (
            *(ev.TimesTakenUp, ev.RegimeAssessed, ev.AnchorAttested, ev.AnchorWithdrawn, ev.NoticeHandedIn),
            *(ev.ClockWaived, ev.DutyFellAway, ev.ReminderDue, ev.ClockMissed),
        ),
        _stepped,
    ),
}
