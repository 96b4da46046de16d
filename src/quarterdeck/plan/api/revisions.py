"""Revisions for programs: the plan in force, earlier ones, what changed between two, and why a clause is there."""

from typing import Annotated, Any

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, Parameter

from quarterdeck.governance.rules import Permission
from quarterdeck.kernel.errors import Invalid, NotFound
from quarterdeck.kernel.time import Instant, reachable
from quarterdeck.plan import views
from quarterdeck.plan.rules import Difference, InForce
from quarterdeck.record import Record

READ: dict[str, Any] = {"may": Permission.READ}
Limit = Annotated[int, Parameter(ge=1, le=200)]
Number = Annotated[int, Parameter(ge=1, le=2**31 - 1)]


def _shown(found: InForce) -> dict[str, Any]:
    return {
        "revision": found.revision,
        "published_at": found.published_at,
        "by": found.by,
        "reason": found.reason,
        "reasons": found.reasons,
        "authors": found.authors,
        "approved_by": found.approved_by,
        "draft": found.draft,
        "content_hash": found.content_hash,
        "plan": found.plan.model_dump(mode="json"),
    }


def before(cursor: str | None) -> int | None:
    """A cursor that a list gave out. Raises `Invalid`."""
    if cursor is None:
        return None
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 10):
        raise Invalid("This cursor was not given out by this list.", ("cursor: begin again without one",))
    return int(cursor)


@get("/api/plan", opt=READ, sync_to_thread=True)
def plan_in_force(record: NamedDependency[Record], as_of: FromQuery[Instant | None] = None) -> dict[str, Any]:
    """The plan in force, whole; with `as_of` the one that was in force then. 404 before the first publication."""
    if as_of is not None:
        as_of = reachable("as_of", as_of)
    with record.read() as conn:
        found = views.in_force(conn) if as_of is None else views.as_of(conn, as_of)
    if found is None:
        raise NotFound("plan yet: publish one" if as_of is None else "plan of that time: none was in force")
    return _shown(found)


@get("/api/plan/revisions", opt=READ, sync_to_thread=True)
def plan_revisions(
    record: NamedDependency[Record], limit: Limit = 50, cursor: FromQuery[str | None] = None
) -> dict[str, Any]:
    """Publications, the latest first."""
    below = before(cursor)
    with record.read() as conn:
        items = views.revisions(conn, limit=limit + 1, before=below)
    following = str(items[limit - 1].revision) if len(items) > limit else None
    return {"items": items[:limit], "next": following}


@get("/api/plan/revisions/{number:int}", opt=READ, sync_to_thread=True)
def plan_revision(record: NamedDependency[Record], number: FromPath[int]) -> dict[str, Any]:
    """One revision: the plan, and the files it was written in."""
    with record.read() as conn:
        return {**_shown(views.revision(conn, number)), "files": views.files(conn, number)}


@get("/api/plan/differences", opt=READ, sync_to_thread=True)
def plan_differences(record: NamedDependency[Record], old: Number, new: Number) -> dict[str, list[Difference]]:
    """What revision `new` says differently from revision `old`, in words."""
    with record.read() as conn:
        return {"items": list(views.changed_between(conn, old, new))}


@get("/api/plan/reasons", opt=READ, sync_to_thread=True)
def plan_reasons(record: NamedDependency[Record], clause: FromQuery[str]) -> dict[str, list[views.Why]]:
    """Why a clause is there: the publications that changed it, the latest first, with their reasons."""
    with record.read() as conn:
        return {"items": views.why(conn, clause)}


ROUTES = [plan_in_force, plan_revisions, plan_revision, plan_differences, plan_reasons]
