"""Contact tests and how each person fared, message by message."""

from collections.abc import Sequence

from sqlalchemy import BigInteger, Boolean, Column, Connection, Index, Integer, String, Table, Text, insert, update

from quarterdeck.kernel.time import micros
from quarterdeck.readiness.events import contacting as ev
from quarterdeck.record import Projections, Recorded
from quarterdeck.record.tables import read

contact_test = Table(
    "contact_test",
    read,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("selection", Text, nullable=False),
    Column("seed", BigInteger),
    Column("within", Integer, nullable=False),
    Column("each_channel", Boolean, nullable=False),
    Column("waking_hours", Boolean, nullable=False),
    Column("by", String(80), nullable=False),
    Column("started_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
)

contact_test_person = Table(
    "contact_test_person",
    read,
    Column("test", Integer, primary_key=True, autoincrement=False),
    Column("person", String(80), primary_key=True),
    Column("ask_at", BigInteger, nullable=False),
    Column("asked_at", BigInteger),
    Column("answered_at", BigInteger),
    Column("missed", Boolean, nullable=False),
    Column("reason", String(64)),
    Index("contact_test_person_person", "person", "answered_at"),
)

contact_test_message = Table(
    "contact_test_message",
    read,
    Column("delivery", String(20), primary_key=True),
    Column("test", Integer, nullable=False),
    Column("person", String(80), nullable=False),
    Column("channel", String(40)),
    Column("answered_at", BigInteger),
    Column("lost", String(64)),
    Index("contact_test_message_test", "test"),
)
_p, _m = contact_test_person.c, contact_test_message.c


def _started(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        e = row.event
        values = {
            "number": e.number,
            "selection": e.selection,
            "seed": e.seed,
            "within": e.within,
            "each_channel": e.each_channel,
            "waking_hours": e.waking_hours,
            "by": e.by,
            "started_at": micros(e.at),
        }
        conn.execute(insert(contact_test).values(**values))
        people = [
            {"test": e.number, "person": one.person, "ask_at": micros(one.at), "missed": False} for one in e.people
        ]
        conn.execute(insert(contact_test_person), people)


def _asked(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        e, test = row.event, int(row.key)
        mine = (_p.test == test) & (_p.person == e.person)
        conn.execute(update(contact_test_person).where(mine).values(asked_at=micros(e.at), reason=e.reason))
        if e.messages:
            conn.execute(
                insert(contact_test_message),
                [
                    {"delivery": one.delivery, "test": test, "person": e.person, "channel": one.channel}
                    for one in e.messages
                ],
            )


def _answered(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        e, at = row.event, micros(row.event.at)
        first = (_p.test == int(row.key)) & (_p.person == e.person) & _p.answered_at.is_(None)
        conn.execute(update(contact_test_person).where(first).values(answered_at=at))
        conn.execute(update(contact_test_message).where(_m.delivery == e.delivery).values(answered_at=at))


def _lost(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        e = row.event
        conn.execute(update(contact_test_message).where(_m.delivery == e.delivery).values(lost=e.reason))


def _missed(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        mine = (_p.test == int(row.key)) & (_p.person == row.event.person)
        conn.execute(update(contact_test_person).where(mine).values(missed=True))


def _ended(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        this = contact_test.c.number == int(row.key)
        conn.execute(update(contact_test).where(this).values(ended_at=micros(row.event.at)))


PROJECTIONS: Projections = {
    ev.ContactTestStarted: _started,
    ev.PersonAsked: _asked,
    ev.TestAnswered: _answered,
    ev.MessageLost: _lost,
    ev.AnswerMissed: _missed,
    ev.ContactTestEnded: _ended,
}
