"""Measures for programs: what there is, a figure with its interval and its slices, and the incidents behind it."""

from typing import Annotated, Any

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, Parameter

from quarterdeck.direction.api.asking import ASKED, ASKED_OF_MEASURES
from quarterdeck.direction.rules.measures import MEASURES, Asked, By, Clock, named
from quarterdeck.direction.views import measuring
from quarterdeck.direction.views.measuring import documents
from quarterdeck.governance.rules import Permission
from quarterdeck.kernel.principal import Principal
from quarterdeck.kernel.time import micros
from quarterdeck.record import Record

_READ: dict[str, Any] = {"may": Permission.READ}


@get("/api/measures", opt=_READ, sync_to_thread=True)
def list_measures() -> dict[str, Any]:
    """Every measure with its exact definition, version, letters and unit."""
    return {"items": [documents.definition(one) for one in MEASURES.values()], "next": None}


@get("/api/measures/{id:str}", opt=_READ, dependencies=ASKED_OF_MEASURES, sync_to_thread=True)
def show_measure(
    record: NamedDependency[Record],
    asked: NamedDependency[Asked],
    id: FromPath[str],
    by: FromQuery[By | None] = None,
    clock: FromQuery[Clock] = "occurred",
) -> dict[str, Any]:
    """The figure with its interval and n, the period before, the trend; `by` gives it in slices as well.

    Filters: a name, or `-` for the incidents that have none. A bare MTTR is refused with what to ask for.
    """
    measure, now = named(id), record.clock.now()
    with record.read() as conn:
        question = measuring.Question(conn, measure, asked, now, clock)
        return documents.answer(question, question.answer(), question.sliced(by) if by else None)


@get("/api/measures/{id:str}/incidents", opt=_READ, dependencies=ASKED_OF_MEASURES, sync_to_thread=True)
def list_measured(
    record: NamedDependency[Record],
    asked: NamedDependency[Asked],
    id: FromPath[str],
    clock: FromQuery[Clock] = "occurred",
    limit: Annotated[int, Parameter(ge=1, le=1000)] = measuring.MOST,
) -> dict[str, Any]:
    """What the figure is made of, the most telling first, and what was left out of it and why."""
    measure, now = named(id), record.clock.now()
    with record.read() as conn:
        question = measuring.Question(conn, measure, asked, now, clock)
        return documents.members(measuring.members(conn, question, limit))


@get("/api/paging-load", opt=_READ, dependencies=ASKED, sync_to_thread=True)
def show_load(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    asked: NamedDependency[Asked],
) -> dict[str, Any]:
    """Pages and the nights that they broke, by each person's own clock; people are counted, and only `own` is named."""
    with record.read() as conn:
        return documents.load(
            measuring.paging_load(conn, asked, micros(record.clock.now()), who.id.removeprefix("person/"))
        )


ROUTES = [list_measures, show_measure, list_measured, show_load]
