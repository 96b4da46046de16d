"""Updates and elevation for programs."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, Parameter

from quarterdeck.command.views import headline
from quarterdeck.comms import actions, views
from quarterdeck.comms.channels.folder import EVERY
from quarterdeck.comms.channels.status_page import summary
from quarterdeck.governance.rules import Permission
from quarterdeck.kernel.errors import Invalid, NotFound
from quarterdeck.kernel.principal import Principal
from quarterdeck.kernel.time import Instant
from quarterdeck.record import Record

READ: dict[str, Any] = {"may": Permission.READ}
RESPOND: dict[str, Any] = {"may": Permission.RESPOND}
Document = dict[str, Any]


class NewUpdate(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What is known; what is left out is written "not known yet".

    `next_update` names its zone and is compulsory, except with `unchanged`, which repeats the latest update and takes
    no other field, and after the incident was resolved. `audiences`: ids of the plan; None: all that are concerned.
    """

    impact: str = ""
    scope: str = ""
    since: str = ""
    symptom: str = ""
    suspect: str = ""
    doing: str = ""
    confidence: str = ""
    workaround: str = ""
    decision: str = ""
    decide_by: str = ""
    next_update: datetime | None = None
    audiences: list[str] | None = None
    unchanged: bool = False


class NewElevation(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`to`: posts of the plan, told one after another, each with so many minutes to take note."""

    text: str
    to: list[str]
    decision: str | None = None
    acknowledge_within: int = 15


class Decided(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What was decided."""

    decision: str


@get("/api/incidents/{number:int}/updates", opt=READ, sync_to_thread=True)
def list_updates(
    record: NamedDependency[Record],
    number: FromPath[int],
    limit: Annotated[int, Parameter(ge=1, le=500)] = 50,
    cursor: Annotated[int | None, Parameter(ge=1, le=2**31 - 1)] = None,
) -> Document:
    """The latest first, with the texts as sent; and how the clocks stand (`communication`, null: nobody is told)."""
    with record.read() as conn:
        headline(conn, number)
        rows = views.updates(conn, number, limit=limit + 1, before=cursor)
        stands = views.communication(conn, number)
    items = rows[:limit]
    return {
        "items": items,
        "next": items[-1].update if len(rows) > limit else None,
        "communication": stands,
    }


@post("/api/incidents/{number:int}/updates", opt=RESPOND, sync_to_thread=True)
def post_update(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[NewUpdate]
) -> views.UpdateRow:
    """Tell the audiences. 400 names unknown audiences, long texts, and a next update that is missing, past or late."""
    given = msgspec.structs.asdict(data)
    next_update, audiences = _aware(given.pop("next_update")), given.pop("audiences")
    unchanged = given.pop("unchanged")
    fields = {name: value for name, value in given.items() if value}
    if unchanged and (fields or audiences is not None):
        raise Invalid("Nothing changed, or something did?", ("unchanged: repeats the latest update as it was",))

    def act(tx: Any) -> actions.Sent:
        if unchanged:
            return actions.send_unchanged(tx, number=number, next_update=next_update)
        return actions.send_update(tx, number=number, fields=fields, next_update=next_update, audiences=audiences)

    sent = record.perform(who, act)
    return _update(record, number, sent.update)


@post(
    "/api/incidents/{number:int}/updates/{update:int}/approvals/{audience:str}",
    opt=RESPOND,
    sync_to_thread=True,
    status_code=200,
)
def post_approval(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    number: FromPath[int],
    update: FromPath[int],
    audience: FromPath[str],
) -> views.UpdateRow:
    """Agree to what this audience is to read: for the holder of the plan's role, or the commander."""
    record.perform(who, lambda tx: actions.approve_update(tx, number=number, update=update, audience=audience))
    return _update(record, number, update)


@get("/api/incidents/{number:int}/elevations", opt=READ, sync_to_thread=True)
def list_elevations(record: NamedDependency[Record], number: FromPath[int]) -> Document:
    """What was brought before higher management, the latest first."""
    with record.read() as conn:
        headline(conn, number)
        return {"items": views.elevations(conn, number), "next": None}


@post("/api/incidents/{number:int}/elevations", opt=RESPOND, sync_to_thread=True)
def post_elevation(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    number: FromPath[int],
    data: JSONBody[NewElevation],
) -> views.ElevationRow:
    """Bring the incident before these posts now."""
    facts = msgspec.structs.asdict(data)
    id = record.perform(who, lambda tx: actions.elevate(tx, number=number, **facts))
    return _elevation(record, number, id)


@post(
    "/api/incidents/{number:int}/elevations/{elevation:str}/acknowledgement",
    opt=READ,
    sync_to_thread=True,
    status_code=200,
)
def post_note_taken(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    number: FromPath[int],
    elevation: FromPath[str],
) -> views.ElevationRow:
    """Take note; it climbs no further. For whoever was told, and for those who command."""
    record.perform(who, lambda tx: actions.acknowledge_elevation(tx, number=number, elevation=elevation, how="api"))
    return _elevation(record, number, elevation)


@post(
    "/api/incidents/{number:int}/elevations/{elevation:str}/decision",
    opt=READ,
    sync_to_thread=True,
    status_code=200,
)
def post_decision(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    number: FromPath[int],
    elevation: FromPath[str],
    data: JSONBody[Decided],
) -> views.ElevationRow:
    """Record what was decided; it takes note, too."""
    record.perform(
        who, lambda tx: actions.take_decision(tx, number=number, elevation=elevation, decision=data.decision)
    )
    return _elevation(record, number, elevation)


def _aware(at: datetime | None) -> Instant | None:
    if at is not None and at.tzinfo is None:
        raise Invalid("This is no instant.", ("next_update: write it with its zone, as 2026-03-03T18:00:00Z",))
    return at


def _update(record: Record, number: int, update: int) -> views.UpdateRow:
    with record.read() as conn:
        return views.updates(conn, number, limit=1, before=update + 1)[0]


def _elevation(record: Record, number: int, id: str) -> views.ElevationRow:
    with record.read() as conn:
        found = next((row for row in views.elevations(conn, number) if row.elevation == id), None)
    if found is None:
        raise NotFound(f"elevation {id[:60]!r}")
    return found


@get("/api/status-page", opt=READ, sync_to_thread=True)
def get_status_page(record: NamedDependency[Record]) -> Document:
    """The public status page as its `status.json` says it. `state` unknown and nothing else: nothing is public."""
    with record.read() as conn:
        return summary(views.status_board(conn, record.clock.now(), EVERY))


ROUTES = [
    get_status_page,
    list_updates,
    post_update,
    post_approval,
    list_elevations,
    post_elevation,
    post_note_taken,
    post_decision,
]
