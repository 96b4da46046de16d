"""Which exercises are there; and one of them whole: its clock, what was expected, what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, case, select

from quarterdeck.command.views import IncidentRow, incident
from quarterdeck.governance.views import person_names, team_names
from quarterdeck.kernel.errors import Invalid, NotFound
from quarterdeck.kernel.events import Event, events_of, type_name
from quarterdeck.kernel.time import Instant, from_micros
from quarterdeck.plan.rules import Plan
from quarterdeck.plan.views import revision
from quarterdeck.readiness import events as ev
from quarterdeck.readiness.events import exercising
from quarterdeck.readiness.projections.exercising import exercise as table
from quarterdeck.readiness.projections.exercising import exercise_incident, exercise_rating
from quarterdeck.readiness.rules import STATES, Exercise, scoring
from quarterdeck.readiness.rules.scenario import Inject, Objective
from quarterdeck.readiness.rules.scoring import Assembly, Judged, Suggested
from quarterdeck.readiness.rules.state import Rated, evolve
from quarterdeck.record.tables import record

MOST = 200
LARGEST = 2**31


@dataclass(frozen=True)
class ExerciseRow:
    """An exercise as lists show it. `ratings`: objective → P, S, M or U, as far as they are decided."""

    number: int
    title: str
    kind: str
    type: str
    type_title: str
    team: str | None
    team_name: str | None
    service: str | None
    state: str
    plan_revision: int
    facilitator: str
    facilitator_name: str
    evaluator: str
    evaluator_name: str
    participants: tuple[str, ...]
    planned_at: Instant
    scheduled_at: Instant | None
    started_at: Instant | None
    ended_at: Instant | None
    evaluated_at: Instant | None
    real: bool
    """It was broken off because a real incident came."""
    procedure: str | None
    failed: tuple[str, ...]
    summary: str | None
    ratings: Mapping[str, str]

    @property
    def name(self) -> str:
        return f"EX-{self.number}"


@dataclass(frozen=True)
class InjectRow:
    """`state`: waiting, happened, failed, or dropped (the exercise ended first). `at` None: it has not started."""

    inject: Inject
    state: str
    at: Instant | None
    happened_at: Instant | None
    how: str


@dataclass(frozen=True)
class ObjectiveRow:
    objective: Objective
    expected: tuple[Judged, ...]
    suggested: Suggested
    rated: Rated | None


@dataclass(frozen=True)
class Finding:
    id: str
    kind: str
    text: str
    objective: str | None
    lesson: int | None
    by: str
    at: Instant


@dataclass(frozen=True)
class Sheet:
    """An exercise whole."""

    row: ExerciseRow
    state: Exercise
    text: str
    injects: tuple[InjectRow, ...]
    objectives: tuple[ObjectiveRow, ...]
    assembly: Assembly
    findings: tuple[Finding, ...]
    incidents: tuple[IncidentRow, ...]
    ended_because: str | None
    plan: Plan
    """The revision that it tries, or was planned on."""
    titles: scoring.Titles

    def says(self, judged: Judged) -> str:
        """What was expected, in words."""
        return scoring.sentence(judged.expected, self.titles)


def exercises(
    conn: Connection, *, state: str | None = None, type: str | None = None, cursor: int | None = None, limit: int = 50
) -> tuple[list[ExerciseRow], int | None]:
    """Running ones first, then planned ones, then the others, the latest first; and the cursor of what follows."""
    if state is not None and state not in STATES:
        raise Invalid("The filter is not right.", (f"state: {state[:40]!r}; use one of {', '.join(STATES)}",))
    query = select(table)
    if state is not None:
        query = query.where(table.c.state == state)
    if type is not None:
        query = query.where(table.c.type == type)
    limit, start = max(1, min(limit, MOST)), cursor or 0
    order = case((table.c.state == "running", 0), (table.c.state == "planned", 1), else_=2)
    rows = _rows(conn, query.order_by(order, table.c.number.desc()).offset(start).limit(limit + 1))
    return rows[:limit], start + limit if len(rows) > limit else None


def exercise_of_incident(conn: Connection, number: int) -> ExerciseRow | None:
    """The exercise that an incident is part of; None for a real one, and for a drill by itself."""
    belongs = select(exercise_incident.c.exercise).where(exercise_incident.c.incident == number)
    found = conn.execute(belongs).scalar()
    return None if found is None else _rows(conn, select(table).where(table.c.number == found))[0]


def sheet(conn: Connection, number: int) -> Sheet:
    """One exercise. Raises `NotFound`."""
    rows = _rows(conn, select(table).where(table.c.number == number)) if 0 < number < LARGEST else []
    if not rows:
        raise NotFound(f"exercise {number}")
    events = _events(conn, number)
    state = _folded(events)
    planned = next(e for e in events if isinstance(e, ev.ExercisePlanned))
    ended = next((e for e in events if isinstance(e, ev.ExerciseEnded)), None)
    plan = revision(conn, state.plan_revision).plan
    titles = scoring.titles_of(plan, state.scenario.type)
    judged = [scoring.judged(state, one) for one in state.scenario.expected]
    return Sheet(
        row=rows[0],
        state=state,
        text=planned.text,
        injects=tuple(_inject(state, events, one) for one in state.scenario.injects),
        objectives=tuple(
            ObjectiveRow(
                one,
                tuple(found for found in judged if found.expected.objective == one.id),
                scoring.suggested(state, one.id, titles),
                state.ratings.get(one.id),
            )
            for one in state.scenario.objectives
        ),
        assembly=scoring.assembly(state),
        findings=tuple(
            Finding(e.finding, e.kind, e.text, e.objective, e.lesson, e.by, e.at)
            for e in events
            if isinstance(e, ev.FindingNoted)
        ),
        incidents=tuple(incident(conn, one) for one in state.incidents),
        ended_because=ended.reason if ended else None,
        plan=plan,
        titles=titles,
    )


_DECODERS = {type_name(event): msgspec.json.Decoder(event) for event in events_of(exercising)}


def _events(conn: Connection, number: int) -> list[Event]:
    """What was recorded of an exercise; what has been redacted is left out."""
    query = select(record.c.type, record.c.data).where(record.c.stream == f"exercise/{number}")
    return [
        _DECODERS[row.type].decode(row.data)
        for row in conn.execute(query.order_by(record.c.version))
        if row.type in _DECODERS and not row.data.startswith('{"redacted"')
    ]


def _folded(events: list[Event]) -> Exercise:
    state: Exercise | None = None
    for event in events:
        state = evolve(state, event)
    assert state is not None
    return state


def _inject(state: Exercise, events: list[Event], inject: Inject) -> InjectRow:
    at = state.at(inject.at) if state.started_at else None
    for event in events:
        if isinstance(event, ev.InjectDelivered) and event.inject == inject.id:
            return InjectRow(inject, "happened", at, event.at, event.how)
        if isinstance(event, ev.InjectFailed) and event.inject == inject.id:
            return InjectRow(inject, "failed", at, event.at, event.reason)
    over = state.state not in ("planned", "running")
    return InjectRow(inject, "dropped" if over else "waiting", at, None, "")


def _rows(conn: Connection, query: Select[Any]) -> list[ExerciseRow]:
    rows = conn.execute(query).all()
    if not rows:
        return []
    names, teams, titles = person_names(conn), team_names(conn), _type_titles(conn, rows)
    ratings: dict[int, dict[str, str]] = {}
    mine = exercise_rating.c.exercise.in_([row.number for row in rows])
    for one in conn.execute(select(exercise_rating).where(mine)):
        ratings.setdefault(one.exercise, {})[one.objective] = one.rating
    return [
        ExerciseRow(
            number=row.number,
            title=row.title,
            kind=row.kind,
            type=row.type,
            type_title=titles.get((row.plan_revision, row.type), row.type),
            team=row.team,
            team_name=teams.get(row.team, row.team),
            service=row.service,
            state=row.state,
            plan_revision=row.plan_revision,
            facilitator=row.facilitator,
            facilitator_name=names.get(row.facilitator, row.facilitator),
            evaluator=row.evaluator,
            evaluator_name=names.get(row.evaluator, row.evaluator),
            participants=tuple(row.participants),
            planned_at=from_micros(row.planned_at),
            scheduled_at=_instant(row.scheduled_at),
            started_at=_instant(row.started_at),
            ended_at=_instant(row.ended_at),
            evaluated_at=_instant(row.evaluated_at),
            real=row.real,
            procedure=row.procedure,
            failed=tuple(row.failed),
            summary=row.summary,
            ratings=ratings.get(row.number, {}),
        )
        for row in rows
    ]


def _type_titles(conn: Connection, rows: Any) -> dict[tuple[int, str], str]:
    plans = {number: revision(conn, number).plan for number in {row.plan_revision for row in rows}}
    return {
        (row.plan_revision, row.type): plans[row.plan_revision].types[row.type].title
        for row in rows
        if row.type in plans[row.plan_revision].types
    }


def _instant(value: int | None) -> Instant | None:
    return None if value is None else from_micros(value)
