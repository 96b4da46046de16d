"""The longer reports for programs: as text in Markdown, and as PDF."""

from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from quarterdeck.direction.rules.reporting.quarters import quarter_named
from quarterdeck.direction.views import reporting as views
from quarterdeck.governance.rules import Permission
from quarterdeck.paper.document import Document
from quarterdeck.paper.pdf import pdf
from quarterdeck.paper.source import source
from quarterdeck.record import Record

READ: dict[str, Any] = {"may": Permission.READ}


def _told(made: Document) -> dict[str, Any]:
    return {"title": made.title, "markdown": source(made)}


@get("/api/reports/programme", opt=READ, sync_to_thread=True)
def programme(record: NamedDependency[Record], quarter: FromQuery[str] = "") -> dict[str, Any]:
    """The programme report of a quarter (`2026Q3`; the running one unless given)."""
    now = record.clock.now()
    with record.read() as conn:
        return _told(views.programme(conn, quarter_named(quarter, now), now))


@get("/api/reports/programme/pdf", opt=READ, sync_to_thread=True, media_type="application/pdf")
def programme_pdf(record: NamedDependency[Record], quarter: FromQuery[str] = "") -> Response[bytes]:
    """The same as PDF (PDF/UA)."""
    now = record.clock.now()
    with record.read() as conn:
        made = views.programme(conn, quarter_named(quarter, now), now)
    return Response(pdf(made, made_at=now), media_type="application/pdf")


@get("/api/reports/services/{id:str}", opt=READ, sync_to_thread=True)
def service(record: NamedDependency[Record], id: FromPath[str]) -> dict[str, Any]:
    """The review of one service over 13 weeks."""
    with record.read() as conn:
        return _told(views.service_review(conn, id, record.clock.now()))


@get("/api/reports/teams/{id:str}", opt=READ, sync_to_thread=True)
def team(record: NamedDependency[Record], id: FromPath[str]) -> dict[str, Any]:
    """The review of all services that a team owns, over 13 weeks."""
    with record.read() as conn:
        return _told(views.team_review(conn, id, record.clock.now()))


ROUTES = [programme, programme_pdf, service, team]
