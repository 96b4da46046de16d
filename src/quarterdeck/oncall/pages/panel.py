"""The escalation on the incident's page: who was paged, what became of it, who comes next, acknowledge, escalate."""

from typing import Any

from litestar import post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy import Connection

from quarterdeck.command.views import incident as incident_row
from quarterdeck.governance.rules import Permission, may
from quarterdeck.governance.views import person_names
from quarterdeck.kernel.panel import Panel
from quarterdeck.kernel.principal import Principal
from quarterdeck.notify.views import DeliveryRow, deliveries
from quarterdeck.oncall import actions, views
from quarterdeck.oncall.rules.preview import WHY
from quarterdeck.record import Record

_SHOWN = 8
_WORDS = {
    "pending": "being sent",
    "held": "held back: enough messages already",
    "sent": "sent",
    "combined": "told together with another",
    "withdrawn": "withdrawn",
    "abandoned": "could not be delivered",
}


def escalation_panel(conn: Connection, who: Principal, number: int) -> dict[str, Any]:
    """What the panel's template needs. Shown for every incident: that nobody is paged is worth saying too."""
    incident = incident_row(conn, number)
    found = views.escalation(conn, number)
    names = person_names(conn)
    sent = {row.id: row for row in deliveries(conn, f"incident/{number}")} if found else {}
    upcoming: list[str] = []
    if found and found.status in ("climbing", "waiting") and found.until:
        stands = views.stands(conn, found.next_targets, found.posts, found.until)
        upcoming = list(dict.fromkeys(name for stand in stands for _, name in stand.people))
    return {
        "number": number,
        "incident": incident,
        "found": found,
        "steps": list(reversed(found.steps))[:_SHOWN] if found else [],
        "older": max(0, len(found.steps) - _SHOWN) if found else 0,
        "outcome": {id: _outcome(row) for id, row in sent.items()},
        "names": names,
        "me": who.person,
        "upcoming": upcoming,
        "why": WHY,
        "may_respond": may(who, Permission.RESPOND),
    }


def _outcome(row: DeliveryRow) -> str:
    said = _WORDS.get(row.state, row.state)
    by = f" by {row.channel}" if row.channel and row.state in ("sent", "combined") else ""
    failed = sum(1 for attempt in row.attempts if not attempt.succeeded)
    tries = f", {failed} failed tr{'y' if failed == 1 else 'ies'}" if failed else ""
    return said + by + tries


@post("/incidents/{number:int}/acknowledgement", opt={"may": Permission.RESPOND}, sync_to_thread=True)
def post_acknowledgement(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int]
) -> Redirect:
    """I have it; the pages stop."""
    record.perform(who, lambda tx: actions.acknowledge(tx, number=number, how="console"))
    return Redirect(f"/incidents/{number}", status_code=303)


@post("/incidents/{number:int}/escalation", opt={"may": Permission.RESPOND}, sync_to_thread=True)
def post_escalation(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int]
) -> Redirect:
    """Page the next level now."""
    record.perform(who, lambda tx: actions.escalate_now(tx, number=number))
    return Redirect(f"/incidents/{number}", status_code=303)


ROUTES = [post_acknowledgement, post_escalation]
PANELS = (Panel("escalation", "right", "Escalation", "oncall/escalation.html", escalation_panel, order=10),)
