"""Exposure and portfolio for people: what incidents cost in a year, and what the next days of work should buy."""

import csv
from io import StringIO
from typing import Annotated, Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery, Parameter, QueryParameter
from litestar.response import Template
from sqlalchemy import Connection

from quarterdeck.catalog.views import service_names
from quarterdeck.direction.rules.exposure import PLAIN, drawing, wording
from quarterdeck.direction.rules.measures import NONE
from quarterdeck.direction.views import exposing
from quarterdeck.governance.rules import Permission
from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.panel import SubjectPanel
from quarterdeck.kernel.principal import Principal
from quarterdeck.kernel.time import Instant
from quarterdeck.record import Record

_READ: dict[str, Any] = {"may": Permission.READ}
PERIODS = {90: "90 days", 365: "1 year", 1096: "3 years", 3653: "10 years"}
BY = {"service": "service", "type": "type", "cause": "factor", "severity": "severity", "team": "team"}
_DAYS = Annotated[int, Parameter(ge=1, le=36_600)]
Unit = Annotated[str, Parameter(max_length=40)]
Name = Annotated[str, Parameter(max_length=200)]
Type = Annotated[str, QueryParameter(name="type", max_length=200)]
Budget = Annotated[str, Parameter(max_length=40)]
"""As typed: what is no number is said beside the field."""


@get("/exposure", opt=_READ, sync_to_thread=True)
def exposure_page(
    record: NamedDependency[Record],
    by: FromQuery[exposing.Kind] = "service",
    unit: Unit = "",
    days: _DAYS = exposing.DAYS,
    service: Name = "",
    type_: Type = "",
) -> Template:
    """Where the loss comes from, how bad a year may be, and what both rest on."""
    now = record.clock.now()
    filters = {"service": service, "type": type_}
    with record.read() as conn:
        found = exposing.exposure(conn, now, by, unit or None, days, filters)
        names = service_names(conn)
    rows, called = [(row.id, row.exposure) for row in found.rows], {row.id or "": row.name for row in found.rows}
    context = {
        "found": found,
        "by": by,
        "kinds": BY,
        "units": _units(found.ledger),
        "periods": sorted({days: f"{days} days", **PERIODS}.items()),
        "days": days,
        "service": service,
        "type": type_,
        "services": [("", "any"), *sorted(names.items(), key=lambda one: one[1].casefold()), (NONE, "none")],
        "names": names,
        "none": NONE,
        "say": wording,
        "pareto": None if found.ledger.too_short else drawing.pareto(rows, called, BY[by], found.unit),
        "curve": drawing.curve(found.whole, found.unit),
    }
    return Template("direction/exposure.html", context=context)


@get("/portfolio", opt=_READ, sync_to_thread=True)
def portfolio_page(record: NamedDependency[Record], days: Budget = "30", unit: Unit = "") -> Template:
    """What the budget should buy, with its proof; the ranking; what cannot be ranked; and whether the loss fell."""
    budget, fault = exposing.BUDGET, ""
    try:
        budget = _budget(days)
    except Invalid as error:
        fault = " ".join((error.detail, *error.errors))
    now = record.clock.now()
    with record.read() as conn:
        found = exposing.advice(conn, now, budget, unit or None)
        afterwards = exposing.afterwards(conn, now, unit or None)[1]
    context = {
        "found": found,
        "fault": fault,
        "days": f"{budget:.10g}",
        "unit": unit,
        "units": _units(found.ledger),
        "afterwards": afterwards,
        "looks": {"fell": ("trending-down", "calm"), "rose": ("trending-up", "act"), "cannot tell": ("minus", "muted")},
        "lacking": (exposing.NO_EFFORT, exposing.NO_EFFECT),
        "say": wording,
        "by_budget": drawing.by_budget(found.found.by_budget, found.unit) if found.found else None,
    }
    return Template("direction/portfolio.html", context=context)


@get("/portfolio/ranking.csv", opt=_READ, sync_to_thread=True, media_type="text/csv")
def portfolio_table(record: NamedDependency[Record], days: Budget = "30", unit: Unit = "") -> Response[str]:
    """The chosen set and the ranking, to be taken to a meeting."""
    budget = _budget(days)
    with record.read() as conn:
        found = exposing.advice(conn, record.clock.now(), budget, unit or None)
    out = StringIO()
    csv.writer(out).writerows(exposing.advice_table(found))
    name = f'attachment; filename="portfolio-{budget:.10g}-days.csv"'
    return Response(out.getvalue(), media_type="text/csv", headers={"content-disposition": name})


def _budget(text: str) -> float:
    try:
        return exposing.checked(float(text.replace(",", "")))
    except ValueError:
        raise Invalid("This is no budget.", (f"days: {text[:40]!r}; write person-days, as 30",)) from None


def _units(book: exposing.Ledger) -> list[tuple[str, str]]:
    """What is known, and of how many incidents; the one in use first is chosen by itself."""
    known = {**dict.fromkeys(PLAIN, 0), **book.known}
    order = [*book.known, *(unit for unit in PLAIN if unit not in book.known)]
    return [(unit, f"{wording.unit_words(unit)} ({known[unit]:,} known)") for unit in order]


def _of_service(conn: Connection, who: Principal, key: str, now: Instant) -> dict[str, Any] | None:
    found = exposing.service_loss(conn, key, now)
    return {"found": found, "id": key, "say": wording} if found else None


def _of_action(conn: Connection, who: Principal, key: str, now: Instant) -> dict[str, Any] | None:
    found = exposing.worth(conn, int(key), now)
    return {"found": found, "number": key} if found else None


SUBJECT_PANELS = (
    SubjectPanel("loss", "service", "What its incidents cost", "direction/service_loss.html", _of_service),
    SubjectPanel("worth", "action", "What it is worth", "direction/action_worth.html", _of_action),
)
ROUTES = [exposure_page, portfolio_page, portfolio_table]
