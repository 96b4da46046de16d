"""Rosters for programs: build one for a task, accept it, give it up."""

from typing import Annotated, Any

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from quarterdeck.direction import actions, views
from quarterdeck.direction.rules.rostering.document import check
from quarterdeck.direction.rules.rostering.making import MOST_STEPS, STEPS, make
from quarterdeck.governance.rules import Permission
from quarterdeck.kernel.apart import apart
from quarterdeck.kernel.principal import Principal
from quarterdeck.record import Record

_READ: dict[str, Any] = {"may": Permission.READ}
_SCHEDULE: dict[str, Any] = {"may": Permission.SCHEDULE}
Document = dict[str, Any]


class Task(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`steps`: how long to search, about 250,000 a second; `seed`: the same task, steps and seed give the same."""

    task: dict[str, Any]
    seed: Annotated[int, msgspec.Meta(ge=0, le=2**31)] = 1
    steps: Annotated[int, msgspec.Meta(ge=1, le=MOST_STEPS)] = STEPS


class Acceptance(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    gaps: bool = False
    """Places that nobody fills are meant to stay empty."""


class GivingUp(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    reason: str


def _found(record: Record, number: int) -> Document:
    with record.read() as conn:
        return views.roster_document(views.roster(conn, number))


@get("/api/rosters", opt=_READ, sync_to_thread=True)
def list_rosters(record: NamedDependency[Record]) -> Document:
    """The latest first."""
    with record.read() as conn:
        return {"items": [views.roster_row_document(row) for row in views.rosters(conn)], "next": None}


@get("/api/rosters/{number:int}", opt=_READ, sync_to_thread=True)
def show_roster(record: NamedDependency[Record], number: FromPath[int]) -> Document:
    """Who serves when, each person's share beside the fair one, and how near it is to the best there can be."""
    return _found(record, number)


@post("/api/rosters", opt=_SCHEDULE, sync_to_thread=True)
def build_roster(record: NamedDependency[Record], who: NamedDependency[Principal], data: JSONBody[Task]) -> Document:
    """Build one; it takes seconds. `why` says what cannot be filled whatever the order. Nothing pages by it yet."""
    task = check(data.task)
    made = apart(make, task, data.steps, data.seed)
    return _found(record, record.perform(who, lambda tx: actions.keep_roster(tx, task=task, made=made)))


@post("/api/rosters/{number:int}/acceptance", opt=_SCHEDULE, sync_to_thread=True, status_code=200)
def accept_roster(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Acceptance]
) -> Document:
    """Let it become the schedules that page, from its first week on."""
    record.perform(who, lambda tx: actions.accept_roster(tx, number=number, gaps=data.gaps))
    return _found(record, number)


@post("/api/rosters/{number:int}/withdrawal", opt=_SCHEDULE, sync_to_thread=True, status_code=200)
def withdraw_roster(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[GivingUp]
) -> Document:
    """Put it aside, with a reason. It stays on record."""
    record.perform(who, lambda tx: actions.give_up_roster(tx, number=number, reason=data.reason))
    return _found(record, number)


ROUTES = [list_rosters, show_roster, build_roster, accept_roster, withdraw_roster]
