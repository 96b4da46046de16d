"""Contact methods, deliveries and the pager's health for programs."""

from typing import Annotated, Any

import msgspec
from litestar import delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, Parameter

from quarterdeck.governance.rules import Permission
from quarterdeck.kernel.errors import Invalid, NotFound, Refused
from quarterdeck.kernel.principal import Principal
from quarterdeck.notify import actions, views
from quarterdeck.record import Record

_READ = {"may": Permission.READ}
Limit = Annotated[int, Parameter(ge=1, le=200)]
About = Annotated[str, Parameter(pattern=r"^incident/[0-9]{1,12}$")]
WRONG_CODE = Invalid("This is not the code.", ("code: compare it with the last message; five tries a code",))


class NewMethod(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`kind`: email, webhook, ntfy, slack or demo."""

    kind: str
    address: str


class Order(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Ids of all methods, the one to try first first."""

    methods: list[str]


class Code(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    code: str


def own(who: Principal) -> str:
    """The person who asks; a key has no contact methods."""
    if who.person is None:
        raise Refused("NotAPerson", "A key has no contact methods. Sign in as a person.")
    return who.person


@get("/api/me/methods", opt={**_READ, "refuses": ("409",)}, sync_to_thread=True)
def list_methods(record: NamedDependency[Record], who: NamedDependency[Principal]) -> dict[str, Any]:
    """How you can be reached, in the order in which it is tried. Addresses are shown in part."""
    with record.read() as conn:
        return {"items": views.methods(conn, own(who)), "next": None}


@post("/api/me/methods", opt=_READ, sync_to_thread=True)
def add_method(
    record: NamedDependency[Record], who: NamedDependency[Principal], data: JSONBody[NewMethod]
) -> dict[str, Any]:
    """Add a method and have a code sent through it; until that comes back it gets no pages.

    `secret` (webhooks) signs the requests that you will get; it is shown this once.
    """

    def act(tx: Any) -> str:
        method = actions.add_method(tx, person=own(who), kind=data.kind, address=data.address)
        actions.send_verification(tx, method=method)
        return method

    method = record.perform(who, act)
    with record.read() as conn:
        return {"id": method, "verified": False, "secret": views.webhook_secret(conn, method)}


@delete("/api/me/methods/{method_id:str}", opt=_READ, sync_to_thread=True)
def remove_method(record: NamedDependency[Record], who: NamedDependency[Principal], method_id: FromPath[str]) -> None:
    """Forget a method. Deliveries under way go by the next one."""
    _mine(record, who, method_id)
    record.perform(who, lambda tx: actions.remove_method(tx, method=method_id))


@put("/api/me/methods/order", opt=_READ, sync_to_thread=True)
def order_methods(
    record: NamedDependency[Record], who: NamedDependency[Principal], data: JSONBody[Order]
) -> dict[str, Any]:
    """Say which method is tried first."""
    record.perform(who, lambda tx: actions.order_methods(tx, person=own(who), methods=data.methods))
    with record.read() as conn:
        return {"items": views.methods(conn, own(who)), "next": None}


@post("/api/me/methods/{method_id:str}/code", opt=_READ, status_code=202, sync_to_thread=True)
def send_code(
    record: NamedDependency[Record], who: NamedDependency[Principal], method_id: FromPath[str]
) -> dict[str, Any]:
    """Have a new code sent; at most three in a quarter of an hour."""
    _mine(record, who, method_id)
    return {"delivery": record.perform(who, lambda tx: actions.send_verification(tx, method=method_id))}


@post("/api/me/methods/{method_id:str}/verification", opt=_READ, status_code=200, sync_to_thread=True)
def verify_method(
    record: NamedDependency[Record], who: NamedDependency[Principal], method_id: FromPath[str], data: JSONBody[Code]
) -> dict[str, Any]:
    """Give back the code that came; five tries."""
    _mine(record, who, method_id)
    if not record.perform(who, lambda tx: actions.verify_method(tx, method=method_id, code=data.code)):
        raise WRONG_CODE
    return {"id": method_id, "verified": True}


@post("/api/me/pages", opt=_READ, status_code=202, sync_to_thread=True)
def page_me(record: NamedDependency[Record], who: NamedDependency[Principal]) -> dict[str, Any]:
    """Page me now, about nothing: to hear that it rings."""
    return {"delivery": record.perform(who, lambda tx: actions.ring(tx, person=own(who)))}


@get("/api/deliveries", opt=_READ, sync_to_thread=True)
def list_deliveries(
    record: NamedDependency[Record], about: About, limit: Limit = 50, cursor: FromQuery[str | None] = None
) -> dict[str, Any]:
    """What was sent about an incident (`?about=incident/214`), the latest first, with every attempt."""
    with record.read() as conn:
        rows = views.deliveries(conn, about, limit + 1, before=cursor)
    return {"items": rows[:limit], "next": rows[limit - 1].id if len(rows) > limit else None}


@get("/api/pager", opt=_READ, sync_to_thread=True)
def pager_health(record: NamedDependency[Record]) -> views.Health:
    """Will it page? The last canary, each channel's last success and failure, what waits and what is held."""
    with record.read() as conn:
        return views.health(conn, record.clock.now(), record.clock.jump)


def _mine(record: Record, who: Principal, method: str) -> None:
    """One's own methods only at these addresses; somebody else's are not there."""
    with record.read() as conn:
        found = views.method(conn, method)
    if found is None or found.person != own(who):
        raise NotFound(f"contact method {method[:40]} of yours")


ROUTES = [
    list_methods,
    add_method,
    remove_method,
    order_methods,
    send_code,
    verify_method,
    page_me,
    list_deliveries,
    pager_health,
]
