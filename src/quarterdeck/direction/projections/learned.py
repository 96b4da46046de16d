"""What is measured of learning: reviews, improvements and lessons with their instants, and factors agreed on."""

from collections.abc import Mapping

from sqlalchemy import BigInteger, Column, Integer, SmallInteger, String, Table

from quarterdeck.direction.projections.stating import Change, Fact, Gone, Put, Says, at, constant, number, recorded
from quarterdeck.kernel.time import micros
from quarterdeck.learning import events as ev
from quarterdeck.learning.rules.lessoning import incident_of
from quarterdeck.record.refold import Told
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


_REVIEW: dict[str, Fact] = {
    "number": number,
    "opened": at,
    "due": lambda row: micros(row.event.due),
    "waived": constant(0),
}
_FACTOR: dict[str, Fact] = {
    "factor": lambda row: row.event.factor,
    "number": lambda row: row.event.number,
    "code": lambda row: row.event.code,
    "agreed": constant(0),
}
_LESSON: dict[str, Fact] = {
    "lesson": lambda row: row.event.number,
    "number": lambda row: incident_of(row.event.source),
    "identified": at,
    "identified_recorded": recorded,
}
_ACTION: dict[str, Fact] = {
    "action": lambda row: row.event.number,
    "number": lambda row: incident_of(row.event.source) if row.event.source else None,
    "proposed": at,
    "due": lambda row: micros(row.event.due),
    "cancelled": constant(0),
}


def _review(facts: Mapping[str, Fact]) -> Change:
    return Change(measured_review, facts)


def _factor(row: Told) -> str:
    return str(row.event.factor)


def _lesson(facts: Mapping[str, Fact]) -> Change:
    return Change(measured_lesson, facts)


def _action(facts: Mapping[str, Fact]) -> Change:
    return Change(measured_action, facts)


SAYS: Says = {
    ev.ReviewOpened: [Put(measured_review, _REVIEW, again=True)],
    ev.ReviewHeld: [_review({"held": at, "held_recorded": recorded})],
    ev.ReviewWaived: [_review({"waived": constant(1)})],
    ev.ReviewCancelled: [Gone(measured_review)],
    ev.FactorFound: [Put(measured_factor, _FACTOR)],
    ev.FactorRevised: [
        Change(measured_factor, {"code": lambda row: row.event.code, "agreed": constant(0)}, key=_factor)
    ],
    ev.FactorAgreed: [Change(measured_factor, {"agreed": constant(1)}, key=_factor)],
    ev.FactorWithdrawn: [Gone(measured_factor, key=_factor)],
    ev.LessonIdentified: [Put(measured_lesson, _LESSON)],
    ev.LessonClosed: [
        _lesson({"closed": at, "closed_recorded": recorded, "closing": lambda row: row.event.closing}),
    ],
    ev.LessonReopened: [
        _lesson({"closed": constant(None), "closed_recorded": constant(None), "closing": constant(None)}),
    ],
    ev.ActionProposed: [Put(measured_action, _ACTION)],
    ev.ActionRevised: [_action({"due": lambda row: micros(row.event.due)})],
    ev.ActionVerified: [_action({"verified": at})],
    ev.ActionCancelled: [_action({"cancelled": constant(1)})],
}
