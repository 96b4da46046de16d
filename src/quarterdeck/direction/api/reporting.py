"""What senior management is told, for programs: the page, its issues, decisions, and the mail's schedule."""

from datetime import date
from typing import Annotated, Any

import msgspec
from litestar import Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from quarterdeck.direction import actions
from quarterdeck.direction.events.reporting import ExecutivePage
from quarterdeck.direction.rules.reporting.spans import end_of_day, looked_at
from quarterdeck.direction.views import reporting as views
from quarterdeck.governance.rules import Permission
from quarterdeck.kernel.principal import Principal
from quarterdeck.record import Record

READ: dict[str, Any] = {"may": Permission.READ}
REVIEW: dict[str, Any] = {"may": Permission.REVIEW}
AsOf = Annotated[date | None, QueryParameter(name="as_of")]
Document = dict[str, Any]


class Question(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`due`: the last day on which the decision helps. `href`: the evidence, an address in the console."""

    question: str
    due: date | None = None
    waiting: str = ""
    advice: str = ""
    href: str = ""


class Outcome(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`decided_by`: the person or body, in words."""

    decision: str
    decided_by: str


class FollowUp(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    text: str


class Withdrawal(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    reason: str


class Schedule(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`every`: weekly, monthly or quarterly. `to`: post:…, role:…, team:…, person:… or a reader's mail address."""

    every: str
    to: list[str]


@get("/api/executive", opt=READ, sync_to_thread=True)
def show_page(record: NamedDependency[Record], as_of: AsOf = None) -> ExecutivePage:
    """The page as it would be issued now, or as of a past day."""
    now = record.clock.now()
    with record.read() as conn:
        return views.executive(conn, now, looked_at(as_of, now))


@get("/api/executive/pdf", opt=READ, sync_to_thread=True, media_type="application/pdf")
def page_pdf(record: NamedDependency[Record], as_of: AsOf = None) -> Response[bytes]:
    """The same as one sheet of PDF (PDF/UA)."""
    now = record.clock.now()
    with record.read() as conn:
        page = views.executive(conn, now, looked_at(as_of, now))
    return Response(views.sheet(page, now), media_type="application/pdf")


@get("/api/executive/issues", opt=READ, sync_to_thread=True)
def list_issues(record: NamedDependency[Record], cursor: FromQuery[int | None] = None) -> Document:
    """Pages as they were issued, the latest first."""
    with record.read() as conn:
        rows = views.issues(conn, limit=51, before=cursor)
    return {"items": rows[:50], "next": rows[49].number if len(rows) > 50 else None}


@post("/api/executive/issues", opt=REVIEW, sync_to_thread=True)
def issue(record: NamedDependency[Record], who: NamedDependency[Principal]) -> Document:
    """Freeze the page as it is now."""
    with record.read() as conn:
        page = views.executive(conn, record.clock.now())
    return {"number": record.perform(who, lambda tx: actions.issue_page(tx, page=page))}


@get("/api/executive/issues/{number:int}", opt=READ, sync_to_thread=True)
def show_issue(record: NamedDependency[Record], number: FromPath[int]) -> Document:
    """One page as senior management got it."""
    with record.read() as conn:
        row, page = views.issue(conn, number)
    return {"issue": row, "page": page}


@get("/api/executive/decisions", opt=READ, sync_to_thread=True)
def list_decisions(record: NamedDependency[Record]) -> Document:
    """`needed`: all of them in order; `items`: those asked for by hand, settled ones included."""
    with record.read() as conn:
        needed, rows = views.wanted(conn, record.clock.now()), views.board_decisions(conn, limit=200)
    return {"needed": needed, "items": rows, "next": None}


@post("/api/executive/decisions", opt=REVIEW, sync_to_thread=True)
def ask(record: NamedDependency[Record], who: NamedDependency[Principal], data: JSONBody[Question]) -> Document:
    """Ask senior management to decide."""
    given: dict[str, Any] = {name: getattr(data, name) for name in ("question", "waiting", "advice", "href")}
    due = end_of_day(data.due) if data.due else None
    return {"number": record.perform(who, lambda tx: actions.ask_board(tx, due=due, **given))}


@get("/api/executive/decisions/{number:int}", opt=READ, sync_to_thread=True)
def show_decision(record: NamedDependency[Record], number: FromPath[int]) -> views.BoardDecisionRow:
    """One decision that was asked for by hand."""
    with record.read() as conn:
        return views.board_decision(conn, number)


@post("/api/executive/decisions/{number:int}/outcome", opt=REVIEW, sync_to_thread=True)
def take(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Outcome]
) -> views.BoardDecisionRow:
    """Record what was decided."""
    given = {"decision": data.decision, "decided_by": data.decided_by}
    record.perform(who, lambda tx: actions.take_board_decision(tx, number=number, **given))
    return _shown(record, number)


@post("/api/executive/decisions/{number:int}/follow-up", opt=REVIEW, sync_to_thread=True)
def follow(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[FollowUp]
) -> views.BoardDecisionRow:
    """Record what came of it."""
    record.perform(who, lambda tx: actions.follow_board_decision(tx, number=number, text=data.text))
    return _shown(record, number)


@post("/api/executive/decisions/{number:int}/withdrawal", opt=REVIEW, sync_to_thread=True)
def withdraw(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Withdrawal]
) -> views.BoardDecisionRow:
    """Ask for it no longer."""
    record.perform(who, lambda tx: actions.withdraw_board_decision(tx, number=number, reason=data.reason))
    return _shown(record, number)


@get("/api/executive/mailing", opt=READ, sync_to_thread=True)
def show_mailing(record: NamedDependency[Record]) -> Document:
    """When the page goes out by itself, and to whom; null: it does not."""
    with record.read() as conn:
        return {"mailing": views.mailing(conn, record.clock.now())}


@put("/api/executive/mailing", opt=REVIEW, sync_to_thread=True)
def schedule(record: NamedDependency[Record], who: NamedDependency[Principal], data: JSONBody[Schedule]) -> Document:
    """Have it go out by itself from now on."""
    record.perform(who, lambda tx: actions.schedule_board_mail(tx, every=data.every, to=data.to))
    with record.read() as conn:
        return {"mailing": views.mailing(conn, record.clock.now())}


@delete("/api/executive/mailing", opt=REVIEW, sync_to_thread=True)
def stop(record: NamedDependency[Record], who: NamedDependency[Principal]) -> None:
    """Have it go out no longer."""
    record.perform(who, lambda tx: actions.stop_board_mail(tx))


def _shown(record: Record, number: int) -> views.BoardDecisionRow:
    with record.read() as conn:
        return views.board_decision(conn, number)


ROUTES = [
    show_page,
    page_pdf,
    list_issues,
    issue,
    show_issue,
    list_decisions,
    ask,
    show_decision,
    take,
    follow,
    withdraw,
    show_mailing,
    schedule,
    stop,
]
