"""Incidents for programs: read them, declare them, and change their state by posting to what the change is called."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

import msgspec
from litestar import Response, get, post
from litestar.params import HeaderParameter, Parameter, QueryParameter

from quarterdeck.command import actions, views
from quarterdeck.command.views import Entry, Filters, IncidentRow, RoleRow, TaskRow
from quarterdeck.governance.rules import Permission
from quarterdeck.kernel.principal import Principal
from quarterdeck.record import Record, Tx

READ: dict[str, Any] = {"may": Permission.READ}
RESPOND: dict[str, Any] = {"may": Permission.RESPOND}
COMMAND: dict[str, Any] = {"may": Permission.COMMAND}
Document = dict[str, Any]
Several = Annotated[list[str] | None, Parameter(description="May be repeated.")]


class Body(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What is posted; an unknown field is refused."""


class Declaration(Body):
    title: str
    type: str | None = None
    impact: str | None = None
    urgency: str | None = None
    severity: str | None = None
    severity_reason: str | None = None
    service: str | None = None
    commander: str | None = None
    summary: str = ""
    detected_at: datetime | None = None
    impact_started: datetime | None = None
    drill: bool = False


class SeverityChange(Body):
    reason: str
    severity: str | None = None
    impact: str | None = None
    urgency: str | None = None


class Classification(Body):
    type: str | None = None
    service: str | None = None


class Impact(Body):
    statement: str


class Times(Body):
    reason: str
    impact_started: datetime | None = None
    detected_at: datetime | None = None


class Assignment(Body):
    role: str
    person: str | None = None
    """None: release the role."""


class NewTask(Body):
    title: str
    assignee: str | None = None
    due: datetime | None = None
    details: str = ""


class Completion(Body):
    """`answer`: what was decided, where the step asks a question."""

    evidence: str | None = None
    answer: str | None = None
    at: datetime | None = None


class Explanation(Body):
    """Why a step was not followed; `better-than-the-plan` opens a draft of a revision."""

    why: str
    verdict: Literal["necessary", "mistake", "better-than-the-plan"]


class Person(Body):
    person: str


class Reason(Body):
    reason: str


class Note(Body):
    text: str
    at: datetime | None = None


class Mitigation(Body):
    how: str = ""
    at: datetime | None = None


class Resolution(Body):
    reason: str
    at: datetime | None = None


class Merger(Body):
    into: int


class Nothing(Body):
    """Nothing needs to be said."""


def document(row: IncidentRow) -> Document:
    """An incident as programs get it."""
    values = {name: getattr(row, name) for name in row.__dataclass_fields__}
    values["services"] = [row.service] if row.service else []
    del values["service"]
    return values


def entry_document(entry: Entry) -> Document:
    values = {name: getattr(entry, name) for name in entry.__dataclass_fields__}
    return {**values, "late": entry.late}


def _whole(record: Record, number: int) -> Document:
    with record.read() as conn:
        found = document(views.incident(conn, number))
        tasks: list[TaskRow] = views.tasks(conn, number)
        roles: list[RoleRow] = views.roles(conn, number)
    return {**found, "tasks": tasks, "roles": roles}


def _change(record: Record, who: Principal, number: int, act: Callable[[Tx], object]) -> Document:
    record.perform(who, act)
    return _whole(record, number)


@get("/api/incidents", opt=READ, sync_to_thread=True)
def list_incidents(
    record: Record,
    severity: Several = None,
    status: Annotated[
        list[str] | None, QueryParameter(name="state", description="May be repeated; `open`, `live`.")
    ] = None,
    service: str = "",
    type_: Annotated[str, QueryParameter(name="type")] = "",
    q: str = "",
    limit: Annotated[int, Parameter(ge=1, le=500)] = 50,
    cursor: Annotated[int | None, Parameter(ge=1, le=2**31)] = None,
) -> Document:
    """Incidents, the latest first."""
    filters = Filters(tuple(status or ()), tuple(severity or ()), service, type_, q)
    with record.read() as conn:
        page = views.incidents(conn, filters, cursor, limit)
    return {"items": [document(row) for row in page.items], "next": page.next}


@get("/api/incidents/{number:int}", opt=READ, sync_to_thread=True)
def show_incident(record: Record, number: int) -> Document:
    """One incident with its roles and tasks."""
    return _whole(record, number)


@get("/api/incidents/{number:int}/timeline", opt=READ, sync_to_thread=True)
def show_timeline(
    record: Record,
    number: int,
    limit: Annotated[int, Parameter(ge=1, le=500)] = 50,
    cursor: Annotated[int, Parameter(ge=0, le=2**62)] = 0,
) -> Document:
    """What happened, in the order in which it was recorded; `late` entries were recorded after the fact."""
    with record.read() as conn:
        views.incident(conn, number)
        entries, following = views.history(conn, number, after=cursor, limit=limit)
    return {"items": [entry_document(entry) for entry in entries], "next": following}


