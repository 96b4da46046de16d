"""Of which incidents a program asks: a period and filters, read from the address alike for every question."""

from dataclasses import replace
from datetime import date
from typing import Annotated

from litestar.di import NamedDependency, Provide
from litestar.params import FromQuery, Parameter, QueryParameter

from quarterdeck.direction.rules.measures import Asked, By
from quarterdeck.direction.views import measuring
from quarterdeck.record import Record

From = Annotated[date | None, QueryParameter(name="from")]
Until = Annotated[date | None, QueryParameter(name="to")]
Type = Annotated[str, QueryParameter(name="type")]
Days = Annotated[int, Parameter(ge=1, le=36_600)]


def of_incidents(
    record: NamedDependency[Record],
    since: From = None,
    until: Until = None,
    days: Days = measuring.DAYS,
    service: FromQuery[str] = "",
    type_: Type = "",
    severity: FromQuery[str] = "",
    team: FromQuery[str] = "",
    source: FromQuery[str] = "",
) -> Asked:
    """Of a filter a name, or `-` for the incidents that have none."""
    filters = {"service": service, "type": type_, "severity": severity, "team": team, "source": source}
    return measuring.asked(record.clock.now(), since, until, days, filters)


def of_measured(
    incidents_asked: NamedDependency[Asked], cause: FromQuery[str] = "", month: FromQuery[str] = ""
) -> Asked:
    """With what only measures can be narrowed by."""
    further: tuple[tuple[By, str], ...] = (("cause", cause), ("month", month))
    return replace(incidents_asked, filters=(*incidents_asked.filters, *(one for one in further if one[1])))


ASKED = {"asked": Provide(of_incidents, sync_to_thread=False)}
ASKED_OF_MEASURES = {
    "incidents_asked": Provide(of_incidents, sync_to_thread=False),
    "asked": Provide(of_measured, sync_to_thread=False),
}
