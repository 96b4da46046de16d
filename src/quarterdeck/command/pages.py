"""Incidents for people: the list, declaring, the panels of the incident page, and the forms that change its state."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, Parameter, QueryParameter
from litestar.response import Redirect, Template
from sqlalchemy import Connection

from quarterdeck.command import actions, views
from quarterdeck.command.views import Filters
from quarterdeck.governance.rules import Permission, may
from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.panel import Panel
from quarterdeck.kernel.principal import Principal
from quarterdeck.kernel.time import Instant
from quarterdeck.record import Record, Tx

READ: dict[str, Any] = {"may": Permission.READ}
DECLARE: dict[str, Any] = {"may": Permission.DECLARE}
RESPOND: dict[str, Any] = {"may": Permission.RESPOND}
COMMAND: dict[str, Any] = {"may": Permission.COMMAND}
Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
STORY = 100
"""How much of the short story the incident page shows; the rest is a link away."""


def fields(form: dict[str, str], *allowed: str) -> dict[str, str | None]:
    """The posted fields, empty ones as None. Raises `Invalid` for a field that the form does not have."""
    if unknown := sorted(set(form) - set(allowed)):
        raise Invalid("The form has no such field.", tuple(f"{name}: unknown" for name in unknown[:20]))
    return {name: form.get(name, "").strip() or None for name in allowed}


def instant(field: str, value: str | None) -> Instant | None:
    """What a `datetime-local` input sends, taken as UTC; an offset that is given is honoured."""
    if value is None:
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        raise Invalid("A time is not right.", (f"{field}: write it as 2026-03-02T09:00",)) from None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


@get("/incidents", opt=READ, sync_to_thread=True)
def list_page(
    record: Record,
    status: Annotated[list[str] | None, QueryParameter(name="state")] = None,
    severity: Annotated[list[str] | None, Parameter()] = None,
    service: str = "",
    type_: Annotated[str, QueryParameter(name="type")] = "",
    q: str = "",
    cursor: Annotated[int | None, Parameter(ge=1, le=2**31)] = None,
) -> Template:
    """The incidents that are not over, unless the address asks for others."""
    states = tuple(one for one in status or () if one) or ("live",)
    levels = tuple(one for one in severity or () if one)
    filters = Filters(() if "all" in states else states, levels, service, type_, q)
    with record.read() as conn:
        page = views.incidents(conn, filters, cursor, views.MOST)
        chosen = views.choices(conn)
    asked: list[tuple[str, str]] = [("state", one) for one in states] + [("severity", one) for one in levels]
    asked += [(name, value) for name, value in (("service", service), ("type", type_), ("q", q)) if value]
    rows = page.items
    if states in (("live",), ("open",)):
        rows = sorted(rows, key=lambda row: (not row.open, row.severity, row.declared_at))
    context = {
        "rows": rows,
        "filters": filters,
        "states": states,
        "choices": chosen,
        "here": "/incidents?" + urlencode(asked + ([("cursor", str(cursor))] if cursor else [])),
        "older": "/incidents?" + urlencode([*asked, ("cursor", str(page.next))]) if page.next else None,
        "narrowed": bool(levels or service or type_ or q) or states != ("live",),
    }
    return Template(template_name="command/incidents.html", context=context)


_DECLARATION = (
    "title",
    "severity",
    "severity_reason",
    "service",
    "type",
    "impact",
    "urgency",
    "summary",
    "impact_started",
    "drill",
)


def _declare_page(record: Record, who: Principal, given: dict[str, str | None], *, asked: bool) -> Template:
    with record.read() as conn:
        context = {
            "given": given,
            "choices": views.choices(conn),
            "commander": views.expected_commander(conn, who, given.get("type")),
            "similar": views.similar(conn, given["title"] or "", given["service"]) if given["title"] else [],
            "running": views.open_incidents(conn)[:5],
            "asked": asked,
        }
    return Template(template_name="command/declare.html", context=context)


@get("/incidents/new", opt=DECLARE, sync_to_thread=True)
def declare_page(record: Record, who: Principal, title: str = "", service: str = "") -> Template:
    """Declare in ten seconds: a title is enough."""
    given = dict.fromkeys(_DECLARATION) | {"title": title or None, "service": service or None}
    return _declare_page(record, who, given, asked=False)


@post("/incidents/new", opt=DECLARE, sync_to_thread=True, status_code=200)
def declare_form(record: Record, who: Principal, data: Form) -> Response[Any]:
    """Declare; if open incidents look alike, ask once whether to join one of them instead."""
    form = fields(data, *_DECLARATION, "anyway")
    given = {name: form[name] for name in _DECLARATION}
    if form["anyway"] is None and given["title"]:
        with record.read() as conn:
            alike = views.similar(conn, given["title"], given["service"])
        if alike:
            return _declare_page(record, who, given, asked=True)

    def act(tx: Tx) -> int:
        return actions.declare(
            tx,
            title=given["title"] or "",
            type=given["type"],
            impact=given["impact"],
            urgency=given["urgency"],
            severity=given["severity"],
            severity_reason=given["severity_reason"],
            service=given["service"],
            summary=given["summary"] or "",
            impact_started=instant("impact_started", given["impact_started"]),
            drill=given["drill"] is not None,
        )

    return Redirect(f"/incidents/{record.perform(who, act)}", status_code=303)


@get("/incidents/{number:int}/timeline", opt=READ, sync_to_thread=True)
def timeline_page(record: Record, number: int) -> Template:
    """Everything that was recorded around an incident."""
    with record.read() as conn:
        row = views.incident(conn, number)
        entries = views.timeline(conn, number, limit=5000)
    return Template(template_name="command/timeline_page.html", context={"row": row, "entries": entries})


def _changed(record: Record, who: Principal, number: int, act: Callable[[Tx], object]) -> Redirect:
    record.perform(who, act)
    return Redirect(f"/incidents/{number}", status_code=303)


@post("/incidents/{number:int}/activation", opt=COMMAND, sync_to_thread=True)
def activation(record: Record, who: Principal, number: int, data: Form) -> Redirect:
    fields(data)
    return _changed(record, who, number, lambda tx: actions.activate(tx, number=number))


@post("/incidents/{number:int}/severity", opt=COMMAND, sync_to_thread=True)
def severity(record: Record, who: Principal, number: int, data: Form) -> Redirect:
    form = fields(data, "severity", "impact", "urgency", "reason")

    def act(tx: Tx) -> None:
        actions.change_severity(
            tx,
            number=number,
            severity=form["severity"],
            impact=form["impact"],
            urgency=form["urgency"],
            reason=form["reason"] or "",
        )

    return _changed(record, who, number, act)


@post("/incidents/{number:int}/classification", opt=COMMAND, sync_to_thread=True)
def classification(record: Record, who: Principal, number: int, data: Form) -> Redirect:
    form = fields(data, "type", "service")
    return _changed(
        record, who, number, lambda tx: actions.classify(tx, number=number, type=form["type"], service=form["service"])
    )


@post("/incidents/{number:int}/impact", opt=RESPOND, sync_to_thread=True)
def impact(record: Record, who: Principal, number: int, data: Form) -> Redirect:
    statement = fields(data, "statement")["statement"] or ""
    return _changed(record, who, number, lambda tx: actions.state_impact(tx, number=number, statement=statement))


@post("/incidents/{number:int}/times", opt=COMMAND, sync_to_thread=True)
def times(record: Record, who: Principal, number: int, data: Form) -> Redirect:
    form = fields(data, "impact_started", "detected_at", "reason")

    def act(tx: Tx) -> None:
        actions.correct_times(
            tx,
            number=number,
            impact_started=instant("impact_started", form["impact_started"]),
            detected_at=instant("detected_at", form["detected_at"]),
            reason=form["reason"] or "",
        )

    return _changed(record, who, number, act)


@post("/incidents/{number:int}/roles", opt=COMMAND, sync_to_thread=True)
def roles(record: Record, who: Principal, number: int, data: Form) -> Redirect:
    """Give a role to a person; without a person, release it."""
    form = fields(data, "role", "person")
    role = form["role"] or ""

    def act(tx: Tx) -> None:
        if form["person"] is None:
            actions.release_role(tx, number=number, role=role)
        else:
            actions.assign_role(tx, number=number, role=role, person=form["person"])

    return _changed(record, who, number, act)


@post("/incidents/{number:int}/tasks", opt=RESPOND, sync_to_thread=True)
def tasks(record: Record, who: Principal, number: int, data: Form) -> Redirect:
    form = fields(data, "title", "assignee", "due")

    def act(tx: Tx) -> str:
        due = instant("due", form["due"])
        return actions.add_task(tx, number=number, title=form["title"] or "", assignee=form["assignee"], due=due)

    return _changed(record, who, number, act)


@post("/incidents/{number:int}/tasks/{task:str}/completion", opt=RESPOND, sync_to_thread=True)
def completion(record: Record, who: Principal, number: int, task: str, data: Form) -> Redirect:
    evidence = fields(data, "evidence")["evidence"]
    return _changed(
        record, who, number, lambda tx: actions.complete_task(tx, number=number, task=task, evidence=evidence)
    )


@post("/incidents/{number:int}/tasks/{task:str}/skip", opt=RESPOND, sync_to_thread=True)
def skip(record: Record, who: Principal, number: int, task: str, data: Form) -> Redirect:
    reason = fields(data, "reason")["reason"] or ""
    return _changed(record, who, number, lambda tx: actions.skip_task(tx, number=number, task=task, reason=reason))


@post("/incidents/{number:int}/tasks/{task:str}/assignment", opt=RESPOND, sync_to_thread=True)
def assignment(record: Record, who: Principal, number: int, task: str, data: Form) -> Redirect:
    person = fields(data, "person")["person"] or ""
    return _changed(record, who, number, lambda tx: actions.assign_task(tx, number=number, task=task, person=person))


@post("/incidents/{number:int}/notes", opt=RESPOND, sync_to_thread=True)
def notes(record: Record, who: Principal, number: int, data: Form) -> Redirect:
    form = fields(data, "text", "at")
    return _changed(
        record,
        who,
        number,
        lambda tx: actions.note(tx, number=number, text=form["text"] or "", at=instant("at", form["at"])),
    )


@post("/incidents/{number:int}/mitigation", opt=COMMAND, sync_to_thread=True)
def mitigation(record: Record, who: Principal, number: int, data: Form) -> Redirect:
    form = fields(data, "how", "at")
    return _changed(
        record,
        who,
        number,
        lambda tx: actions.mitigate(tx, number=number, how=form["how"] or "", at=instant("at", form["at"])),
    )


@post("/incidents/{number:int}/resolution", opt=COMMAND, sync_to_thread=True)
def resolution(record: Record, who: Principal, number: int, data: Form) -> Redirect:
    form = fields(data, "reason", "at")
    return _changed(
        record,
        who,
        number,
        lambda tx: actions.resolve(tx, number=number, reason=form["reason"] or "", at=instant("at", form["at"])),
    )


@post("/incidents/{number:int}/closure", opt=COMMAND, sync_to_thread=True)
def closure(record: Record, who: Principal, number: int, data: Form) -> Redirect:
    fields(data)
    return _changed(record, who, number, lambda tx: actions.close(tx, number=number))


@post("/incidents/{number:int}/reopening", opt=COMMAND, sync_to_thread=True)
def reopening(record: Record, who: Principal, number: int, data: Form) -> Redirect:
    reason = fields(data, "reason")["reason"] or ""
    return _changed(record, who, number, lambda tx: actions.reopen(tx, number=number, reason=reason))


@post("/incidents/{number:int}/declination", opt=COMMAND, sync_to_thread=True)
def declination(record: Record, who: Principal, number: int, data: Form) -> Redirect:
    reason = fields(data, "reason")["reason"] or ""
    return _changed(record, who, number, lambda tx: actions.decline(tx, number=number, reason=reason))


@post("/incidents/{number:int}/cancellation", opt=COMMAND, sync_to_thread=True)
def cancellation(record: Record, who: Principal, number: int, data: Form) -> Redirect:
    reason = fields(data, "reason")["reason"] or ""
    return _changed(record, who, number, lambda tx: actions.cancel(tx, number=number, reason=reason))


@post("/incidents/{number:int}/merger", opt=COMMAND, sync_to_thread=True)
def merger(record: Record, who: Principal, number: int, data: Form) -> Redirect:
    into = (fields(data, "into")["into"] or "").upper().removeprefix("INC-")
    if not into.isdecimal() or len(into) > 9:
        raise Invalid("Merge into which incident?", ("into: give a number, as in 214 or INC-214",))
    record.perform(who, lambda tx: actions.merge(tx, number=number, into=int(into)))
    return Redirect(f"/incidents/{int(into)}", status_code=303)


def _known(who: Principal, row: views.IncidentRow) -> dict[str, Any]:
    """What every panel's template knows: the incident, and what the reader may do to it."""
    return {
        "row": row,
        "number": row.number,
        "may_respond": may(who, Permission.RESPOND),
        "may_command": may(who, Permission.COMMAND),
    }


