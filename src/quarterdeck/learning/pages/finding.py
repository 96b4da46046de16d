"""For people: past incidents like this one, on its page and beside the form that declares one."""

from typing import Annotated, Any

from litestar import get
from litestar.di import NamedDependency
from litestar.params import Parameter
from litestar.response import Template
from sqlalchemy import Connection

from quarterdeck.command.rules import OPEN
from quarterdeck.governance.rules import Permission
from quarterdeck.kernel.panel import Panel
from quarterdeck.kernel.principal import Principal
from quarterdeck.learning import views
from quarterdeck.record import Record

READ: dict[str, Any] = {"may": Permission.READ}
SHOWN = 4


@get("/similar", opt=READ, sync_to_thread=True)
def similar_page(
    record: NamedDependency[Record],
    title: Annotated[str, Parameter(max_length=2000)] = "",
    service: Annotated[str, Parameter(max_length=200)] = "",
) -> Template:
    """Past incidents like what is being typed: a part of the page that declares one."""
    with record.read() as conn:
        found = views.similar_to(conn, title, service or None, limit=10) if title.strip() or service else []
    rows = [row for row in found if row.state not in OPEN][:3]
    return Template("learning/similar_part.html", context={"rows": rows})


def similar_panel(conn: Connection, who: Principal, number: int) -> dict[str, Any] | None:
    rows = views.similar_incidents(conn, number, SHOWN)
    return {"rows": rows, "number": number} if rows else None


PANELS = (
    Panel("similar", "right", "Similar incidents, and what ended them", "learning/similar.html", similar_panel, 35),
)
ROUTES = [similar_page]
