"""What came up more than once, for people: the list, each month's check, and a sentence on the incident's page."""

from datetime import timedelta
from typing import Annotated, Any

from litestar import get, post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, JSONBody, Parameter, QueryParameter
from litestar.response import Redirect, Template
from sqlalchemy import Connection

from quarterdeck.governance.rules import Permission, may
from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.panel import Panel
from quarterdeck.kernel.principal import Principal
from quarterdeck.learning import actions, views
from quarterdeck.learning.rules.recurring import KINDS
from quarterdeck.paper.markdown import html
from quarterdeck.record import Record

READ: dict[str, Any] = {"may": Permission.READ}
REVIEW: dict[str, Any] = {"may": Permission.REVIEW}
Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
SPANS = {90: "3 months", 184: "6 months", 366: "a year", 36_500: "ever"}
SHOWN = 300


@get("/patterns", opt=READ, sync_to_thread=True)
def patterns_page(
    record: NamedDependency[Record],
    kind: Annotated[str, QueryParameter(name="kind")] = "",
    days: Annotated[int, Parameter(ge=1, le=36_500)] = 184,
) -> Template:
    """The most telling kind first, then what came up most often."""
    now = record.clock.now()
    with record.read() as conn:
        found, incidents = views.patterns(conn, since=now - timedelta(days=days), kind=kind or None)
        checks = views.recurrence_checks(conn, limit=12)
    context = {
        "found": found[:SHOWN],
        "more": max(0, len(found) - SHOWN),
        "incidents": incidents,
        "kind": kind,
        "kinds": KINDS,
        "days": days,
        "spans": SPANS,
        "checks": checks,
    }
    return Template(template_name="learning/patterns.html", context=context)


@get("/patterns/checks/{month:str}", opt=READ, sync_to_thread=True)
def check_page(record: NamedDependency[Record], month: FromPath[str]) -> Template:
    """What had recurred by the end of a month, and what follows from it."""
    with record.read() as conn:
        row = views.recurrence_check(conn, month)
    context = {"row": row, "kinds": KINDS, "said": html(row.text) if row.text else None}
    return Template(template_name="learning/recurrence_check.html", context=context)


@post("/patterns/checks/{month:str}/assessment", opt=REVIEW, sync_to_thread=True)
def assessment_form(
    record: NamedDependency[Record], who: NamedDependency[Principal], month: FromPath[str], data: JSONBody[Form]
) -> Redirect:
    """What follows from it."""
    if unknown := sorted(set(data) - {"text"}):
        raise Invalid("The form has no such field.", tuple(f"{name[:60]}: unknown" for name in unknown[:20]))
    record.perform(who, lambda tx: actions.assess_recurrence(tx, month=month, text=data.get("text", "")))
    return Redirect(f"/patterns/checks/{month}", status_code=303)


def again_panel(conn: Connection, who: Principal, number: int) -> dict[str, Any] | None:
    found = views.again(conn, number)
    if not found:
        return None
    return {"found": found[:5], "number": number, "may": may(who, Permission.RESPOND)}


PANELS = (Panel("again", "right", "Not the first time", "learning/again.html", again_panel, order=33),)
ROUTES = [patterns_page, check_page, assessment_form]
