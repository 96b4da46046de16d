"""How ready are we: what has been exercised, by whom, on which revision, and what wants an exercise next."""

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Template

from quarterdeck.readiness import views
from quarterdeck.readiness.pages.forms import READ
from quarterdeck.record import Record


@get("/readiness", opt=READ, sync_to_thread=True)
def readiness_page(record: NamedDependency[Record]) -> Template:
    """Coverage by type and team, with its decay."""
    with record.read() as conn:
        found = views.coverage(conn, record.clock.now())
    return Template(template_name="readiness/readiness.html", context={"coverage": found})


ROUTES = [readiness_page]
