"""For programs: which past incidents are like this one, and which texts have these words?"""

from typing import Annotated, Any

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, Parameter, QueryParameter

from quarterdeck.command.views import headline
from quarterdeck.governance.rules import Permission
from quarterdeck.learning import views
from quarterdeck.record import Record

READ: dict[str, Any] = {"may": Permission.READ}
Document = dict[str, Any]
Words = Annotated[str, Parameter(max_length=200)]
Few = Annotated[int, Parameter(ge=1, le=20)]


@get("/api/incidents/{number:int}/similar", opt=READ, sync_to_thread=True)
def similar_incidents(record: NamedDependency[Record], number: FromPath[int], limit: Few = 5) -> Document:
    """Past incidents like this one: how alike from 0 to 1, why, and what ended them."""
    with record.read() as conn:
        headline(conn, number)
        rows = views.similar_incidents(conn, number, limit)
    return {"items": [_similar(row) for row in rows]}


@get("/api/similar", opt=READ, sync_to_thread=True)
def similar_to(
    record: NamedDependency[Record],
    title: Words,
    service: Words = "",
    type_: Annotated[str, QueryParameter(name="type", max_length=200)] = "",
    limit: Few = 5,
) -> Document:
    """Past incidents like one that has not been declared yet."""
    with record.read() as conn:
        rows = views.similar_to(conn, title, service or None, type_ or None, limit)
    return {"items": [_similar(row) for row in rows]}


@get("/api/search", opt=READ, sync_to_thread=True)
def search(
    record: NamedDependency[Record],
    q: Words,
    kind: Annotated[list[str] | None, Parameter()] = None,
    limit: Annotated[int, Parameter(ge=1, le=50)] = 20,
) -> Document:
    """Incidents, reviews, lessons and documents of the plan with these words, the best first."""
    with record.read() as conn:
        rows = views.search(conn, q, tuple(kind or ()), limit)
    return {"items": [_found(row) for row in rows]}


def _similar(row: views.Similar) -> Document:
    return {
        "number": row.number,
        "title": row.title,
        "state": row.state,
        "severity": row.severity,
        "service": row.service,
        "declared_at": row.declared_at,
        "resolved_at": row.resolved_at,
        "degree": row.degree,
        "because": [{"fact": one.fact, "what": one.what, "points": round(one.points, 3)} for one in row.because],
        "reasons": row.reasons,
        "remedy": row.remedy,
    }


def _found(row: views.Found) -> Document:
    return {
        "kind": row.kind,
        "key": row.key,
        "title": row.title,
        "href": row.href,
        "at": row.at,
        "has_all_words": row.has_all,
        "points": row.points,
        "snippet": "".join(text for text, _ in row.snippet),
        "found": [text for text, hit in row.snippet if hit],
    }


ROUTES = [similar_incidents, similar_to, search]
