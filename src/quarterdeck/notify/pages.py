"""Contact methods and the pager's health for people, and the deliveries panel of an incident."""

from typing import Annotated, Any

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery
from litestar.response import Redirect, Template
from sqlalchemy import Connection

from quarterdeck.governance.rules import Permission
from quarterdeck.governance.views import person_names
from quarterdeck.kernel.errors import Invalid, NotFound
from quarterdeck.kernel.panel import Panel
from quarterdeck.kernel.principal import Principal
from quarterdeck.notify import actions, views
from quarterdeck.notify.rules.contact import KINDS
from quarterdeck.record import Record

_READ = {"may": Permission.READ}
_HERE = "/me/methods"
_KIND_NAMES = {
    "email": "Email",
    "ntfy": "ntfy push",
    "slack": "Slack webhook",
    "webhook": "Signed webhook",
    "demo": "Demo phone",
}


class MethodForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kind: str
    address: str


class CodeForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    code: str


def _own(who: Principal) -> str:
    if who.person is None:
        raise NotFound("contact method of a key; sign in as a person")
    return who.person


@get(_HERE, opt=_READ, sync_to_thread=True)
def methods_page(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    sent: FromQuery[str | None] = None,
    rung: FromQuery[str | None] = None,
) -> Template:
    """How I can be reached: add, verify, order, and hear it ring. A webhook shows its secret until it is verified."""
    with record.read() as conn:
        methods = views.methods(conn, _own(who))
        secrets = {row.id: views.webhook_secret(conn, row.id) for row in methods if not row.verified}
    context = {
        "methods": methods,
        "secrets": secrets,
        "kinds": [(kind, _KIND_NAMES[kind]) for kind in KINDS],
        "names": _KIND_NAMES,
        "sent": sent,
        "rung": rung is not None,
    }
    return Template("notify/methods.html", context=context)


@post(_HERE, opt=_READ, sync_to_thread=True)
def add_method(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    data: Annotated[MethodForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Redirect:
    """Add it and have a code sent at once."""

    def act(tx: Any) -> str:
        method = actions.add_method(tx, person=_own(who), kind=data.kind, address=data.address)
        actions.send_verification(tx, method=method)
        return method

    return _back(f"?sent={record.perform(who, act)}")


@post(_HERE + "/{method_id:str}/code", opt=_READ, sync_to_thread=True)
def send_code(record: NamedDependency[Record], who: NamedDependency[Principal], method_id: FromPath[str]) -> Redirect:
    _mine(record, who, method_id)
    record.perform(who, lambda tx: actions.send_verification(tx, method=method_id))
    return _back(f"?sent={method_id}")


@post(_HERE + "/{method_id:str}/verification", opt=_READ, sync_to_thread=True)
def verify_method(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    method_id: FromPath[str],
    data: Annotated[CodeForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Redirect:
    _mine(record, who, method_id)
    if not record.perform(who, lambda tx: actions.verify_method(tx, method=method_id, code=data.code)):
        raise Invalid("This is not the code.", ("code: compare it with the last message; five tries a code",))
    return _back()


@post(_HERE + "/{method_id:str}/first", opt=_READ, sync_to_thread=True)
def move_first(record: NamedDependency[Record], who: NamedDependency[Principal], method_id: FromPath[str]) -> Redirect:
    """Try this one before all others."""
    _mine(record, who, method_id)
    with record.read() as conn:
        others = [row.id for row in views.methods(conn, _own(who)) if row.id != method_id]
    record.perform(who, lambda tx: actions.order_methods(tx, person=_own(who), methods=[method_id, *others]))
    return _back()


@post(_HERE + "/{method_id:str}/removal", opt=_READ, sync_to_thread=True)
def remove_method(
    record: NamedDependency[Record], who: NamedDependency[Principal], method_id: FromPath[str]
) -> Redirect:
    _mine(record, who, method_id)
    record.perform(who, lambda tx: actions.remove_method(tx, method=method_id))
    return _back()


@post("/me/pages", opt=_READ, sync_to_thread=True)
def page_me(record: NamedDependency[Record], who: NamedDependency[Principal]) -> Redirect:
    """Page me now."""
    record.perform(who, lambda tx: actions.ring(tx, person=_own(who)))
    return _back("?rung=yes")


@get("/pager", opt=_READ, sync_to_thread=True)
def pager_page(record: NamedDependency[Record]) -> Template:
    """Will it page?"""
    now = record.clock.now()
    with record.read() as conn:
        context = {
            "health": views.health(conn, now, record.clock.jump),
            "held": views.held(conn, 50),
            "recent": views.recent(conn, 30),
            "names": person_names(conn),
            "now_at": now,
        }
    return Template("notify/pager.html", context=context)


def _mine(record: Record, who: Principal, method: str) -> None:
    with record.read() as conn:
        found = views.method(conn, method)
    if found is None or found.person != _own(who):
        raise NotFound("contact method of yours at this address")


def _back(query: str = "") -> Redirect:
    return Redirect(_HERE + query, status_code=303)


def _sent(conn: Connection, who: Principal, number: int) -> dict[str, Any] | None:
    rows = views.deliveries(conn, f"incident/{number}", 50)
    return {"deliveries": rows, "names": person_names(conn)} if rows else None


ROUTES = [
    methods_page,
    add_method,
    send_code,
    verify_method,
    move_first,
    remove_method,
    page_me,
    pager_page,
]
PANELS = (Panel("messages", "right", "Messages", "notify/messages.html", _sent, order=40),)
