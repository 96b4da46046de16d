"""The longer reports for people: the quarter's programme, and the review of a service or of a team's services."""

from collections.abc import Callable
from typing import Any

import msgspec
from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Template
from sqlalchemy import Connection

from quarterdeck.catalog.views import services
from quarterdeck.direction.rules.reporting.quarters import last_quarters, quarter_named
from quarterdeck.direction.views import reporting as views
from quarterdeck.governance.rules import Permission
from quarterdeck.governance.views import teams
from quarterdeck.paper.document import Document
from quarterdeck.paper.pdf import pdf
from quarterdeck.paper.screen import screen
from quarterdeck.record import Record

READ: dict[str, Any] = {"may": Permission.READ}
_PDF = "application/pdf"
Asked = Request[Any, Any, Any]


@get("/reports", opt=READ, sync_to_thread=True)
def reports_page(record: NamedDependency[Record]) -> Template:
    """Every report that can be made, each with its paper."""
    with record.read() as conn:
        context = {
            "quarters": last_quarters(record.clock.now()),
            "services": services(conn),
            "teams": teams(conn),
        }
    return Template("direction/reports.html", context=context)


@get("/reports/programme", opt=READ, sync_to_thread=True)
def programme_page(record: NamedDependency[Record], quarter: FromQuery[str] = "") -> Template:
    """The programme report of a quarter."""
    found = quarter_named(quarter, record.clock.now())
    made = _made(record, lambda conn: views.programme(conn, found, record.clock.now()))
    return _shown(
        made, f"/reports/programme.pdf?quarter={found.name}", f"quarterdeck report programme --quarter {found.name}"
    )


@get("/reports/programme.pdf", opt=READ, sync_to_thread=True, media_type=_PDF)
def programme_pdf(request: Asked, record: NamedDependency[Record], quarter: FromQuery[str] = "") -> Response[bytes]:
    """The same as one accessible PDF (PDF/UA)."""
    found = quarter_named(quarter, record.clock.now())
    made = _made(record, lambda conn: views.programme(conn, found, record.clock.now()))
    return _printed(request, record, made, f"programme-{found.name}")


@get("/reports/services/{id:str}", opt=READ, sync_to_thread=True)
def service_page(record: NamedDependency[Record], id: FromPath[str]) -> Template:
    """The review of one service."""
    made = _made(record, lambda conn: views.service_review(conn, id, record.clock.now()))
    return _shown(made, f"/reports/services/{id}/review.pdf", f"quarterdeck report service {id}")


@get("/reports/services/{id:str}/review.pdf", opt=READ, sync_to_thread=True, media_type=_PDF)
def service_pdf(request: Asked, record: NamedDependency[Record], id: FromPath[str]) -> Response[bytes]:
    """The same as one accessible PDF (PDF/UA)."""
    return _printed(
        request,
        record,
        _made(record, lambda conn: views.service_review(conn, id, record.clock.now())),
        "service-review",
    )


@get("/reports/teams/{id:str}", opt=READ, sync_to_thread=True)
def team_page(record: NamedDependency[Record], id: FromPath[str]) -> Template:
    """The review of all services that a team owns."""
    made = _made(record, lambda conn: views.team_review(conn, id, record.clock.now()))
    return _shown(made, f"/reports/teams/{id}/review.pdf", f"quarterdeck report team {id}")


@get("/reports/teams/{id:str}/review.pdf", opt=READ, sync_to_thread=True, media_type=_PDF)
def team_pdf(request: Asked, record: NamedDependency[Record], id: FromPath[str]) -> Response[bytes]:
    """The same as one accessible PDF (PDF/UA)."""
    return _printed(
        request, record, _made(record, lambda conn: views.team_review(conn, id, record.clock.now())), "team-review"
    )


def _made(record: Record, make: Callable[[Connection], Document]) -> Document:
    with record.read() as conn:
        return make(conn)


def _shown(made: Document, paper: str, command: str) -> Template:
    context = {"title": made.title, "text": screen(made), "paper": paper, "command": command}
    return Template("direction/report.html", context=context)


def _printed(request: Asked, record: Record, made: Document, name: str) -> Response[bytes]:
    """With the console's own address, so that on paper, too, each figure leads to its evidence."""
    led = msgspec.structs.replace(made, base_url=str(request.base_url).rstrip("/"))
    headers = {"content-disposition": f'inline; filename="{name}.pdf"'}
    return Response(pdf(led, made_at=record.clock.now()), media_type=_PDF, headers=headers)


ROUTES = [
    reports_page,
    programme_page,
    programme_pdf,
    service_page,
    service_pdf,
    team_page,
    team_pdf,
]