@post("/api/incidents", opt={"may": Permission.DECLARE}, sync_to_thread=True)
def declare_incident(
    record: Record,
    who: Principal,
    data: Declaration,
    idempotency_key: Annotated[str | None, HeaderParameter(name="Idempotency-Key")] = None,
) -> Response[Document]:
    """Declare an incident; only a title is needed. A repeat with the same `Idempotency-Key` gets the same answer."""
    facts = msgspec.structs.asdict(data)
    fingerprint = msgspec.json.encode(data, order="sorted").decode()

    def act(tx: Tx) -> tuple[int, bool]:
        if idempotency_key is None:
            return actions.declare(tx, **facts), True
        before = actions.answered(tx, key=idempotency_key, fingerprint=fingerprint)
        if before is not None:
            return before, False
        number = actions.declare(tx, **facts)
        actions.remember_answer(tx, key=idempotency_key, fingerprint=fingerprint, number=number)
        return number, True

    number, new = record.perform(who, act)
    headers = {"Location": f"/api/incidents/{number}"} | ({} if new else {"Idempotent-Replayed": "true"})
    return Response(_whole(record, number), status_code=201, headers=headers)


@post("/api/incidents/{number:int}/severity", opt=COMMAND, sync_to_thread=True, status_code=200)
def post_severity(record: Record, who: Principal, number: int, data: SeverityChange) -> Document:
    """Set the severity, or impact and urgency, from which the pinned plan computes it."""
    facts = msgspec.structs.asdict(data)
    return _change(record, who, number, lambda tx: actions.change_severity(tx, number=number, **facts))


@post("/api/incidents/{number:int}/classification", opt=COMMAND, sync_to_thread=True, status_code=200)
def post_classification(record: Record, who: Principal, number: int, data: Classification) -> Document:
    facts = msgspec.structs.asdict(data)
    return _change(record, who, number, lambda tx: actions.classify(tx, number=number, **facts))


@post("/api/incidents/{number:int}/impact", opt=RESPOND, sync_to_thread=True, status_code=200)
def post_impact(record: Record, who: Principal, number: int, data: Impact) -> Document:
    """State who cannot do what, in words and numbers."""
    return _change(record, who, number, lambda tx: actions.state_impact(tx, number=number, statement=data.statement))


@post("/api/incidents/{number:int}/times", opt=COMMAND, sync_to_thread=True, status_code=200)
def post_times(record: Record, who: Principal, number: int, data: Times) -> Document:
    """Correct when the impact began or was detected."""
    facts = msgspec.structs.asdict(data)
    return _change(record, who, number, lambda tx: actions.correct_times(tx, number=number, **facts))


@post("/api/incidents/{number:int}/roles", opt=COMMAND, sync_to_thread=True, status_code=200)
def post_role(record: Record, who: Principal, number: int, data: Assignment) -> Document:
    """Give a role of the plan to a person (login or id), hand over command, or release a role."""

    def act(tx: Tx) -> None:
        if data.person is None:
            actions.release_role(tx, number=number, role=data.role)
        else:
            actions.assign_role(tx, number=number, role=data.role, person=data.person)

    return _change(record, who, number, act)


@post("/api/incidents/{number:int}/tasks", opt=RESPOND, sync_to_thread=True)
def post_task(record: Record, who: Principal, number: int, data: NewTask) -> Document:
    """Add a task that no procedure foresaw."""
    facts = msgspec.structs.asdict(data)
    task = record.perform(who, lambda tx: actions.add_task(tx, number=number, **facts))
    return {"task": task, **_whole(record, number)}


@post("/api/incidents/{number:int}/tasks/{task:str}/assignment", opt=RESPOND, sync_to_thread=True, status_code=200)
def post_task_assignment(record: Record, who: Principal, number: int, task: str, data: Person) -> Document:
    return _change(
        record, who, number, lambda tx: actions.assign_task(tx, number=number, task=task, person=data.person)
    )


@post("/api/incidents/{number:int}/tasks/{task:str}/completion", opt=RESPOND, sync_to_thread=True, status_code=200)
def post_task_completion(record: Record, who: Principal, number: int, task: str, data: Completion) -> Document:
    """Done; with evidence where the step wants some."""
    facts = msgspec.structs.asdict(data)
    return _change(record, who, number, lambda tx: actions.complete_task(tx, number=number, task=task, **facts))


@post("/api/incidents/{number:int}/steps/{step:str}/explanation", opt=COMMAND, sync_to_thread=True, status_code=200)
def post_explanation(record: Record, who: Principal, number: int, step: str, data: Explanation) -> Document:
    """Explain why a step of the plan was not followed, and judge it."""
    facts = msgspec.structs.asdict(data)
    record.perform(who, lambda tx: actions.explain_deviation(tx, number=number, step=step, **facts))
    return show_conformance_of(record, number)


