"""Losses and priorities for programs: the loss to expect of a year, what the next days should buy, whether it fell."""

from typing import Annotated, Any

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromQuery, Parameter, QueryParameter

from quarterdeck.direction.rules.exposure import exceedance
from quarterdeck.direction.views import exposing
from quarterdeck.governance.rules import Permission
from quarterdeck.record import Record

_READ: dict[str, Any] = {"may": Permission.READ}
Days = Annotated[int, Parameter(ge=1, le=36_600)]
Budget = Annotated[float, Parameter(gt=0, le=100_000)]
Seed = Annotated[int, Parameter(ge=0, le=2**31)]
Unit = Annotated[str, Parameter(max_length=40)]
Name = Annotated[str, Parameter(max_length=200)]
Type = Annotated[str, QueryParameter(name="type", max_length=200)]


@get("/api/exposure", opt=_READ, sync_to_thread=True)
def show_exposure(
    record: NamedDependency[Record],
    by: FromQuery[exposing.Kind] = "service",
    unit: Unit = "",
    days: Days = exposing.DAYS,
    service: Name = "",
    type_: Type = "",
    seed: Seed = exposing.SEED,
) -> dict[str, Any]:
    """The expected loss a year by service, type or cause, with intervals; `curve`: how likely a year is to lose more.

    `unit`: a currency of the catalogue, `customer-minutes`, `person-hours` or `hours`; empty: the most telling one.
    """
    now = record.clock.now()
    with record.read() as conn:
        found = exposing.exposure(conn, now, by, unit or None, days, {"service": service, "type": type_}, seed)
    curve = [{"loss": round(loss, 4), "share": round(share, 4)} for loss, share in exceedance(found.whole.by_year)]
    return {**exposing.document(found), "seed": seed, "curve": curve}


@get("/api/portfolio", opt=_READ, sync_to_thread=True)
def show_portfolio(
    record: NamedDependency[Record],
    days: Budget = exposing.BUDGET,
    unit: Unit = "",
    seed: Seed = exposing.SEED,
) -> dict[str, Any]:
    """What the next `days` person-days should buy: the best set with its proof, the ranking, and what has no rank."""
    with record.read() as conn:
        found = exposing.advice(conn, record.clock.now(), days, unit or None, seed)
    return {**exposing.advice_document(found), "seed": seed}


@get("/api/portfolio/afterwards", opt=_READ, sync_to_thread=True)
def list_afterwards(record: NamedDependency[Record], unit: Unit = "", seed: Seed = exposing.SEED) -> dict[str, Any]:
    """Did the loss fall, since each improvement was verified and each revision of the plan was published?"""
    with record.read() as conn:
        book, rows = exposing.afterwards(conn, record.clock.now(), unit or None, seed)
    return {"unit": book.unit, "items": [exposing.after_document(one) for one in rows], "next": None}


ROUTES = [show_exposure, show_portfolio, list_afterwards]
