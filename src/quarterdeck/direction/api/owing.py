"""What is overdue, for programs; and the duties behind it, with what each would have caught."""

from dataclasses import asdict
from datetime import timedelta
from typing import Annotated, Any

import msgspec
from litestar import get, post, put
from litestar.di import NamedDependency
from litestar.params import FromQuery, JSONBody, Parameter

from quarterdeck.direction import views
from quarterdeck.governance.rules import Permission
from quarterdeck.kernel.principal import Principal
from quarterdeck.learning import actions as learning
from quarterdeck.learning.events.duties import Duty
from quarterdeck.learning.rules.duties import checked, sentence
from quarterdeck.learning.views import Preview, duties_now, would_have_caught
from quarterdeck.record import Record

READ: dict[str, Any] = {"may": Permission.READ}
PLAN: dict[str, Any] = {"may": Permission.PLAN}
Document = dict[str, Any]


class Rule(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`subject`: review, validation, disposition, improvement, verification, document or recurrence."""

    id: str
    subject: str
    within: int
    unit: str = "days"
    severities: tuple[str, ...] = ()
    enabled: bool = True

    def duty(self) -> Duty:
        return checked(msgspec.structs.asdict(self))


class Duties(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """All of them; they take the place of those in force."""

    duties: list[Rule]
    reason: str


@get("/api/debt", opt=READ, sync_to_thread=True)
def list_debt(
    record: NamedDependency[Record],
    owner: FromQuery[str | None] = None,
    subject: FromQuery[str | None] = None,
) -> Document:
    """Everything overdue, the longest first: whose it is, since when, and by which rule."""
    with record.read() as conn:
        rows = views.debt(conn, record.clock.now(), owner=owner, subject=subject)
        weeks = views.debt_weeks(conn)
    return {"items": rows, "weeks": weeks, "next": None}


@get("/api/debt/duties", opt=READ, sync_to_thread=True)
def list_duties(record: NamedDependency[Record]) -> Document:
    """What is owed by when: rules as data. The first that fits holds."""
    with record.read() as conn:
        known, revised = duties_now(conn)
    items = [{**msgspec.to_builtins(one), "sentence": sentence(one)} for one in known.duties]
    return {"items": items, "revised": revised, "next": None}


@put("/api/debt/duties", opt=PLAN, sync_to_thread=True)
def put_duties(record: NamedDependency[Record], who: NamedDependency[Principal], data: JSONBody[Duties]) -> Document:
    """Put these in the place of all that there are."""
    duties = [one.duty() for one in data.duties[:200]]
    record.perform(who, lambda tx: learning.revise_duties(tx, duties=duties, reason=data.reason))
    with record.read() as conn:
        known, revised = duties_now(conn)
    items = [{**msgspec.to_builtins(one), "sentence": sentence(one)} for one in known.duties]
    return {"items": items, "revised": revised, "next": None}


@post("/api/debt/duties/preview", opt=READ, sync_to_thread=True, status_code=200)
def preview_duty(
    record: NamedDependency[Record],
    data: JSONBody[Rule],
    days: Annotated[int, Parameter(ge=1, le=36_500)] = 365,
) -> Document:
    """What a duty would have caught in the last `days`, before it is enabled. Changes nothing."""
    now = record.clock.now()
    with record.read() as conn:
        found = would_have_caught(conn, data.duty(), now, now - timedelta(days=days))
    return document(found)


def document(found: Preview) -> Document:
    """Delays in whole seconds."""
    caught = [
        {**asdict(one.case), "would_be_due": one.due, "late": round(one.late.total_seconds())}
        for one in found.caught[:500]
    ]
    return {"sentence": found.sentence, "cases": found.cases, "caught": len(found.caught), "items": caught}


ROUTES = [list_debt, list_duties, put_duties, preview_duty]