def roles_panel(conn: Connection, who: Principal, number: int) -> dict[str, Any]:
    row = views.incident(conn, number)
    people = views.choices(conn, number).people
    return {**_known(who, row), "roles": views.roles(conn, number), "people": people, "me": who.person}


def plan_panel(conn: Connection, who: Principal, number: int) -> dict[str, Any]:
    row = views.incident(conn, number)
    everything = views.tasks(conn, number)
    return {
        **_known(who, row),
        "tasks": [task for task in everything if task.state == "open"],
        "settled": [task for task in everything if task.state != "open"],
        "people": views.choices(conn, number).people,
        "me": who.person,
    }


def timeline_panel(conn: Connection, who: Principal, number: int) -> dict[str, Any]:
    row = views.incident(conn, number)
    entries = views.timeline(conn, number)
    key = [entry for entry in entries if entry.key]
    return {**_known(who, row), "entries": key[:STORY], "left_out": len(entries) - min(len(key), STORY)}


def facts_panel(conn: Connection, who: Principal, number: int) -> dict[str, Any]:
    row = views.incident(conn, number)
    return {**_known(who, row), "choices": views.choices(conn, number)}


PANELS = (
    Panel("roles", "left", "Roles", "command/roles.html", roles_panel, order=10),
    Panel("plan", "left", "Plan", "command/plan.html", plan_panel, order=20),
    Panel("timeline", "centre", "Timeline", "command/timeline.html", timeline_panel, order=10),
    Panel("facts", "right", "Facts", "command/facts.html", facts_panel, order=10),
)

ROUTES = [
    list_page,
    declare_page,
    declare_form,
    timeline_page,
    activation,
    severity,
    classification,
    impact,
    times,
    roles,
    tasks,
    completion,
    skip,
    assignment,
    notes,
    mitigation,
    resolution,
    closure,
    reopening,
    declination,
    cancellation,
    merger,
]
