"""Insights for people: four questions with their answers in sentences, and each measure down to its incidents."""

from dataclasses import dataclass, replace
from typing import Annotated, Any
from urllib.parse import urlencode

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, Parameter, QueryParameter
from litestar.response import Template
from sqlalchemy import Connection

from quarterdeck.command.views import choices
from quarterdeck.direction.rules.measures import BY, MEASURES, NONE, Asked, By, Clock, Duration, drawing, named
from quarterdeck.direction.rules.measures.load import sentence as load_sentence
from quarterdeck.direction.rules.measures.wording import elsewhere, left_out, sentence, span_options
from quarterdeck.direction.views import measuring
from quarterdeck.governance.rules import Permission
from quarterdeck.governance.views import team_names
from quarterdeck.kernel.principal import Principal
from quarterdeck.kernel.time import from_micros
from quarterdeck.learning.rules.taxonomy import codes
from quarterdeck.record import Record

_READ: dict[str, Any] = {"may": Permission.READ}
EVERYTHING = 36_600
PERIODS = {30: "30 days", 90: "90 days", 180: "180 days", 365: "1 year", 730: "2 years", EVERYTHING: "everything"}
Days = Annotated[int, Parameter(ge=1, le=EVERYTHING)]
SHOWN = 40
"""Incidents on a measure's page; the command line lists them all."""
Type = Annotated[str, QueryParameter(name="type")]


@dataclass(frozen=True)
class Chosen:
    """What the address asks for: the period in days, and the filters."""

    days: int
    filters: dict[str, str]

    def address(self, path: str, **more: str) -> str:
        """The same choice elsewhere; what is empty is left out."""
        given = {**({"days": str(self.days)} if self.days != measuring.DAYS else {}), **self.filters, **more}
        asked = urlencode({name: value for name, value in given.items() if value})
        return f"{path}?{asked}" if asked else path


@get("/insights", opt=_READ, sync_to_thread=True)
def insights_page(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    days: Days = measuring.DAYS,
    service: FromQuery[str] = "",
    type_: Type = "",
    severity: FromQuery[str] = "",
    team: FromQuery[str] = "",
    source: FromQuery[str] = "",
) -> Template:
    """Is it getting better? Where does it hurt? Who is overloaded? Do actions get done?"""
    chosen = Chosen(days, _filters(service=service, type=type_, severity=severity, team=team, source=source))
    now = record.clock.now()
    asked = measuring.asked(now, days=days, filters=chosen.filters)
    with record.read() as conn:
        found = measuring.overview(conn, asked, now, who.id.removeprefix("person/"))
        names = measuring.names_of(conn, "service")
        context = {
            **around(conn, chosen, asked),
            "found": found,
            "load": load_sentence(found.load),
            "hours": drawing.hours(found.load) if found.load.pages else None,
            "nights": drawing.nights(found.load),
            "by_service": drawing.by_slice(found.by_service.rows, names, "service"),
            "by_cause": drawing.by_slice(found.by_cause.rows, codes(), "cause"),
            "restored": drawing.by_slice(found.restored_by_service.rows, names, "service"),
            "names": names,
            "here": chosen.address("/insights"),
            "elsewhere": elsewhere(found.incidents.on_record),
            "span": span_options(found.incidents.on_record),
            "whole": replace(chosen, days=EVERYTHING).address("/insights"),
        }
    return Template(template_name="direction/insights.html", context=context)


@get("/insights/{id:str}", opt=_READ, sync_to_thread=True)
def measure_page(
    record: NamedDependency[Record],
    id: FromPath[str],
    by: FromQuery[By] = "service",
    clock: FromQuery[Clock] = "occurred",
    days: Days = measuring.DAYS,
    service: FromQuery[str] = "",
    type_: Type = "",
    severity: FromQuery[str] = "",
    team: FromQuery[str] = "",
    cause: FromQuery[str] = "",
    source: FromQuery[str] = "",
    month: FromQuery[str] = "",
) -> Template:
    """One measure: its definition, how it is spread, month by month, in slices, and the incidents behind it."""
    filters = _filters(
        service=service, type=type_, severity=severity, team=team, cause=cause, source=source, month=month
    )
    chosen, measure, now = Chosen(days, filters), named(id), record.clock.now()
    asked = measuring.asked(now, days=days, filters=filters)
    with record.read() as conn:
        question = measuring.Question(conn, measure, asked, now, clock if clock in measure.clocks else "occurred")
        answer, sliced = question.answer(), question.sliced(by)
        names = measuring.names_of(conn, by)
        figure = answer.figure
        timed = isinstance(measure, Duration) and figure.n > 0
        context = {
            **around(conn, chosen, asked),
            "measure": measure,
            "answer": answer,
            "note": left_out(figure),
            "elsewhere": elsewhere(answer.on_record),
            "by": by,
            "every_by": BY,
            "clock": question.clock,
            "sliced": sliced,
            "names": names,
            "none": NONE,
            "spread": drawing.spread(figure) if timed else None,
            "open": drawing.still_open(figure) if timed and figure.still_open else None,
            "months": drawing.by_month(question.sliced("month").rows) if figure.n and not month else None,
            "slices": drawing.by_slice(sliced.rows, names, by) if by != "month" else None,
            "members": measuring.members(conn, question, SHOWN),
            "measures": [(one.id, one.name) for one in MEASURES.values()],
            "whole": replace(chosen, days=EVERYTHING).address(f"/insights/{measure.id}"),
        }
    return Template(template_name="direction/measure.html", context=context)


def _filters(**given: str) -> dict[str, str]:
    return {name: value for name, value in given.items() if value}


def _periods(days: int) -> dict[int, str]:
    """With the one that was asked for among them."""
    return dict(sorted({days: f"{days} days", **PERIODS}.items()))


def around(conn: Connection, chosen: Chosen, asked: Asked) -> dict[str, Any]:
    """What the choice of incidents shows around itself."""
    return {
        "chosen": chosen,
        "choices": choices(conn),
        "teams": sorted(team_names(conn).items(), key=lambda one: one[1].casefold()),
        "periods": [(str(days), words) for days, words in _periods(chosen.days).items()],
        "since": from_micros(asked.since) if chosen.days != EVERYTHING else None,
        "sentence": sentence,
    }


ROUTES = [insights_page, measure_page]
