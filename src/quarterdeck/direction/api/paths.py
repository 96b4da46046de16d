"""Paths for programs: variants, links with their waits, hand-overs, the plan's beside them; and who took a path."""

from datetime import date
from typing import Annotated, Any

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, Parameter, QueryParameter

from quarterdeck.direction.rules.paths import Detail
from quarterdeck.direction.views import measuring, path_documents, tracing
from quarterdeck.governance.rules import Permission
from quarterdeck.record import Record

_READ: dict[str, Any] = {"may": Permission.READ}
From = Annotated[date | None, QueryParameter(name="from")]
Until = Annotated[date | None, QueryParameter(name="to")]
Type = Annotated[str, QueryParameter(name="type")]
Days = Annotated[int, Parameter(ge=1, le=36_600)]
Cover = Annotated[int, Parameter(ge=1, le=100, description="Per cent of the incidents whose paths are drawn.")]


@get("/api/paths", opt=_READ, sync_to_thread=True)
def show_paths(
    record: NamedDependency[Record],
    detail: FromQuery[Detail] = "course",
    cover: Cover = tracing.COVER,
    since: From = None,
    until: Until = None,
    days: Days = measuring.DAYS,
    service: FromQuery[str] = "",
    type_: Type = "",
    severity: FromQuery[str] = "",
    team: FromQuery[str] = "",
    source: FromQuery[str] = "",
) -> dict[str, Any]:
    """Which paths incidents took, how often, how long, where they waited, and what the plan says to it."""
    filters = {"service": service, "type": type_, "severity": severity, "team": team, "source": source}
    asked = measuring.asked(record.clock.now(), since, until, days, filters)
    with record.read() as conn:
        return path_documents.walked(tracing.Tracing(conn, asked, detail).answer(cover))


@get("/api/paths/{id:str}/incidents", opt=_READ, sync_to_thread=True)
def list_walkers(
    record: NamedDependency[Record],
    id: FromPath[str],
    detail: FromQuery[Detail] = "course",
    since: From = None,
    until: Until = None,
    days: Days = measuring.DAYS,
    service: FromQuery[str] = "",
    type_: Type = "",
    severity: FromQuery[str] = "",
    team: FromQuery[str] = "",
    source: FromQuery[str] = "",
    limit: Annotated[int, Parameter(ge=1, le=1000)] = tracing.MEMBERS,
) -> dict[str, Any]:
    """The incidents that took this path, the longest first."""
    filters = {"service": service, "type": type_, "severity": severity, "team": team, "source": source}
    asked = measuring.asked(record.clock.now(), since, until, days, filters)
    with record.read() as conn:
        return path_documents.taken(tracing.Tracing(conn, asked, detail).taken(id, limit))


ROUTES = [show_paths, list_walkers]
