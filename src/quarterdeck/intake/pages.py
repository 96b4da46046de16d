"""Signals for people: the page of all signals, and the panel of an incident's alerts."""

from typing import Annotated, Any
from urllib.parse import urlencode

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromQuery, Parameter, QueryParameter
from litestar.response import Template
from sqlalchemy import Connection

from quarterdeck.governance.rules import Permission
from quarterdeck.intake import views
from quarterdeck.kernel.panel import Panel
from quarterdeck.kernel.principal import Principal
from quarterdeck.record import Record

_PAGE = 50


@get("/signals", opt={"may": Permission.READ}, sync_to_thread=True)
def signals_page(
    record: NamedDependency[Record],
    signal_state: Annotated[str | None, QueryParameter(name="state")] = None,
    source: FromQuery[str | None] = None,
    incident: FromQuery[int | None] = None,
    before: Annotated[int | None, Parameter(ge=1, le=2**53)] = None,
) -> Template:
    """All signals, the last raised first. An unknown state shows all."""
    state = signal_state if signal_state in views.STATES else None
    with record.read() as conn:
        page = views.signals(conn, state=state, source=source, incident=incident, cursor=before, limit=_PAGE)
        changes, _ = views.changes(conn, limit=8)
    chosen = {"state": state, "source": source, "incident": incident}
    context = {
        "page": page,
        "chosen": chosen,
        "states": [(name, _address(chosen | {"state": name})) for name in (None, *views.STATES)],
        "older": _address(chosen | {"before": page.next}) if page.next is not None else None,
        "newest": before is None,
        "changes": changes,
    }
    return Template(template_name="intake/signals.html", context=context)


def _address(chosen: dict[str, Any]) -> str:
    given = {name: value for name, value in chosen.items() if value is not None}
    return f"/signals?{urlencode(given)}" if given else "/signals"


def _alerts(conn: Connection, who: Principal, number: int) -> dict[str, Any] | None:
    alerts = views.alerts(conn, number)
    return None if alerts is None else {"alerts": alerts, "number": number}


ROUTES = [signals_page]
PANELS = (Panel("alerts", "right", "Alerts", "intake/alerts.html", _alerts, order=30),)
