"""Exercises as lists show them, and which incidents belong to which. A single one is folded from its stream."""

from collections.abc import Callable, Sequence
from typing import Any

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
    insert,
    update,
)

from quarterdeck.kernel.time import micros
from quarterdeck.readiness import events as ev
from quarterdeck.record import Projections, Projector, Recorded
from quarterdeck.record.tables import read

exercise = Table(
    "exercise",
    read,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("title", Text, nullable=False),
    Column("kind", String(12), nullable=False),
    Column("type", String(64), nullable=False),
    Column("team", String(64)),
    Column("service", String(64)),
    Column("state", String(12), nullable=False),
    Column("plan_revision", Integer, nullable=False),
    Column("facilitator", String(80), nullable=False),
    Column("evaluator", String(80), nullable=False),
    Column("participants", JSON, nullable=False),
    Column("planned_at", BigInteger, nullable=False),
    Column("scheduled_at", BigInteger),
    Column("started_at", BigInteger),
    Column("ended_at", BigInteger),
    Column("evaluated_at", BigInteger),
    Column("real", Boolean, nullable=False),
    Column("procedure", String(64)),
    Column("failed", JSON, nullable=False),
    Column("summary", Text),
    Index("exercise_state", "state", "number"),
    Index("exercise_type", "type", "team", "ended_at"),
)

exercise_incident = Table(
    "exercise_incident",
    read,
    Column("incident", Integer, primary_key=True, autoincrement=False),
    Column("exercise", Integer, nullable=False),
    Index("exercise_incident_exercise", "exercise"),
)

exercise_rating = Table(
    "exercise_rating",
    read,
    Column("exercise", Integer, primary_key=True, autoincrement=False),
    Column("objective", String(64), primary_key=True),
    Column("rating", String(1), nullable=False),
    Column("suggested", String(1)),
)


def _planned(conn: Connection, rows: Sequence[Recorded]) -> None:
    conn.execute(insert(exercise), [_first(row.event) for row in rows])


def _first(e: ev.ExercisePlanned) -> dict[str, Any]:
    return {
        "number": e.number,
        "title": e.title,
        "kind": e.kind,
        "type": e.type,
        "team": e.team,
        "service": e.scenario.get("service"),
        "state": "planned",
        "plan_revision": e.plan_revision,
        "facilitator": e.facilitator,
        "evaluator": e.evaluator,
        "participants": list(e.participants),
        "planned_at": micros(e.at),
        "scheduled_at": None if e.scheduled_at is None else micros(e.scheduled_at),
        "real": False,
        "failed": [],
    }


def _changing(values: Callable[[Any], dict[str, Any]]) -> Projector:
    def project(conn: Connection, rows: Sequence[Recorded]) -> None:
        for row in rows:
            conn.execute(update(exercise).where(exercise.c.number == int(row.key)).values(**values(row.event)))

    return project


def _raised(conn: Connection, rows: Sequence[Recorded]) -> None:
    conn.execute(insert(exercise_incident), [{"incident": row.event.number, "exercise": int(row.key)} for row in rows])


def _rated(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        e, number = row.event, int(row.key)
        mine = (exercise_rating.c.exercise == number) & (exercise_rating.c.objective == e.objective)
        values = {"rating": e.rating, "suggested": e.suggested}
        if conn.execute(update(exercise_rating).where(mine).values(**values)).rowcount == 0:
            conn.execute(insert(exercise_rating).values(exercise=number, objective=e.objective, **values))


def _evaluated(e: ev.ExerciseEvaluated) -> dict[str, Any]:
    return {
        "state": "evaluated",
        "evaluated_at": micros(e.at),
        "procedure": e.procedure,
        "failed": list(e.failed),
        "summary": e.summary,
    }


PROJECTIONS: Projections = {
    ev.ExercisePlanned: _planned,
    ev.EvaluatorAppointed: _changing(lambda e: {"evaluator": e.evaluator}),
    ev.ExerciseStarted: _changing(
        lambda e: {"state": "running", "started_at": micros(e.at), "plan_revision": e.plan_revision}
    ),
    ev.IncidentRaised: _raised,
    ev.ExerciseEnded: _changing(lambda e: {"state": "ended", "ended_at": micros(e.at), "real": e.real}),
    ev.ObjectiveRated: _rated,
    ev.ExerciseEvaluated: _changing(_evaluated),
    ev.ExerciseClosed: _changing(lambda e: {"state": "closed"}),
    ev.ExerciseCancelled: _changing(lambda e: {"state": "cancelled"}),
}
