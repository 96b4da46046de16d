"""What is overdue, by owner and age; and the duties behind it, each tried on the record before it is in force."""

from datetime import timedelta
from typing import Annotated, Any

from litestar import get, post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery, JSONBody, Parameter
from litestar.response import Redirect, Template
from sqlalchemy import Connection

from quarterdeck.direction import views
from quarterdeck.direction.views.owing import SUBJECTS, by_owner
from quarterdeck.governance.rules import Permission
from quarterdeck.kernel.errors import Invalid, NotFound
from quarterdeck.kernel.principal import Principal
from quarterdeck.kernel.time import Instant
from quarterdeck.learning import actions as learning
from quarterdeck.learning.events.duties import Duty
from quarterdeck.learning.rules.duties import SUBJECTS as DUTIES
from quarterdeck.learning.rules.duties import checked
from quarterdeck.learning.views import duties_now, would_have_caught
from quarterdeck.record import Record

READ: dict[str, Any] = {"may": Permission.READ}
PLAN: dict[str, Any] = {"may": Permission.PLAN}
Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
BACK = timedelta(days=365)
FIELDS = ("id", "subject", "within", "unit", "severities")
SHOWN = 100


@get("/debt", opt=READ, sync_to_thread=True)
def debt_page(
    record: NamedDependency[Record],
    subject: Annotated[str, Parameter(max_length=40)] = "",
) -> Template:
    """What nobody looks after first, then whoever has most to do."""
    now = record.clock.now()
    with record.read() as conn:
        rows = views.debt(conn, now)
        weeks = views.debt_weeks(conn)
    counts = {name: sum(row.subject == name for row in rows) for name in SUBJECTS}
    shown = [row for row in rows if not subject or row.subject == subject]
    context = {
        "holders": by_owner(shown),
        "count": len(rows),
        "subject": subject,
        "subjects": [(name, words, counts[name]) for name, words in SUBJECTS.items() if counts[name]],
        "words": SUBJECTS,
        "weeks": weeks[-13:],
    }
    return Template(template_name="direction/debt.html", context=context)


@get("/debt/duties", opt=READ, sync_to_thread=True)
def duties_page(
    record: NamedDependency[Record],
    id: FromQuery[str] = "",
    subject: FromQuery[str] = "",
    within: FromQuery[str] = "",
    unit: FromQuery[str] = "days",
    severities: FromQuery[str] = "",
) -> Template:
    """Every duty with what it would have caught within a year; and one on trial, if its fields are given."""
    now = record.clock.now()
    given = {"id": id, "subject": subject, "within": within, "unit": unit, "severities": severities}
    with record.read() as conn:
        known, revised = duties_now(conn)
        rows = [(one, _tried(conn, one, now)) for one in known.duties]
        trial = _tried(conn, _duty(given), now) if subject or within else None
    context = {
        "rows": rows,
        "revised": revised,
        "trial": trial,
        "given": given,
        "subjects": DUTIES.items(),
        "shown": SHOWN,
    }
    return Template(template_name="direction/duties.html", context=context)


def _tried(conn: Connection, duty: Duty, now: Instant) -> Any:
    return would_have_caught(conn, duty, now, now - BACK)


def _duty(form: dict[str, str], **more: Any) -> Duty:
    within = form["within"].strip()
    if not (within.isascii() and within.isdigit() and len(within) <= 6):
        raise Invalid("The duty is not right.", (f"within: {within[:40]!r}; write a number of days",))
    severities = tuple(one.strip() for one in form["severities"].split(",") if one.strip())
    facts = {**form, "id": form["id"] or "trial", "within": int(within), "severities": severities}
    return checked({**facts, **more})


def _only(form: dict[str, str], *allowed: str) -> dict[str, str]:
    if unknown := sorted(set(form) - set(allowed)):
        raise Invalid("The form has no such field.", tuple(f"{name[:60]}: unknown" for name in unknown[:20]))
    return {name: form.get(name, "").strip() for name in allowed}


_DUTIES = "/debt/duties"


@post("/debt/duties", opt=PLAN, sync_to_thread=True)
def duty_form(record: NamedDependency[Record], who: NamedDependency[Principal], data: JSONBody[Form]) -> Redirect:
    """Put one in force, in the place of the one with its id if there is one."""
    form = _only(data, "reason", *FIELDS)
    duty = _duty({name: form[name] for name in FIELDS})
    record.perform(who, lambda tx: learning.put_duty(tx, duty=duty, reason=form["reason"]))
    return Redirect(_DUTIES, status_code=303)


@post("/debt/duties/{id:str}/switch", opt=PLAN, sync_to_thread=True)
def switch_form(
    record: NamedDependency[Record], who: NamedDependency[Principal], id: FromPath[str], data: JSONBody[Form]
) -> Redirect:
    """Switch one on or off."""
    enabled = _only(data, "enabled")["enabled"] == "yes"
    with record.read() as conn:
        known, _ = duties_now(conn)
    found = next((one for one in known.duties if one.id == id), None)
    if found is None:
        raise NotFound(f"duty {id[:60]}")
    duty = Duty(**{**{name: getattr(found, name) for name in found.__struct_fields__}, "enabled": enabled})
    reason = "switched on" if enabled else "switched off"
    record.perform(who, lambda tx: learning.put_duty(tx, duty=duty, reason=f"{id}: {reason}"))
    return Redirect(_DUTIES, status_code=303)


@post("/debt/duties/{id:str}/removal", opt=PLAN, sync_to_thread=True)
def removal_form(
    record: NamedDependency[Record], who: NamedDependency[Principal], id: FromPath[str], data: JSONBody[Form]
) -> Redirect:
    """Do without one."""
    reason = _only(data, "reason")["reason"]
    record.perform(who, lambda tx: learning.remove_duty(tx, id=id, reason=reason))
    return Redirect(_DUTIES, status_code=303)


ROUTES = [debt_page, duties_page, duty_form, switch_form, removal_form]
