"""The list of incidents, declaring one, and the whole story of one."""

from typing import Annotated, Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, Parameter, QueryParameter
from litestar.response import Redirect, Template
from sqlalchemy import Connection

from quarterdeck.command import actions, views
from quarterdeck.command.pages.forms import DECLARE, READ, Form, fields, instant
from quarterdeck.command.views import Filters
from quarterdeck.kernel.principal import Principal
from quarterdeck.record import Record, Tx


@get("/incidents", opt=READ, sync_to_thread=True)
def list_page(
    record: NamedDependency[Record],
    status: Annotated[list[str] | None, QueryParameter(name="state")] = None,
    severity: Annotated[list[str] | None, Parameter()] = None,
    service: FromQuery[str] = "",
    type_: Annotated[str, QueryParameter(name="type")] = "",
    q: FromQuery[str] = "",
    origin: Annotated[str, QueryParameter(name="from", description="ours, imported, or a system's name.")] = "",
    cursor: Annotated[int | None, Parameter(ge=1, le=2**31)] = None,
) -> Template:
    """Our incidents that are not over, unless the address asks for others."""
    states = tuple(one for one in status or () if one) or ("live",)
    levels = tuple(one for one in severity or () if one)
    running = states in (("live",), ("open",))
    origin = origin or ("ours" if running else "any")
    imported = {"any": None, "ours": False}.get(origin, True)
    source = origin if origin not in ("any", "ours", "imported") else ""
    wanted = () if "all" in states else states
    filters = Filters(wanted, levels, service, type_, q, imported=imported, source=source)
    with record.read() as conn:
        page = views.incidents(conn, filters, cursor, views.MOST)
        chosen = views.choices(conn)
        systems = views.systems(conn)
    asked: list[tuple[str, str]] = [("state", one) for one in states] + [("severity", one) for one in levels]
    asked += [(name, value) for name, value in (("service", service), ("type", type_), ("q", q)) if value]
    asked += [("from", origin)] if origin != ("ours" if running else "any") else []
    rows = page.items
    if running:
        rows = sorted(rows, key=lambda row: (not row.open, row.severity, row.declared_at))
    context = {
        "rows": rows,
        "filters": filters,
        "states": states,
        "choices": chosen,
        "here": "/incidents?" + urlencode(asked + ([("cursor", str(cursor))] if cursor else [])),
        "older": "/incidents?" + urlencode([*asked, ("cursor", str(page.next))]) if page.next else None,
        "origin": origin,
        "origins": [("any", "anywhere"), ("ours", "here"), ("imported", "elsewhere")] + [(one, one) for one in systems]
        if systems
        else [],
        "narrowed": bool(levels or service or type_ or q) or states != ("live",) or origin != "ours",
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


def _alike(conn: Connection, given: dict[str, str | None]) -> list[views.IncidentRow]:
    drill = given["drill"] is not None
    return views.similar(conn, given["title"], given["service"], drill=drill) if given["title"] else []


def _declare_page(record: Record, who: Principal, given: dict[str, str | None], *, asked: bool) -> Template:
    with record.read() as conn:
        context = {
            "given": given,
            "choices": views.choices(conn),
            "commander": views.expected_commander(conn, who, given.get("type")),
            "similar": _alike(conn, given),
            "running": views.open_incidents(conn)[:5],
            "asked": asked,
        }
    return Template(template_name="command/declare.html", context=context)


@get("/incidents/new", opt=DECLARE, sync_to_thread=True)
def declare_page(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    title: FromQuery[str] = "",
    service: FromQuery[str] = "",
) -> Template:
    """Declare in ten seconds: a title is enough."""
    given = dict.fromkeys(_DECLARATION) | {"title": title or None, "service": service or None}
    return _declare_page(record, who, given, asked=False)


@post("/incidents/new", opt=DECLARE, sync_to_thread=True, status_code=200)
def declare_form(
    record: NamedDependency[Record], who: NamedDependency[Principal], data: JSONBody[Form]
) -> Response[Any]:
    """Declare; if open incidents look alike, ask once whether to join one of them instead."""
    form = fields(data, *_DECLARATION, "anyway")
    given = {name: form[name] for name in _DECLARATION}
    if form["anyway"] is None and given["title"]:
        with record.read() as conn:
            alike = _alike(conn, given)
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
def timeline_page(record: NamedDependency[Record], number: FromPath[int]) -> Template:
    """Everything that was recorded around an incident."""
    with record.read() as conn:
        row = views.incident(conn, number)
        entries = views.timeline(conn, number, limit=5000)
    return Template(template_name="command/timeline_page.html", context={"row": row, "entries": entries})


ROUTES = [list_page, declare_page, declare_form, timeline_page]
