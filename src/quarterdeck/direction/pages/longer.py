"""The longer reports for people: the quarter's programme, and the review of a service or of a team's services."""

from collections.abc import Callable
from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Template
from markupsafe import Markup
from sqlalchemy import Connection

from quarterdeck.catalog.views import services
from quarterdeck.direction.rules.reporting.quarters import last_quarters, quarter_named
from quarterdeck.direction.views import reporting as views
from quarterdeck.governance.rules import Permission
from quarterdeck.governance.views import teams
from quarterdeck.paper.document import Document
from quarterdeck.paper.markdown import html
from quarterdeck.paper.pdf import pdf
from quarterdeck.paper.source import source
from quarterdeck.record import Record

READ: dict[str, Any] = {"may": Permission.READ}
_PDF = "application/pdf"
_WIDE = Markup('<div class="scroll" tabindex="0" role="region" aria-label="Table {}"><table>')


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
def programme_pdf(record: NamedDependency[Record], quarter: FromQuery[str] = "") -> Response[bytes]:
    """The same as one accessible PDF (PDF/UA)."""
    found = quarter_named(quarter, record.clock.now())
    made = _made(record, lambda conn: views.programme(conn, found, record.clock.now()))
    return _printed(record, made, f"programme-{found.name}")


@get("/reports/services/{id:str}", opt=READ, sync_to_thread=True)
def service_page(record: NamedDependency[Record], id: FromPath[str]) -> Template:
    """The review of one service."""
    made = _made(record, lambda conn: views.service_review(conn, id, record.clock.now()))
    return _shown(made, f"/reports/services/{id}/review.pdf", f"quarterdeck report service {id}")


@get("/reports/services/{id:str}/review.pdf", opt=READ, sync_to_thread=True, media_type=_PDF)
def service_pdf(record: NamedDependency[Record], id: FromPath[str]) -> Response[bytes]:
    """The same as one accessible PDF (PDF/UA)."""
    return _printed(
        record, _made(record, lambda conn: views.service_review(conn, id, record.clock.now())), "service-review"
    )


@get("/reports/teams/{id:str}", opt=READ, sync_to_thread=True)
def team_page(record: NamedDependency[Record], id: FromPath[str]) -> Template:
    """The review of all services that a team owns."""
    made = _made(record, lambda conn: views.team_review(conn, id, record.clock.now()))
    return _shown(made, f"/reports/teams/{id}/review.pdf", f"quarterdeck report team {id}")


@get("/reports/teams/{id:str}/review.pdf", opt=READ, sync_to_thread=True, media_type=_PDF)
def team_pdf(record: NamedDependency[Record], id: FromPath[str]) -> Response[bytes]:
    """The same as one accessible PDF (PDF/UA)."""
    return _printed(record, _made(record, lambda conn: views.team_review(conn, id, record.clock.now())), "team-review")


def _made(record: Record, make: Callable[[Connection], Document]) -> Document:
    with record.read() as conn:
        return make(conn)


def _shown(made: Document, paper: str, command: str) -> Template:
    text = html(source(made).partition("\n\n")[2])  # the title stands above it
    # Wide tables are moved sideways on a phone; somebody without a mouse has to reach them.
    first, *tables = text.split(Markup("<table>"))
    for number, rest in enumerate(tables, start=1):
        first += _WIDE.format(number) + rest.replace(Markup("</table>"), Markup("</table></div>"), 1)
    context = {"title": made.title, "text": first, "paper": paper, "command": command}
    return Template("direction/report.html", context=context)


def _printed(record: Record, made: Document, name: str) -> Response[bytes]:
    headers = {"content-disposition": f'inline; filename="{name}.pdf"'}
    return Response(pdf(made, made_at=record.clock.now()), media_type=_PDF, headers=headers)


ROUTES = [
    reports_page,
    programme_page,
    programme_pdf,
    service_page,
    service_pdf,
    team_page,
    team_pdf,
]