@get("/api/incidents/{number:int}/conformance", opt=READ, sync_to_thread=True)
def show_conformance(record: Record, number: int) -> Document:
    """Step by step: done, late, out of order, skipped, open, overdue, not applicable; and the share followed."""
    return show_conformance_of(record, number)


def show_conformance_of(record: Record, number: int) -> Document:
    with record.read() as conn:
        found = views.conformance(conn, number)
    return {
        "number": number,
        "plan_revision": found.plan_revision,
        "procedure": found.procedure,
        "mandatory": found.mandatory,
        "items": found.steps,
    }


@get("/api/conformance", opt=READ, sync_to_thread=True)
def list_conformance(
    record: Record,
    by: Literal["step", "type", "team"] = "step",
    days: Annotated[int, Parameter(ge=1, le=3660)] = 180,
) -> Document:
    """Across incidents declared in so many days, the least followed first; with counts and a 95 % interval."""
    now = record.clock.now()
    with record.read() as conn:
        rows = views.conformance_across(conn, since=now - timedelta(days=days), by=by)
    return {"items": rows, "next": None}


@post("/api/incidents/{number:int}/tasks/{task:str}/skip", opt=RESPOND, sync_to_thread=True, status_code=200)
def post_task_skip(record: Record, who: Principal, number: int, task: str, data: Reason) -> Document:
    return _change(record, who, number, lambda tx: actions.skip_task(tx, number=number, task=task, reason=data.reason))


@post("/api/incidents/{number:int}/notes", opt=RESPOND, sync_to_thread=True)
def post_note(record: Record, who: Principal, number: int, data: Note) -> Document:
    """Markdown, at most 10,000 characters; `at` is when it happened."""
    return _change(record, who, number, lambda tx: actions.note(tx, number=number, text=data.text, at=data.at))


@post("/api/incidents/{number:int}/activation", opt=COMMAND, sync_to_thread=True, status_code=200)
def post_activation(record: Record, who: Principal, number: int, data: Nothing | None = None) -> Document:
    """Triage is over: it is an incident."""
    return _change(record, who, number, lambda tx: actions.activate(tx, number=number))


@post("/api/incidents/{number:int}/mitigation", opt=COMMAND, sync_to_thread=True, status_code=200)
def post_mitigation(record: Record, who: Principal, number: int, data: Mitigation) -> Document:
    """The impact has ended or is bearable."""
    return _change(record, who, number, lambda tx: actions.mitigate(tx, number=number, how=data.how, at=data.at))


@post("/api/incidents/{number:int}/resolution", opt=COMMAND, sync_to_thread=True, status_code=200)
def post_resolution(record: Record, who: Principal, number: int, data: Resolution) -> Document:
    return _change(record, who, number, lambda tx: actions.resolve(tx, number=number, reason=data.reason, at=data.at))


@post("/api/incidents/{number:int}/reopening", opt=COMMAND, sync_to_thread=True, status_code=200)
def post_reopening(record: Record, who: Principal, number: int, data: Reason) -> Document:
    return _change(record, who, number, lambda tx: actions.reopen(tx, number=number, reason=data.reason))


@post("/api/incidents/{number:int}/closure", opt=COMMAND, sync_to_thread=True, status_code=200)
def post_closure(record: Record, who: Principal, number: int, data: Nothing | None = None) -> Document:
    """Refused while mandatory tasks are open or a review is owed."""
    return _change(record, who, number, lambda tx: actions.close(tx, number=number))


@post("/api/incidents/{number:int}/declination", opt=COMMAND, sync_to_thread=True, status_code=200)
def post_declination(record: Record, who: Principal, number: int, data: Reason) -> Document:
    """Triage found that it is no incident."""
    return _change(record, who, number, lambda tx: actions.decline(tx, number=number, reason=data.reason))


@post("/api/incidents/{number:int}/cancellation", opt=COMMAND, sync_to_thread=True, status_code=200)
def post_cancellation(record: Record, who: Principal, number: int, data: Reason) -> Document:
    return _change(record, who, number, lambda tx: actions.cancel(tx, number=number, reason=data.reason))


@post("/api/incidents/{number:int}/merger", opt=COMMAND, sync_to_thread=True, status_code=200)
def post_merger(record: Record, who: Principal, number: int, data: Merger) -> Document:
    """The same trouble as incident `into`, where the work goes on."""
    return _change(record, who, number, lambda tx: actions.merge(tx, number=number, into=data.into))


ROUTES = [
    list_incidents,
    show_incident,
    show_timeline,
    declare_incident,
    post_severity,
    post_classification,
    post_impact,
    post_times,
    post_role,
    post_task,
    post_task_assignment,
    post_task_completion,
    post_task_skip,
    post_explanation,
    show_conformance,
    list_conformance,
    post_note,
    post_activation,
    post_mitigation,
    post_resolution,
    post_reopening,
    post_closure,
    post_declination,
    post_cancellation,
    post_merger,
]
