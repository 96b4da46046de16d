"""On the incident's page: when each audience is told next, what was said last, and what was elevated."""

from typing import Annotated, Any

from litestar import post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath
from litestar.response import Redirect
from sqlalchemy import Connection

from quarterdeck.command.views import incident as incident_row
from quarterdeck.command.views import roles
from quarterdeck.comms import actions, views
from quarterdeck.comms.rules import ASKED
from quarterdeck.governance.rules import Permission, may
from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.panel import Panel
from quarterdeck.kernel.principal import Principal
from quarterdeck.record import Record

READ: dict[str, Any] = {"may": Permission.READ}
RESPOND: dict[str, Any] = {"may": Permission.RESPOND}
Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]


def updates_panel(conn: Connection, who: Principal, number: int) -> dict[str, Any] | None:
    stands = views.communication(conn, number)
    if stands is None or not stands.audiences:
        return None
    latest = next(iter(views.updates(conn, number, limit=1)), None)
    row = incident_row(conn, number)
    held = {one.role: one.person for one in roles(conn, number)}
    agrees = {text.audience for text in latest.texts if text.approver} if latest else set()
    mine = {
        text.audience
        for text in (latest.texts if latest else ())
        if text.audience in agrees and who.person in {row.commander, held.get(text.approver or "")}
    }
    return {
        "number": number,
        "stands": stands,
        "latest": latest,
        "asked": ASKED,
        "may_agree": mine if who.person else set(),
        "may_respond": may(who, Permission.RESPOND),
    }


def elevation_panel(conn: Connection, who: Principal, number: int) -> dict[str, Any] | None:
    stands = views.communication(conn, number)
    if stands is None or (stands.status == "over" and not views.elevations(conn, number)):
        return None
    raised = views.elevations(conn, number)
    return {
        "number": number,
        "stands": stands,
        "raised": raised,
        "told": {one.elevation for one in raised if any(told.person == who.person for told in one.told)},
        "may_respond": may(who, Permission.RESPOND),
        "may_command": may(who, Permission.COMMAND),
    }


def _back(number: int) -> Redirect:
    return Redirect(f"/incidents/{number}", status_code=303)


@post("/incidents/{number:int}/updates/unchanged", opt=RESPOND, sync_to_thread=True)
def no_change(record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int]) -> Redirect:
    """Nothing new: the latest update again, with a new time."""
    record.perform(who, lambda tx: actions.send_unchanged(tx, number=number))
    return _back(number)


@post(
    "/incidents/{number:int}/updates/{update:int}/approvals/{audience:str}",
    opt=RESPOND,
    sync_to_thread=True,
)
def agree(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    number: FromPath[int],
    update: FromPath[int],
    audience: FromPath[str],
) -> Redirect:
    """The text may go out."""
    record.perform(who, lambda tx: actions.approve_update(tx, number=number, update=update, audience=audience))
    return _back(number)


@post("/incidents/{number:int}/elevations", opt=RESPOND, sync_to_thread=True)
def elevate(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: Form
) -> Redirect:
    """Bring it before a post of the plan, and then another."""
    form = _only(data, "text", "decision", "to", "then")
    posts = [post for post in (form["to"], form["then"]) if post]
    record.perform(
        who,
        lambda tx: actions.elevate(tx, number=number, text=form["text"], decision=form["decision"] or None, to=posts),
    )
    return _back(number)


@post("/incidents/{number:int}/elevations/{elevation:str}/acknowledgement", opt=READ, sync_to_thread=True)
def take_note(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    number: FromPath[int],
    elevation: FromPath[str],
) -> Redirect:
    """I have read it."""
    record.perform(who, lambda tx: actions.acknowledge_elevation(tx, number=number, elevation=elevation))
    return Redirect(f"/incidents/{number}/brief", status_code=303)


@post("/incidents/{number:int}/elevations/{elevation:str}/decision", opt=READ, sync_to_thread=True)
def decide(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    number: FromPath[int],
    elevation: FromPath[str],
    data: Form,
) -> Redirect:
    """What was decided."""
    decision = _only(data, "decision")["decision"]
    record.perform(who, lambda tx: actions.take_decision(tx, number=number, elevation=elevation, decision=decision))
    return Redirect(f"/incidents/{number}/brief", status_code=303)


def _only(form: dict[str, str], *allowed: str) -> dict[str, str]:
    if unknown := sorted(set(form) - set(allowed)):
        raise Invalid("The form has no such field.", tuple(f"{name[:60]}: unknown" for name in unknown[:20]))
    return {name: form.get(name, "").strip() for name in allowed}


ROUTES = [no_change, agree, elevate, take_note, decide]
PANELS = (
    Panel("updates", "right", "Updates", "comms/updates.html", updates_panel, order=5),
    Panel("elevation", "right", "Senior management", "comms/elevation.html", elevation_panel, order=15),
)
