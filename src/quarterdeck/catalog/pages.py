"""The catalogue for people: what there is, who owns it, what it stands on and what stands on it."""

from typing import Annotated, Any

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery
from litestar.response import Redirect, Template

from quarterdeck.catalog import actions, views
from quarterdeck.catalog.events import HourlyLoss
from quarterdeck.catalog.rules import TIERS
from quarterdeck.governance.rules import Permission
from quarterdeck.governance.views import team_names
from quarterdeck.kernel.errors import Invalid, NotFound
from quarterdeck.kernel.panel import Hung
from quarterdeck.kernel.principal import Principal
from quarterdeck.record import Record

_READ, _CATALOG = {"may": Permission.READ}, {"may": Permission.CATALOG}
_FORM = Body(media_type=RequestEncodingType.URL_ENCODED)
_MEANING = {1: "the business stops", 2: "customers notice", 3: "work is hindered", 4: "can wait"}


class ServiceForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`depends_on`: ids, separated by commas or spaces."""

    name: str
    team: str
    tier: str
    depends_on: str = ""
    escalation_path: str = ""
    tolerance: str = ""
    loss: str = ""
    currency: str = ""
    loss_source: str = ""
    id: str = ""


def _typed(data: ServiceForm) -> dict[str, Any]:
    if not (data.tier.isascii() and data.tier.isdigit() and len(data.tier) == 1):
        raise Invalid("The service is not right.", ("tier: use 1 (most critical), 2, 3 or 4",))
    tolerance = data.tolerance.strip()
    if tolerance and not (tolerance.isascii() and tolerance.isdigit() and len(tolerance) < 8):
        raise Invalid("The service is not right.", ("tolerance: whole minutes, or nothing",))
    return {
        "name": data.name,
        "team": data.team,
        "tier": int(data.tier),
        "depends_on": data.depends_on.replace(",", " ").split(),
        "escalation_path": data.escalation_path.strip() or None,
        "tolerance": int(tolerance) if tolerance else None,
        "loss": _loss(data),
    }


def _loss(data: ServiceForm) -> HourlyLoss | None:
    given = data.loss.strip().replace(",", "")
    if not given:
        return None
    try:
        amount = float(given)
    except ValueError:
        raise Invalid("The service is not right.", ("loss: a number, as 1200, or nothing",)) from None
    return HourlyLoss(amount=amount, currency=data.currency.strip().upper(), source=data.loss_source.strip())


@get("/services", opt=_READ, sync_to_thread=True)
def services_page(record: NamedDependency[Record], retired: FromQuery[bool] = False) -> Template:
    with record.read() as conn:
        rows, teams = views.services(conn, retired=retired), team_names(conn)
        names = views.service_names(conn)
    context = {
        "services": rows,
        "teams": teams,
        "names": names,
        "retired": retired,
        "hidden": len(names) - len(rows),
        "tiers": [(tier, f"{tier}: {_MEANING[tier]}") for tier in TIERS],
    }
    return Template("catalog/services.html", context=context)


@post("/services", opt=_CATALOG, sync_to_thread=True)
def add_service(
    record: NamedDependency[Record], who: NamedDependency[Principal], data: Annotated[ServiceForm, _FORM]
) -> Redirect:
    record.perform(who, lambda tx: actions.add_service(tx, id=data.id, **_typed(data)))
    return Redirect(f"/services/{data.id}", status_code=303)


@get("/services/{id:str}", opt=_READ, sync_to_thread=True)
def service_page(
    record: NamedDependency[Record], who: NamedDependency[Principal], hung: NamedDependency[Hung], id: FromPath[str]
) -> Template:
    with record.read() as conn:
        one = views.service(conn, id)
        panels = hung.on("service", conn, who, id, record.clock.now()) if one else []
        teams, names = team_names(conn), views.service_names(conn)
        active = {row.id for row in views.services(conn)}
    if one is None:
        raise NotFound(f"service {id[:63]!r}")
    context = {
        "one": one,
        "teams": teams,
        "names": names,
        "active": active,
        "panels": panels,
        "tiers": [(tier, f"{tier}: {_MEANING[tier]}") for tier in TIERS],
        "meaning": _MEANING[one.tier],
    }
    return Template("catalog/service.html", context=context)


@post("/services/{id:str}/revision", opt=_CATALOG, sync_to_thread=True)
def revise_service(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    id: FromPath[str],
    data: Annotated[ServiceForm, _FORM],
) -> Redirect:
    record.perform(who, lambda tx: actions.revise_service(tx, id=id, **_typed(data)))
    return Redirect(f"/services/{id}", status_code=303)


@post("/services/{id:str}/retirement", opt=_CATALOG, sync_to_thread=True)
def retire_service(record: NamedDependency[Record], who: NamedDependency[Principal], id: FromPath[str]) -> Redirect:
    record.perform(who, lambda tx: actions.retire_service(tx, id=id))
    return Redirect(f"/services/{id}", status_code=303)


ROUTES = [services_page, add_service, service_page, revise_service, retire_service]
