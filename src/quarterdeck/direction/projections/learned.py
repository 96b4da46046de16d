"""What is measured of learning: reviews, improvements and lessons with their instants, and factors agreed on."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Integer, SmallInteger, String, Table, delete, insert, update

from quarterdeck.direction.projections.incidents import at, recorded
from quarterdeck.kernel.time import micros
from quarterdeck.learning import events as ev
from quarterdeck.learning.rules.lessoning import incident_of
from quarterdeck.record import Projections, Projector, Recorded
from quarterdeck.record.tables import read

measured_review = Table(
    "measured_review",
    read,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("opened", BigInteger, nullable=False),
    Column("due", BigInteger, nullable=False),
    Column("held", BigInteger),
    Column("held_recorded", BigInteger),
    Column("waived", SmallInteger, nullable=False),
)
measured_factor = Table(
    "measured_factor",
    read,
    Column("factor", String(80), primary_key=True),
    Column("number", Integer, nullable=False, index=True),
    Column("code", String(80), nullable=False),
    Column("agreed", SmallInteger, nullable=False),
)
measured_lesson = Table(
    "measured_lesson",
    read,
    Column("lesson", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer),
    Column("identified", BigInteger, nullable=False),
    Column("identified_recorded", BigInteger, nullable=False),
    Column("closed", BigInteger),
    Column("closed_recorded", BigInteger),
    Column("closing", String(12)),
)
measured_action = Table(
    "measured_action",
    read,
    Column("action", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer),
    Column("proposed", BigInteger, nullable=False),
    Column("due", BigInteger, nullable=False),
    Column("verified", BigInteger),
    Column("cancelled", SmallInteger, nullable=False),
)
"""`number`: the incident's, in all of them; of a lesson or an improvement from elsewhere none."""


def _row(table: Table, values: Callable[[Recorded], dict[str, Any]], key: Callable[[Recorded], Any]) -> Projector:
    """Change the row of each event. Few of these are recorded, so each has a statement of its own."""
    [primary] = table.primary_key

    def project(conn: Connection, rows: Sequence[Recorded]) -> None:
        for row in rows:
            conn.execute(update(table).where(primary == key(row)).values(**values(row)))

    return project


def _number(row: Recorded) -> int:
    return int(row.key)


def _factor(row: Recorded) -> str:
    return str(row.event.factor)


def _review_opened(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        _review_gone(conn, [row])
        values = {"number": _number(row), "opened": at(row), "due": micros(row.event.due), "waived": 0}
        conn.execute(insert(measured_review), values)


def _review_gone(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        conn.execute(delete(measured_review).where(measured_review.c.number == _number(row)))


def _factor_found(conn: Connection, rows: Sequence[Recorded]) -> None:
    values = [
        {"factor": row.event.factor, "number": row.event.number, "code": row.event.code, "agreed": 0} for row in rows
    ]
    conn.execute(insert(measured_factor), values)


def _factor_withdrawn(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        conn.execute(delete(measured_factor).where(measured_factor.c.factor == _factor(row)))


def _lesson_identified(conn: Connection, rows: Sequence[Recorded]) -> None:
    values = [
        {
            "lesson": row.event.number,
            "number": incident_of(row.event.source),
            "identified": at(row),
            "identified_recorded": recorded(row),
        }
        for row in rows
    ]
    conn.execute(insert(measured_lesson), values)


def _action_proposed(conn: Connection, rows: Sequence[Recorded]) -> None:
    values = [
        {
            "action": row.event.number,
            "number": incident_of(row.event.source) if row.event.source else None,
            "proposed": at(row),
            "due": micros(row.event.due),
            "cancelled": 0,
        }
        for row in rows
    ]
    conn.execute(insert(measured_action), values)


def _closed(row: Recorded) -> dict[str, Any]:
    return {"closed": at(row), "closed_recorded": recorded(row), "closing": row.event.closing}


PROJECTIONS: Projections = {
    ev.ReviewOpened: _review_opened,
    ev.ReviewHeld: _row(measured_review, lambda row: {"held": at(row), "held_recorded": recorded(row)}, _number),
    ev.ReviewWaived: _row(measured_review, lambda row: {"waived": 1}, _number),
    ev.ReviewCancelled: _review_gone,
    ev.FactorFound: _factor_found,
    ev.FactorRevised: _row(measured_factor, lambda row: {"code": row.event.code, "agreed": 0}, _factor),
    ev.FactorAgreed: _row(measured_factor, lambda row: {"agreed": 1}, _factor),
    ev.FactorWithdrawn: _factor_withdrawn,
    ev.LessonIdentified: _lesson_identified,
    ev.LessonClosed: _row(measured_lesson, _closed, _number),
    ev.ActionProposed: _action_proposed,
    ev.ActionRevised: _row(measured_action, lambda row: {"due": micros(row.event.due)}, _number),
    ev.ActionVerified: _row(measured_action, lambda row: {"verified": at(row)}, _number),
    ev.ActionCancelled: _row(measured_action, lambda row: {"cancelled": 1}, _number),
    ev.LessonReopened: _row(
        measured_lesson, lambda row: {"closed": None, "closed_recorded": None, "closing": None}, _number
    ),
}
