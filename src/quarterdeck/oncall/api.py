"""On-call for programs: who is on call, schedules and cover, acknowledging and escalating an incident."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, Parameter, QueryParameter
from sqlalchemy import Connection

from quarterdeck.governance.rules import Permission
from quarterdeck.governance.views import person_names
from quarterdeck.kernel.errors import NotFound
from quarterdeck.kernel.principal import Principal
from quarterdeck.kernel.time import Instant, reachable
from quarterdeck.notify.views import deliveries
from quarterdeck.oncall import actions, views
from quarterdeck.oncall.views.preview import plan_asked
from quarterdeck.record import Record

Document = dict[str, Any]
READ: dict[str, Any] = {"may": Permission.READ}
RESPOND: dict[str, Any] = {"may": Permission.RESPOND}
SCHEDULE: dict[str, Any] = {"may": Permission.SCHEDULE}
Days = Annotated[int, Parameter(ge=1, le=366)]


class Body(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What is posted; an unknown field is refused."""


class NewCover(Body):
    """`person` is a login or an id; the instants name their zone (`2026-03-03T18:00:00Z`)."""

    person: str
    start: datetime
    end: datetime
    reason: str = ""


class Acknowledgement(Body):
    """`person` (login or id) when acknowledging for somebody else, as a chat bridge with a key does."""

    person: str | None = None


class Escalating(Body):
    """`path`: begin this path of the incident's plan; without it the next level is paged now."""

    path: str | None = None


# -- who and when ------------------------------------------------------------------------------


def who_document(conn: Connection, at: Instant) -> list[Document]:
    """Every schedule with who is on call now and who comes next, people by id and name."""
    names = person_names(conn)
    return [
        {
            "schedule": row.schedule,
            "title": row.title,
            "zone": row.zone,
            "now": _person(row.person, names) | {"until": row.until, "cover": row.cover},
            "next": _person(row.next_person, names) | {"from": row.next_at},
        }
        for row in views.on_call_now(conn, at)
    ]


def _person(id: str | None, names: dict[str, str]) -> Document:
    return {"person": id, "name": names.get(id) if id else None}


@get("/api/oncall", opt=READ, sync_to_thread=True)
def get_oncall(record: NamedDependency[Record], at: FromQuery[datetime | None] = None) -> Document:
    """Who is on call now (or `at`), until when, and who comes next, for every schedule."""
    with record.read() as conn:
        return {"items": who_document(conn, reachable("at", at) if at else record.clock.now()), "next": None}


@get("/api/oncall/shifts", opt=READ, sync_to_thread=True)
def get_shifts(record: NamedDependency[Record], days: Days = 14, person: FromQuery[str | None] = None) -> Document:
    """The final shifts from now: what would be paged, cover included. `person` is an id."""
    with record.read() as conn:
        names = person_names(conn)
        rows = views.coming_shifts(conn, person, record.clock.now(), days)
    items = [msgspec.to_builtins(row) | {"name": names.get(row.person)} for row in rows]
    return {"items": items, "next": None}


@get("/api/oncall/gaps", opt=READ, sync_to_thread=True)
def get_gaps(record: NamedDependency[Record], days: Days = 60) -> Document:
    """Where nobody would be paged."""
    with record.read() as conn:
        return {"items": views.gaps(conn, record.clock.now(), days), "next": None}


@get("/api/plan/preview", opt=READ, sync_to_thread=True)
def get_preview(
    record: NamedDependency[Record],
    kind: Annotated[str | None, QueryParameter(name="type")] = None,
    severity: FromQuery[str | None] = None,
    service: FromQuery[str | None] = None,
    at: FromQuery[datetime | None] = None,
    draft: Annotated[int | None, Parameter(ge=1, le=2**31 - 1)] = None,
) -> views.WouldPage:
    """Who would be paged if this fired now (or `at`), turn by turn, by the plan in force or by that of a `draft`."""
    when = reachable("at", at) if at else record.clock.now()
    with record.read() as conn:
        plan = plan_asked(conn, draft)
        return views.who_would_be_paged(conn, plan, type=kind, severity=severity, service=service, at=when)


# -- schedules ---------------------------------------------------------------------------------


def schedule_document(row: views.ScheduleRow) -> Document:
    covers = [
        {"id": one.id, "person": one.person, "start": one.start, "end": one.end, "reason": one.reason, "by": one.by}
        for one in row.schedule.covers
    ]
    return {
        "id": row.schedule.id,
        "document": row.document,
        "revised_at": row.revised_at,
        "revised_by": row.revised_by,
        "cover": covers,
    }


