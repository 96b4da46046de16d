"""Exercises for programs: check a scenario, plan, start, stop."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, Parameter, QueryParameter

from quarterdeck.governance.rules import Permission
from quarterdeck.kernel.principal import Principal
from quarterdeck.plan.views import in_force
from quarterdeck.readiness import actions, views
from quarterdeck.readiness.rules.fitting import check_against
from quarterdeck.readiness.rules.scenario_text import check, schema
from quarterdeck.readiness.views.documents import Document, listed, whole
from quarterdeck.record import Record

READ: dict[str, Any] = {"may": Permission.READ}
REVIEW: dict[str, Any] = {"may": Permission.REVIEW}
COMMAND: dict[str, Any] = {"may": Permission.COMMAND}


class ScenarioText(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    scenario: str
    """YAML."""


class Planned(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """People by login or id."""

    scenario: str
    team: str | None = None
    facilitator: str | None = None
    """None: whoever posts this."""
    evaluator: str | None = None
    participants: list[str] = []
    scheduled_at: datetime | None = None
    announced: bool = True


class Ended(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    reason: str = "it is over"
    real: bool = False
    """A real incident has come."""


class Cancelled(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    reason: str


class Appointed(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    evaluator: str


@get("/api/scenarios/schema", opt=READ, sync_to_thread=False)
def scenario_schema() -> Document:
    """The JSON Schema of a scenario file."""
    return schema()


@post("/api/scenarios/check", opt=READ, sync_to_thread=True, status_code=200)
def check_scenario(record: NamedDependency[Record], data: JSONBody[ScenarioText]) -> Document:
    """Every fault of a scenario with its place, held against the plan in force if there is one."""
    with record.read() as conn:
        plan = in_force(conn)
    checked = check_against(data.scenario, plan.plan) if plan else check(data.scenario)
    return {"ok": checked.scenario is not None, "faults": [str(fault) for fault in checked.faults[:500]]}


@get("/api/exercises", opt=READ, sync_to_thread=True)
def list_exercises(
    record: NamedDependency[Record],
    status: Annotated[str | None, QueryParameter(name="state")] = None,
    limit: Annotated[int, Parameter(ge=1, le=200)] = 50,
    cursor: Annotated[int, Parameter(ge=0, le=2**31)] = 0,
) -> Document:
    """Running ones first, then planned ones, then the others, the latest first."""
    with record.read() as conn:
        rows, following = views.exercises(conn, state=status, cursor=cursor, limit=limit)
    return {"items": [listed(row) for row in rows], "next": following}


@post("/api/exercises", opt=REVIEW, sync_to_thread=True)
def plan_exercise(
    record: NamedDependency[Record], who: NamedDependency[Principal], data: JSONBody[Planned]
) -> Document:
    """Plan an exercise. Everything that is wrong with its scenario is told at once."""
    number = record.perform(who, lambda tx: actions.plan_exercise(tx, **msgspec.structs.asdict(data)))
    return _whole(record, number)


@get("/api/exercises/{number:int}", opt=READ, sync_to_thread=True)
def show_exercise(record: NamedDependency[Record], number: FromPath[int]) -> Document:
    """One exercise: its clock, what was expected, what came of it."""
    return _whole(record, number)


@post("/api/exercises/{number:int}/start", opt=REVIEW, sync_to_thread=True, status_code=200)
def start(record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int]) -> Document:
    """Start its clock, on the plan revision in force."""
    record.perform(who, lambda tx: actions.start_exercise(tx, number=number))
    return _whole(record, number)


@post("/api/exercises/{number:int}/injects/{inject:str}", opt=REVIEW, sync_to_thread=True, status_code=200)
def inject(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], inject: FromPath[str]
) -> Document:
    """Let it happen now, before its minute."""
    record.perform(who, lambda tx: actions.inject_now(tx, number=number, inject=inject))
    return _whole(record, number)


@post("/api/exercises/{number:int}/end", opt=COMMAND, sync_to_thread=True, status_code=200)
def end(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Ended]
) -> Document:
    """Stop at once: pages are withdrawn, its incidents end. `real`: a real incident has come."""
    record.perform(who, lambda tx: actions.end_exercise(tx, number=number, reason=data.reason, real=data.real))
    return _whole(record, number)


@post("/api/exercises/{number:int}/cancellation", opt=REVIEW, sync_to_thread=True, status_code=200)
def cancel(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Cancelled]
) -> Document:
    """It will not take place."""
    record.perform(who, lambda tx: actions.cancel_exercise(tx, number=number, reason=data.reason))
    return _whole(record, number)


@post("/api/exercises/{number:int}/evaluator", opt=REVIEW, sync_to_thread=True, status_code=200)
def appoint(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Appointed]
) -> Document:
    """Somebody else judges it."""
    record.perform(who, lambda tx: actions.appoint_evaluator(tx, number=number, evaluator=data.evaluator))
    return _whole(record, number)


def _whole(record: Record, number: int) -> Document:
    with record.read() as conn:
        return whole(conn, number)


ROUTES = [
    scenario_schema,
    check_scenario,
    list_exercises,
    plan_exercise,
    show_exercise,
    start,
    inject,
    end,
    cancel,
    appoint,
]
