"""The plan for programs: read the one in force, read and list revisions, publish one."""

from typing import Annotated, Any

import msgspec
from litestar import get, post
from litestar.params import Parameter

from quarterdeck.governance.rules import Permission
from quarterdeck.kernel.errors import Invalid, NotFound
from quarterdeck.kernel.principal import Principal
from quarterdeck.plan import actions, views
from quarterdeck.plan.rules import InForce
from quarterdeck.plan.rules.reading import MAX_TOTAL
from quarterdeck.record import Record

_MAX_BODY = 2 * MAX_TOTAL
"""JSON escapes lengthen the texts."""
Limit = Annotated[int, Parameter(ge=1, le=200)]


class Publication(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A plan to publish. `files`: name → YAML text. `based_on`: the revision that you started from."""

    files: dict[str, str]
    reason: str
    based_on: int | None = None


def _shown(found: InForce) -> dict[str, Any]:
    return {
        "revision": found.revision,
        "published_at": found.published_at,
        "by": found.by,
        "reason": found.reason,
        "content_hash": found.content_hash,
        "plan": found.plan.model_dump(mode="json"),
    }


@get("/api/plan", opt={"may": Permission.READ}, sync_to_thread=True)
def plan_in_force(record: Record) -> dict[str, Any]:
    """The plan in force, whole. 404 before the first publication."""
    with record.read() as conn:
        found = views.in_force(conn)
    if found is None:
        raise NotFound("plan yet: publish one")
    return _shown(found)


@get("/api/plan/revisions", opt={"may": Permission.READ}, sync_to_thread=True)
def plan_revisions(record: Record, limit: Limit = 50, cursor: str | None = None) -> dict[str, Any]:
    """Publications, the latest first."""
    if cursor is not None and not (cursor.isascii() and cursor.isdigit() and len(cursor) < 10):
        raise Invalid("This cursor was not given out by this list.", ("cursor: begin again without one",))
    with record.read() as conn:
        items = views.revisions(conn, limit=limit + 1, before=int(cursor) if cursor else None)
    following = str(items[limit - 1].revision) if len(items) > limit else None
    return {"items": items[:limit], "next": following}


@get("/api/plan/revisions/{number:int}", opt={"may": Permission.READ}, sync_to_thread=True)
def plan_revision(record: Record, number: int) -> dict[str, Any]:
    """One revision: the plan, and the files it was written in."""
    with record.read() as conn:
        return {**_shown(views.revision(conn, number)), "files": views.files(conn, number)}


@post("/api/plan/revisions", opt={"may": Permission.PLAN}, sync_to_thread=True, request_max_body_size=_MAX_BODY)
def publish_plan(record: Record, who: Principal, data: Publication) -> dict[str, int]:
    """Publish a revision. 400 with every fault as `file:line:column: path: what is wrong; what to do`."""
    number = record.perform(
        who,
        lambda tx: actions.publish(tx, files=data.files, reason=data.reason, based_on=data.based_on),
    )
    return {"revision": number}


ROUTES = [plan_in_force, plan_revisions, plan_revision, publish_plan]
