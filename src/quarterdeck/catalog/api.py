"""The catalogue for programs."""

from typing import Annotated, Any

import msgspec
from litestar import get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, Parameter

from quarterdeck.catalog import actions, views
from quarterdeck.catalog.events import HourlyLoss
from quarterdeck.governance.rules import Permission
from quarterdeck.kernel.errors import Invalid, NotFound
from quarterdeck.kernel.principal import Principal
from quarterdeck.record import Record

_READ, _CATALOG = {"may": Permission.READ}, {"may": Permission.CATALOG}


class Loss(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an hour of interruption costs; `source`: who says so."""

    amount: float
    currency: str
    source: str


class ServiceEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`tier` 1 (most critical) to 4; `team` and `depends_on` hold ids; `tolerance`: minutes that its owner bears."""

    name: str
    team: str
    tier: int
    depends_on: list[str] = []
    escalation_path: str | None = None
    tolerance: int | None = None
    loss: Loss | None = None


class NewService(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An entry and the id that it will be known by."""

    id: str
    name: str
    team: str
    tier: int
    depends_on: list[str] = []
    escalation_path: str | None = None
    tolerance: int | None = None
    loss: Loss | None = None


def _loss(given: Loss | None) -> HourlyLoss | None:
    return HourlyLoss(amount=given.amount, currency=given.currency, source=given.source) if given else None


def _found(record: Record, id: str) -> views.ServiceRow:
    with record.read() as conn:
        found = views.service(conn, id)
    if found is None:
        raise NotFound(f"service {id[:63]!r}")
    return found


@get("/api/services", opt=_READ, sync_to_thread=True)
def list_services(
    record: NamedDependency[Record],
    retired: FromQuery[bool] = False,
    limit: Annotated[int, Parameter(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Parameter(max_length=63)] = None,
) -> dict[str, Any]:
    """Services in use, most critical first; with `retired`, the others after them."""
    with record.read() as conn:
        rows = views.services(conn, retired=retired)
    start = 0
    if cursor is not None:
        start = next((place + 1 for place, row in enumerate(rows) if row.id == cursor), -1)
        if start < 0:
            raise Invalid("This cursor was not given out by this list.", ("cursor: begin again without one",))
    items = rows[start : start + limit]
    return {"items": items, "next": items[-1].id if len(rows) > start + limit else None}


@get("/api/services/{id:str}", opt=_READ, sync_to_thread=True)
def one_service(record: NamedDependency[Record], id: FromPath[str]) -> views.ServiceRow:
    """One service, retired ones too."""
    return _found(record, id)


@post("/api/services", opt=_CATALOG, sync_to_thread=True)
def add_service(
    record: NamedDependency[Record], who: NamedDependency[Principal], data: JSONBody[NewService]
) -> views.ServiceRow:
    """400 names unknown teams and dependencies, and the circle if there would be one; 409 `ServiceExists`."""
    record.perform(
        who,
        lambda tx: actions.add_service(
            tx,
            id=data.id,
            name=data.name,
            team=data.team,
            tier=data.tier,
            depends_on=data.depends_on,
            escalation_path=data.escalation_path,
            tolerance=data.tolerance,
            loss=_loss(data.loss),
        ),
    )
    return _found(record, data.id)


@put("/api/services/{id:str}", opt=_CATALOG, sync_to_thread=True)
def revise_service(
    record: NamedDependency[Record], who: NamedDependency[Principal], id: FromPath[str], data: JSONBody[ServiceEntry]
) -> views.ServiceRow:
    """Put a whole new entry in the place of the old one."""
    record.perform(
        who,
        lambda tx: actions.revise_service(
            tx,
            id=id,
            name=data.name,
            team=data.team,
            tier=data.tier,
            depends_on=data.depends_on,
            escalation_path=data.escalation_path,
            tolerance=data.tolerance,
            loss=_loss(data.loss),
        ),
    )
    return _found(record, id)


@post("/api/services/{id:str}/retirement", opt=_CATALOG, status_code=204, sync_to_thread=True)
def retire_service(record: NamedDependency[Record], who: NamedDependency[Principal], id: FromPath[str]) -> None:
    """The service is no longer in use; what is recorded of it stays."""
    record.perform(who, lambda tx: actions.retire_service(tx, id=id))


ROUTES = [list_services, one_service, add_service, revise_service, retire_service]
