"""Reviews for programs: what is owed, what the record says, who leads it, and that it was held elsewhere or waived."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, Parameter, QueryParameter

from quarterdeck.governance.rules import Permission
from quarterdeck.kernel.errors import NotFound
from quarterdeck.kernel.principal import Principal
from quarterdeck.learning import actions, views
from quarterdeck.learning.views import Draft
from quarterdeck.record import Record

READ: dict[str, Any] = {"may": Permission.READ}
RESPOND: dict[str, Any] = {"may": Permission.RESPOND}
REVIEW: dict[str, Any] = {"may": Permission.REVIEW}
Document = dict[str, Any]


class Held(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    summary: str
    facilitator: str | None = None
    """A login or id; None: whoever posts this."""


class Waiver(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    reason: str


class Facilitator(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    person: str
    """A login or id; not the commander, unless the plan permits it."""


class Participants(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    people: list[str]
    """Logins or ids, whole."""


class Meeting(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    meets_at: datetime | None
    """With its zone; null: there is no date any more."""


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


def document(record: Record, number: int) -> Document:
    """A review as programs get it, after every change too. Raises `NotFound`."""
    with record.read() as conn:
        found = views.review(conn, number) if 0 < number < 2**31 else None
        if found is None:
            raise NotFound(f"review of incident {number}")
        return {
            **{name: getattr(found, name) for name in found.__dataclass_fields__},
            "texts": {prompt: row.text for prompt, row in views.texts(conn, number).items()},
            "observations": views.observations(conn, number, withdrawn=True),
            "entries": list(views.entries_told(conn, number).values()),
            "comments": views.comments(conn, number),
        }


@get("/api/incidents/{number:int}/review", opt=READ, sync_to_thread=True)
def show_review(record: NamedDependency[Record], number: FromPath[int]) -> Document:
    """The review of an incident: whether it is owed, how far it is, and what people wrote in it."""
    return document(record, number)


@get("/api/incidents/{number:int}/review/draft", opt=READ, sync_to_thread=True)
def show_draft(record: NamedDependency[Record], number: FromPath[int]) -> Draft:
    """What the record says of any incident: times on both clocks, the story, the plan step by step, decisions with what
    was known, updates against their pace, pages, who was there, and what is missing."""
    with record.read() as conn:
        return views.draft(conn, number)


@post("/api/incidents/{number:int}/review", opt=REVIEW, sync_to_thread=True, status_code=200)
def post_review(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Held]
) -> Document:
    """It was held elsewhere: one step, which nobody else approves. Whoever commanded may not have led it."""
    facts = msgspec.structs.asdict(data)
    record.perform(who, lambda tx: actions.hold_review(tx, number=number, **facts))
    return document(record, number)


@post("/api/incidents/{number:int}/review/waiver", opt=REVIEW, sync_to_thread=True, status_code=200)
def post_waiver(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Waiver]
) -> Document:
    """Do without the review, for a reason that is recorded."""
    record.perform(who, lambda tx: actions.waive_review(tx, number=number, reason=data.reason))
    return document(record, number)


@post("/api/incidents/{number:int}/review/facilitator", opt=REVIEW, sync_to_thread=True, status_code=200)
def post_facilitator(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Facilitator]
) -> Document:
    """Name who leads it."""
    record.perform(who, lambda tx: actions.assign_facilitator(tx, number=number, person=data.person))
    return document(record, number)


@post("/api/incidents/{number:int}/review/participants", opt=RESPOND, sync_to_thread=True, status_code=200)
def post_participants(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    number: FromPath[int],
    data: JSONBody[Participants],
) -> Document:
    """Name who takes part; until then those are proposed who were there (`present` of the draft)."""
    record.perform(who, lambda tx: actions.name_participants(tx, number=number, people=data.people))
    return document(record, number)


@post("/api/incidents/{number:int}/review/meeting", opt=RESPOND, sync_to_thread=True, status_code=200)
def post_meeting(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Meeting]
) -> Document:
    """Say when those who take part meet."""
    record.perform(who, lambda tx: actions.schedule_review(tx, number=number, meets_at=data.meets_at))
    return document(record, number)


ROUTES = [
    list_reviews,
    show_review,
    show_draft,
    post_review,
    post_waiver,
    post_facilitator,
    post_participants,
    post_meeting,
]
