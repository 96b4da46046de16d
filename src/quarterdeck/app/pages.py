"""The console's own pages: now, the frame of an incident, search, help. The rooms bring all others."""

from collections.abc import Callable, Iterable
from typing import Annotated, Any

from jinja2 import Environment
from litestar import Request, get
from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath, Parameter
from litestar.response import Template
from sqlalchemy import Connection

from quarterdeck.app import frame, now
from quarterdeck.app.wiring import House
from quarterdeck.catalog.views import services
from quarterdeck.command import views as command
from quarterdeck.comms.views import communication
from quarterdeck.governance.rules import Permission
from quarterdeck.governance.views import people, person_names
from quarterdeck.kernel.errors import NotFound
from quarterdeck.kernel.panel import Panel
from quarterdeck.kernel.principal import Principal
from quarterdeck.learning import views as learning
from quarterdeck.oncall.views import escalation
from quarterdeck.record import Record

READ = {"may": Permission.READ}
PLACES = ("left", "centre", "right")
FOUND = 8
"""Rows of each kind that a search shows."""


def prepare(environment: Environment, serving: Callable[[], Record], served: Iterable[BaseRouteHandler]) -> None:
    """Give the templates what frame.py offers them; places whose page nobody serves are left out."""
    frame.prepare(environment, serving, frozenset(path for handler in served for path in handler.paths))


def routes(wired: House) -> list[Any]:
    """The console's own routes. The incident's frame shows the panels of `wired`."""
    return [home, help_page, search, incident_page(wired), incident_panel(wired)]


@get("/", opt=READ, sync_to_thread=True)
def home(record: NamedDependency[Record], who: NamedDependency[Principal]) -> Template:
    """Now: am I needed, are we safe?"""
    with record.read() as conn:
        found = now.now_for(conn, who, record.clock.now())
    return Template("app/now.html", context={"now_page": found, "me": who.person})


@get("/help", opt=READ, sync_to_thread=False)
def help_page() -> Template:
    """The keys, the words and where to find more."""
    return Template("app/help.html")


@get("/search", opt=READ, sync_to_thread=True)
def search(
    request: Request[Any, Any, Any],
    record: NamedDependency[Record],
    q: Annotated[str, Parameter(max_length=200)] = "",
) -> Template:
    """Whatever has these words, in every room; the palette asks for the fragment."""
    context: dict[str, Any] = {"term": q, "incidents": [], "texts": [], "services": [], "people": []}
    if q.strip():
        with record.read() as conn:
            context |= _found(conn, q.strip())
    fragment = "hx-request" in request.headers
    return Template("app/found.html" if fragment else "app/search.html", context=context)


def _found(conn: Connection, q: str) -> dict[str, Any]:
    low = q.casefold()
    texts = learning.search(conn, q, limit=FOUND * 2)
    numbers = [one.number for one in texts if one.kind == "incident"][:FOUND]
    rows = {row.number: row for row in command.incidents_numbered(conn, numbers)}
    return {
        "incidents": [(rows[one.number], one) for one in texts if one.kind == "incident" and one.number in rows],
        "texts": [one for one in texts if one.kind != "incident"][:FOUND],
        "services": [row for row in services(conn) if low in f"{row.id} {row.name}".casefold()][:FOUND],
        "people": [row for row in people(conn) if low in f"{row.login} {row.name}".casefold()][:FOUND],
    }


def incident_page(wired: House) -> Any:
    @get("/incidents/{number:int}", opt=READ, sync_to_thread=True)
    def page(record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int]) -> Template:
        """One incident: a bar that stays, and the panels of all rooms in three columns."""
        with record.read() as conn:
            context = _bar(conn, who, number)
            shown = [
                (panel, values) for panel in wired.panels if (values := panel.context(conn, who, number)) is not None
            ]
        columns = {place: [one for one in shown if one[0].place == place] for place in PLACES}
        return Template("app/incident.html", context={**context, "columns": columns})

    return page


def incident_panel(wired: House) -> Any:
    panels: dict[str, Panel] = {panel.name: panel for panel in wired.panels}

    @get("/incidents/{number:int}/panels/{name:str}", opt=READ, sync_to_thread=True)
    def panel_page(
        record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], name: FromPath[str]
    ) -> Template:
        """One panel by itself, or the bar: what a page asks for when a stream of the incident moved."""
        with record.read() as conn:
            if name == "bar":
                return Template("app/bar.html", context=_bar(conn, who, number))
            panel = panels.get(name)
            if panel is None:
                raise NotFound(f"panel {name}")
            command.headline(conn, number)
            values = panel.context(conn, who, number)
        return Template("app/panel.html", context={"panel": panel, "values": values, "number": number})

    return panel_page


def _bar(conn: Connection, who: Principal, number: int) -> dict[str, Any]:
    incident = command.headline(conn, number)
    names = person_names(conn)
    tasks = [task for task in command.tasks(conn, number) if task.state == "open" and task.due]
    page = escalation(conn, number)
    told = communication(conn, number)
    return {
        "incident": incident,
        "number": number,
        "me": who.person,
        "next_task": min(tasks, key=lambda task: task.due or incident.declared_at, default=None),
        "escalation": page,
        "communication": told if told and told.audiences and told.status != "over" else None,
        "paging": now.summary(page, names) if incident.open else None,
        "service_names": {row.id: row.name for row in services(conn)},
    }
