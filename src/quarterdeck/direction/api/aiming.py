"""Objectives for programs: whether each is met, missed, or cannot be told yet, and what can move it."""

from typing import Any

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath

from quarterdeck.direction.views import objectives as views
from quarterdeck.governance.rules import Permission
from quarterdeck.record import Record

_READ: dict[str, Any] = {"may": Permission.READ}


@get("/api/objectives", opt=_READ, sync_to_thread=True)
def list_objectives(record: NamedDependency[Record]) -> dict[str, Any]:
    """Every objective of the plan in force: its measures with target, actual, interval, trend and verdict."""
    with record.read() as conn:
        found = views.objectives(conn, record.clock.now())
    return {"items": [views.document(one) for one in found.rows], "next": None, "revision": found.revision}


@get("/api/objectives/{id:str}", opt=_READ, sync_to_thread=True)
def show_objective(record: NamedDependency[Record], id: FromPath[str]) -> dict[str, Any]:
    """One objective, with the documents, improvements and incidents that move it."""
    with record.read() as conn:
        return views.document(views.objective(conn, id, record.clock.now()))


ROUTES = [list_objectives, show_objective]
