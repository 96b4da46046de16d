"""Incidents to read: the list, one with its roles and tasks, its timeline, and how far the plan was followed."""

from datetime import timedelta
from typing import Annotated, Literal

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, Parameter, QueryParameter

from quarterdeck.command import views
from quarterdeck.command.api.documents import READ, Document, Several, conformance_of, document, entry_document, whole
from quarterdeck.command.views import Filters
from quarterdeck.record import Record


@get("/api/incidents", opt=READ, sync_to_thread=True)
def list_incidents(
    record: NamedDependency[Record],
    severity: Several = None,
    status: Annotated[
        list[str] | None, QueryParameter(name="state", description="May be repeated; `open`, `live`.")
    ] = None,
    service: FromQuery[str] = "",
    type_: Annotated[str, QueryParameter(name="type")] = "",
    q: FromQuery[str] = "",
    imported: FromQuery[bool | None] = None,
    source: FromQuery[str] = "",
    limit: Annotated[int, Parameter(ge=1, le=500)] = 50,
    cursor: Annotated[int | None, Parameter(ge=1, le=2**31)] = None,
) -> Document:
    """Incidents, the latest first. `imported`: only those brought in from another system, or only our own;
    `source`: only those brought in from this one."""
    filters = Filters(tuple(status or ()), tuple(severity or ()), service, type_, q, imported=imported, source=source)
    with record.read() as conn:
        page = views.incidents(conn, filters, cursor, limit)
    return {"items": [document(row) for row in page.items], "next": page.next}


@get("/api/incidents/{number:int}", opt=READ, sync_to_thread=True)
def show_incident(record: NamedDependency[Record], number: FromPath[int]) -> Document:
    """One incident with its roles and tasks."""
    return whole(record, number)


@get("/api/incidents/{number:int}/timeline", opt=READ, sync_to_thread=True)
def show_timeline(
    record: NamedDependency[Record],
    number: FromPath[int],
    limit: Annotated[int, Parameter(ge=1, le=500)] = 50,
    cursor: Annotated[int, Parameter(ge=0, le=2**62)] = 0,
) -> Document:
    """What happened, in the order in which it was recorded; `late` entries were recorded after the fact."""
    with record.read() as conn:
        views.incident(conn, number)
        entries, following = views.history(conn, number, after=cursor, limit=limit)
    return {"items": [entry_document(entry) for entry in entries], "next": following}


@get("/api/incidents/{number:int}/conformance", opt=READ, sync_to_thread=True)
def show_conformance(record: NamedDependency[Record], number: FromPath[int]) -> Document:
    """Step by step: done, late, out of order, skipped, open, overdue, not applicable; and the share followed."""
    return conformance_of(record, number)


@get("/api/conformance", opt=READ, sync_to_thread=True)
def list_conformance(
    record: NamedDependency[Record],
    by: FromQuery[Literal["step", "type", "team"]] = "step",
    days: Annotated[int, Parameter(ge=1, le=3660)] = 180,
) -> Document:
    """Across incidents declared in so many days, the least followed first; with counts and a 95 % interval."""
    now = record.clock.now()
    with record.read() as conn:
        rows = views.conformance_across(conn, since=now - timedelta(days=days), by=by)
    return {"items": rows, "next": None}


ROUTES = [
    list_incidents,
    show_incident,
    show_timeline,
    show_conformance,
    list_conformance,
]
