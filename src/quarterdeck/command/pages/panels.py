"""What command hangs on the page of an incident: roles, the plan and whether it was followed, timeline, facts."""

from typing import Any

from sqlalchemy import Connection

from quarterdeck.command import views
from quarterdeck.command.rules import VERDICTS
from quarterdeck.governance.rules import Permission, may
from quarterdeck.kernel.panel import Panel
from quarterdeck.kernel.principal import Principal

STORY = 100
"""How much of the short story the incident page shows; the rest is a link away."""


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
        "settled": [task for task in everything if task.state in ("done", "skipped")],
        "fallen": [task for task in everything if task.state == "fallen"],
        "people": views.choices(conn, number).people,
        "me": who.person,
    }


def conformance_panel(conn: Connection, who: Principal, number: int) -> dict[str, Any] | None:
    row = views.incident(conn, number)
    found = views.conformance(conn, number)
    if not found.steps:
        return None
    return {**_known(who, row), "found": found, "verdicts": VERDICTS, "me": who.person}


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
    Panel("conformance", "left", "Was the plan followed?", "command/conformance.html", conformance_panel, order=30),
    Panel("timeline", "centre", "Timeline", "command/timeline.html", timeline_panel, order=10),
    Panel("facts", "right", "Facts", "command/facts.html", facts_panel, order=10),
)
