"""What came up more than once, for programs; and the monthly checks."""

from dataclasses import asdict
from datetime import timedelta
from typing import Annotated, Any

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, Parameter

from quarterdeck.command.views import incident
from quarterdeck.governance.rules import Permission
from quarterdeck.kernel.principal import Principal
from quarterdeck.learning import actions, views
from quarterdeck.learning.views import RecurrenceCheckRow
from quarterdeck.record import Record

READ: dict[str, Any] = {"may": Permission.READ}
REVIEW: dict[str, Any] = {"may": Permission.REVIEW}
Document = dict[str, Any]


class Assessment(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    text: str
    """What follows from the result."""


@get("/api/patterns", opt=READ, sync_to_thread=True)
def list_patterns(
    record: NamedDependency[Record],
    kind: FromQuery[str | None] = None,
    days: Annotated[int, Parameter(ge=1, le=36_500)] = 184,
) -> Document:
    """What came up more than once in the last `days`: by alert, change, factor, type-on-service, service or type."""
    now = record.clock.now()
    with record.read() as conn:
        found, incidents = views.patterns(conn, since=now - timedelta(days=days), kind=kind)
    return {"items": [{**asdict(one), "count": one.count} for one in found], "incidents": incidents, "next": None}


@get("/api/incidents/{number:int}/recurrence", opt=READ, sync_to_thread=True)
def show_recurrence(record: NamedDependency[Record], number: FromPath[int]) -> Document:
    """What makes this incident not the first of its kind in six months, the most telling first."""
    with record.read() as conn:
        incident(conn, number)
        found = views.again(conn, number)
    return {"items": [{**asdict(one.cluster), "sentence": one.sentence} for one in found], "next": None}


@get("/api/recurrence-checks", opt=READ, sync_to_thread=True)
def list_checks(record: NamedDependency[Record], limit: Annotated[int, Parameter(ge=1, le=500)] = 50) -> Document:
    """The monthly checks with their results, the latest first."""
    with record.read() as conn:
        return {"items": views.recurrence_checks(conn, limit=limit), "next": None}


@get("/api/recurrence-checks/{month:str}", opt=READ, sync_to_thread=True)
def show_check(record: NamedDependency[Record], month: FromPath[str]) -> RecurrenceCheckRow:
    """One month (`2026-03`): what had recurred in the six months to its end, and what somebody says follows."""
    with record.read() as conn:
        return views.recurrence_check(conn, month)


@post("/api/recurrence-checks/{month:str}/assessment", opt=REVIEW, sync_to_thread=True, status_code=200)
def post_assessment(
    record: NamedDependency[Record], who: NamedDependency[Principal], month: FromPath[str], data: JSONBody[Assessment]
) -> RecurrenceCheckRow:
    """Say what follows from a month's result."""
    record.perform(who, lambda tx: actions.assess_recurrence(tx, month=month, text=data.text))
    with record.read() as conn:
        return views.recurrence_check(conn, month)


ROUTES = [list_patterns, show_recurrence, list_checks, show_check, post_assessment]
