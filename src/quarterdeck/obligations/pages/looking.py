"""What runs and until when: on an incident's page, over all incidents, and in the past."""

from typing import Annotated, Any

from litestar import get
from litestar.di import NamedDependency
from litestar.params import Parameter
from litestar.response import Template
from sqlalchemy import Connection

from quarterdeck.command.views import incident
from quarterdeck.governance.rules import Permission, may
from quarterdeck.kernel.panel import Panel
from quarterdeck.kernel.principal import Principal
from quarterdeck.obligations import views
from quarterdeck.obligations.rules.deciding import VOID
from quarterdeck.obligations.sources import shipped
from quarterdeck.record import Record

SHOWN = 200
READ: dict[str, Any] = {"may": Permission.READ}


@get("/obligations", opt=READ, sync_to_thread=True)
def obligations_page(record: NamedDependency[Record]) -> Template:
    """The clocks that run by their ends, the questions that wait, and the regimes that nobody has declared."""
    now = record.clock.now()
    with record.read() as conn:
        rows = views.live_duties(conn, now)
        regimes = views.regimes(conn, shipped(), now.date())
    context = {
        "clocks": views.now_list(rows),
        "questions": [row for row in rows if row.open_question],
        "gaps": [row for row in regimes if row.gap],
        "applying": [row for row in regimes if row.standing == "applies"],
    }
    return Template("obligations/now.html", context=context)


@get("/obligations/history", opt=READ, sync_to_thread=True)
def history_page(record: NamedDependency[Record], regime: Annotated[str, Parameter(max_length=60)] = "") -> Template:
    """What was handed in, in time or late, and what was missed."""
    now = record.clock.now()
    with record.read() as conn:
        found, kept = views.history(conn, now, regime=regime)
    return Template(
        "obligations/history.html",
        context={"found": found[:SHOWN], "more": len(found) - SHOWN, "kept": kept, "regime": regime},
    )


def panel(conn: Connection, who: Principal, number: int) -> dict[str, Any] | None:
    """Whether a running clock is past its end is for the template to say: it knows what time it is."""
    row = incident(conn, number)
    if row.drill or row.source is not None:
        return None
    rows = views.duties_of(conn, number, row.declared_at)
    asked = {one.regime for one in rows}
    others = [one for one in views.in_scope(conn, shipped()) if one.id not in asked]
    if not rows and (not others or row.state in VOID):
        return None
    may_ask = may(who, Permission.COMMAND) and row.state not in VOID
    return {"number": number, "rows": rows, "others": others if may_ask else [], "severity": row.severity}


ROUTES = [obligations_page, history_page]
PANELS = (Panel("obligations", "right", "Legal clocks", "obligations/panel.html", panel, order=8),)
