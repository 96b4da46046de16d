"""Paths for programs: variants, links with their waits, hand-overs, the plan's beside them; and who took a path."""

from typing import Annotated, Any

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, Parameter

from quarterdeck.direction.api.asking import ASKED
from quarterdeck.direction.rules.measures import Asked
from quarterdeck.direction.rules.paths import Detail
from quarterdeck.direction.views import path_documents, tracing
from quarterdeck.governance.rules import Permission
from quarterdeck.record import Record

_READ: dict[str, Any] = {"may": Permission.READ}
Cover = Annotated[int, Parameter(ge=1, le=100, description="Per cent of the incidents whose paths are drawn.")]


@get("/api/paths", opt=_READ, dependencies=ASKED, sync_to_thread=True)
def show_paths(
    record: NamedDependency[Record],
    asked: NamedDependency[Asked],
    detail: FromQuery[Detail] = "course",
    cover: Cover = tracing.COVER,
) -> dict[str, Any]:
    """Which paths incidents took, how often, how long, where they waited, and what the plan says to it."""
    with record.read() as conn:
        return path_documents.walked(tracing.Tracing(conn, asked, detail).answer(cover))


@get("/api/paths/{id:str}/incidents", opt=_READ, dependencies=ASKED, sync_to_thread=True)
def list_walkers(
    record: NamedDependency[Record],
    asked: NamedDependency[Asked],
    id: FromPath[str],
    detail: FromQuery[Detail] = "course",
    limit: Annotated[int, Parameter(ge=1, le=1000)] = tracing.MEMBERS,
) -> dict[str, Any]:
    """The incidents that took this path, the longest first."""
    with record.read() as conn:
        return path_documents.taken(tracing.Tracing(conn, asked, detail).taken(id, limit))


ROUTES = [show_paths, list_walkers]