@get("/api/schedules", opt=READ, sync_to_thread=True)
def list_schedules(record: NamedDependency[Record]) -> Document:
    """Every schedule with the cover that lies ahead."""
    with record.read() as conn:
        rows = views.schedules(conn, record.clock.now())
    return {"items": [schedule_document(row) for row in rows], "next": None}


@get("/api/schedules/{id:str}", opt=READ, sync_to_thread=True)
def get_schedule(record: NamedDependency[Record], id: FromPath[str]) -> Document:
    """A schedule as it was written, and the cover that lies ahead."""
    return _schedule(record, id)


def _schedule(record: Record, id: str) -> Document:
    with record.read() as conn:
        row = views.schedule(conn, id, record.clock.now())
    if row is None:
        raise NotFound(f"schedule {id}")
    return schedule_document(row)


@put("/api/schedules/{id:str}", opt=SCHEDULE, sync_to_thread=True)
def put_schedule(
    record: NamedDependency[Record], who: NamedDependency[Principal], id: FromPath[str], data: JSONBody[dict[str, Any]]
) -> Document:
    """Write a schedule down whole. 400 with every fault at once, people who are not here included."""
    record.perform(who, lambda tx: actions.revise_schedule(tx, id=id, document=data))
    return _schedule(record, id)


@post("/api/schedules/{id:str}/cover", opt=SCHEDULE, sync_to_thread=True)
def post_cover(
    record: NamedDependency[Record], who: NamedDependency[Principal], id: FromPath[str], data: JSONBody[NewCover]
) -> Document:
    """Somebody covers on this schedule from `start` until `end`."""
    start, end = reachable("start", data.start), reachable("end", data.end)
    cover = record.perform(
        who,
        lambda tx: actions.arrange_cover(tx, schedule=id, person=data.person, start=start, end=end, reason=data.reason),
    )
    return {"arranged": cover, **_schedule(record, id)}


@delete("/api/schedules/{id:str}/cover/{cover:str}", opt=SCHEDULE, sync_to_thread=True)
def delete_cover(
    record: NamedDependency[Record], who: NamedDependency[Principal], id: FromPath[str], cover: FromPath[str]
) -> None:
    """Take cover away again, or what is left of it."""
    record.perform(who, lambda tx: actions.cancel_cover(tx, schedule=id, cover=cover))


# -- escalations -------------------------------------------------------------------------------


def escalation_document(conn: Connection, number: int) -> Document:
    """An escalation with every step and page, and what became of each page. `NotFound` if there never was one."""
    found = views.escalation(conn, number)
    if found is None:
        raise NotFound(f"escalation for INC-{number}")
    names = person_names(conn)
    outcome = {row.id: row for row in deliveries(conn, f"incident/{number}")}
    document: Document = msgspec.to_builtins(found)
    for step in document["steps"]:
        for page in step["pages"]:
            sent = outcome.get(page["delivery"])
            page["name"] = names.get(page["person"])
            page["state"] = sent.state if sent else None
            page["channel"] = sent.channel if sent else None
            page["detail"] = sent.detail if sent else None
            page["answer"] = sent.answer if sent else None
    return document


@get("/api/incidents/{number:int}/escalation", opt=READ, sync_to_thread=True)
def get_escalation(record: NamedDependency[Record], number: FromPath[int]) -> Document:
    """How far the escalation has got: every step, every page, and what became of it."""
    with record.read() as conn:
        return escalation_document(conn, number)


@post("/api/incidents/{number:int}/acknowledgement", opt=RESPOND, sync_to_thread=True, status_code=200)
def post_acknowledgement(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    number: FromPath[int],
    data: JSONBody[Acknowledgement | None] = None,
) -> Document:
    """Somebody has it: pages stop in the same transaction. Late ones are told who has it, never refused."""
    person = data.person if data else None
    answer = record.perform(who, lambda tx: actions.acknowledge(tx, number=number, person=person, how="api"))
    document: Document = msgspec.to_builtins(answer)
    return document


@post("/api/incidents/{number:int}/escalation", opt=RESPOND, sync_to_thread=True, status_code=200)
def post_escalation(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    number: FromPath[int],
    data: JSONBody[Escalating | None] = None,
) -> Response[Document]:
    """Page the next level now, or begin a path of the plan."""
    path = data.path if data else None
    if path is None:
        record.perform(who, lambda tx: actions.escalate_now(tx, number=number))
    else:
        record.perform(who, lambda tx: actions.start_escalation(tx, number=number, path=path, reason="asked for"))
    with record.read() as conn:
        return Response(escalation_document(conn, number))


ROUTES = [
    get_oncall,
    get_shifts,
    get_gaps,
    get_preview,
    list_schedules,
    get_schedule,
    put_schedule,
    post_cover,
    delete_cover,
    get_escalation,
    post_acknowledgement,
    post_escalation,
]
