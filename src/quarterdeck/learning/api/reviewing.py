"""Reviews for programs: what is owed, and that one was held or waived."""

from typing import Annotated, Any

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, Parameter, QueryParameter

from quarterdeck.governance.rules import Permission
from quarterdeck.kernel.errors import NotFound
from quarterdeck.kernel.principal import Principal
from quarterdeck.learning import actions, views
from quarterdeck.learning.views import ReviewRow
from quarterdeck.record import Record

READ: dict[str, Any] = {"may": Permission.READ}
REVIEW: dict[str, Any] = {"may": Permission.REVIEW}
Document = dict[str, Any]


class Held(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    summary: str
    facilitator: str | None = None
    """A login or id; None: whoever posts this."""


class Waiver(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    reason: str


@get("/api/reviews", opt=READ, sync_to_thread=True)
def list_reviews(
    record: NamedDependency[Record],
    status: Annotated[str | None, QueryParameter(name="state")] = None,
    limit: Annotated[int, Parameter(ge=1, le=500)] = 50,
    cursor: Annotated[int, Parameter(ge=0, le=2**31)] = 0,
) -> Document:
    """Reviews: those owed by due date, then the others."""
    with record.read() as conn:
        rows, following = views.reviews(conn, status, cursor, limit)
    return {"items": rows, "next": following}


def _found(record: Record, number: int) -> ReviewRow:
    with record.read() as conn:
        found = views.review(conn, number) if 0 < number < 2**31 else None
    if found is None:
        raise NotFound(f"review of incident {number}")
    return found


@get("/api/incidents/{number:int}/review", opt=READ, sync_to_thread=True)
def show_review(record: NamedDependency[Record], number: FromPath[int]) -> ReviewRow:
    """The review of an incident: whether it is owed, when, and what came of it."""
    return _found(record, number)


@post("/api/incidents/{number:int}/review", opt=REVIEW, sync_to_thread=True, status_code=200)
def post_review(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Held]
) -> ReviewRow:
    """The review was held. Whoever commanded may not have led it."""
    facts = msgspec.structs.asdict(data)
    record.perform(who, lambda tx: actions.hold_review(tx, number=number, **facts))
    return _found(record, number)


@post("/api/incidents/{number:int}/review/waiver", opt=REVIEW, sync_to_thread=True, status_code=200)
def post_waiver(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Waiver]
) -> ReviewRow:
    """Do without the review, for a reason that is recorded."""
    record.perform(who, lambda tx: actions.waive_review(tx, number=number, reason=data.reason))
    return _found(record, number)


ROUTES = [list_reviews, show_review, post_review, post_waiver]
