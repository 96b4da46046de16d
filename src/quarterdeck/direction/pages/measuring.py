"""Insights for people: four questions with their answers in sentences, and each measure down to its incidents."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
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
From = Annotated[date | None, QueryParameter(name="from")]
Until = Annotated[date | None, QueryParameter(name="to")]


@dataclass(frozen=True)
class Chosen:
    """What the address asks for: the period in days, or from a day to the one after the last; and the filters."""

    days: int
    filters: dict[str, str]
    since: date | None = None
    until: date | None = None

    def address(self, path: str, **more: str) -> str:
        """The same choice elsewhere; what is empty is left out."""
        given = {**self._period(), **self.filters, **more}
        asked = urlencode({name: value for name, value in given.items() if value})
        return f"{path}?{asked}" if asked else path

    def _period(self) -> dict[str, str]:
        if self.since:
            return {"from": str(self.since), "to": str(self.until or "")}
        return {"days": str(self.days)} if self.days != measuring.DAYS else {}

    @property
    def words(self) -> str:
        """`1 Jul to 30 Sep 2026`, `since 1 Oct 2026`, `91 days`."""
        if not self.since:
            return f"{self.days} days"
        if not self.until:
            return f"since {_day(self.since)}"
        last = self.until - timedelta(days=1)
        first = _day(self.since) if self.since.year != last.year else _day(self.since).rpartition(" ")[0]
        return f"{first} to {_day(last)}"

    @property
    def options(self) -> str:
        """The same period for the command line."""
        if not self.since:
            return f"--days {self.days}"
        return f"--from {self.since}" + (f" --to {self.until}" if self.until else "")


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
    since: From = None,
    until: Until = None,
) -> Template:
    """One measure: its definition, how it is spread, month by month, in slices, and the incidents behind it."""
    filters = _filters(
        service=service, type=type_, severity=severity, team=team, cause=cause, source=source, month=month
    )
    measure, now = named(id), record.clock.now()
    until = until if since else None
    asked = measuring.asked(now, since, until, days, filters)
    chosen = Chosen((now.date() - since).days + 1, filters, since, until) if since else Chosen(days, filters)
    with record.read() as conn:
        question = measuring.Question(conn, measure, asked, now, clock if clock in measure.clocks else "occurred")
        answer, sliced = question.answer(), question.sliced(by)
        names = codes() if by == "cause" else measuring.names_of(conn, by)
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
            "whole": Chosen(EVERYTHING, filters).address(f"/insights/{measure.id}"),
        }
    return Template(template_name="direction/measure.html", context=context)


def _filters(**given: str) -> dict[str, str]:
    return {name: value for name, value in given.items() if value}


def _periods(chosen: Chosen) -> dict[int, str]:
    """With the one that was asked for among them."""
    asked = {chosen.days: chosen.words}
    return dict(sorted(({**PERIODS, **asked} if chosen.since else {**asked, **PERIODS}).items()))


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def around(conn: Connection, chosen: Chosen, asked: Asked) -> dict[str, Any]:
    """What the choice of incidents shows around itself."""
    return {
        "chosen": chosen,
        "choices": choices(conn),
        "teams": sorted(team_names(conn).items(), key=lambda one: one[1].casefold()),
        "periods": [(str(days), words) for days, words in _periods(chosen).items()],
        "since": from_micros(asked.since) if chosen.days != EVERYTHING else None,
        "sentence": sentence,
    }


ROUTES = [insights_page, measure_page]
