"""The executive page for people: on the screen and on paper, as issued before, and the decisions that are needed."""

from datetime import date
from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery, JSONBody
from litestar.response import Redirect, Template

from quarterdeck.direction import actions
from quarterdeck.direction.rules.reporting.spans import end_of_day, looked_at
from quarterdeck.direction.rules.reporting.standings import NO_CATALOGUE
from quarterdeck.direction.rules.reporting.wording import ARROWS, by_when, linked
from quarterdeck.direction.views import reporting as views
from quarterdeck.direction.views.reporting.drawn import weekly
from quarterdeck.direction.views.reporting.printed import KEPT, LEGEND, NO_CLOCK, UNTOLD, WHERE
from quarterdeck.governance.rules import Permission
from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.principal import Principal
from quarterdeck.record import Record

READ: dict[str, Any] = {"may": Permission.READ}
REVIEW: dict[str, Any] = {"may": Permission.REVIEW}
Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
_PDF = "application/pdf"
PAGE = "/executive"
DECISIONS = "/executive/decisions"
_WAYS = {
    "linked": linked,
    "by_when": by_when,
    "arrows": ARROWS,
    "no_catalogue": NO_CATALOGUE,
    "no_clock": NO_CLOCK,
    "legend": LEGEND,
    "where": WHERE,
    "kept": KEPT,
    "untold": UNTOLD,
}


@get(PAGE, opt=READ, sync_to_thread=True)
def executive_page(record: NamedDependency[Record], as_of: FromQuery[str] = "") -> Template:
    """One sheet: what is at risk, is it better or worse, what has to be decided."""
    now = record.clock.now()
    with record.read() as conn:
        page = views.executive(conn, now, looked_at(_day(as_of, "as_of"), now))
        context = {
            **_WAYS,
            "page": page,
            "chart": weekly(page),
            "issued": None,
            "as_of": as_of,
            "issues": views.issues(conn, limit=5),
            "mailing": views.mailing(conn, now),
        }
    return Template("direction/executive.html", context=context)


@get("/executive/page.pdf", opt=READ, sync_to_thread=True, media_type=_PDF)
def executive_pdf(
    request: Request[Any, Any, Any], record: NamedDependency[Record], as_of: FromQuery[str] = ""
) -> Response[bytes]:
    """The same sheet as one accessible PDF (PDF/UA)."""
    now = record.clock.now()
    with record.read() as conn:
        page = views.executive(conn, now, looked_at(_day(as_of, "as_of"), now))
    return _sheet(views.sheet(page, now, _here(request)), f"executive-{page.as_of:%Y-%m-%d}")


@post("/executive/issues", opt=REVIEW, sync_to_thread=True)
def issue_form(record: NamedDependency[Record], who: NamedDependency[Principal]) -> Redirect:
    """Freeze the page as it is now."""
    with record.read() as conn:
        page = views.executive(conn, record.clock.now())
    number = record.perform(who, lambda tx: actions.issue_page(tx, page=page))
    return Redirect(f"/executive/issues/{number}", status_code=303)


@get("/executive/issues", opt=READ, sync_to_thread=True)
def issues_page(record: NamedDependency[Record]) -> Template:
    """Every page as it was issued, and when the next goes out by itself."""
    now = record.clock.now()
    with record.read() as conn:
        context = {"issues": views.issues(conn, limit=200), "mailing": views.mailing(conn, now)}
    return Template("direction/executive_issues.html", context=context)


@get("/executive/issues/{number:int}", opt=READ, sync_to_thread=True)
def issue_page(record: NamedDependency[Record], number: FromPath[int]) -> Template:
    """A page as senior management got it."""
    with record.read() as conn:
        row, page = views.issue(conn, number)
    return Template("direction/executive.html", context={**_WAYS, "page": page, "chart": weekly(page), "issued": row})


@get("/executive/issues/{number:int}/page.pdf", opt=READ, sync_to_thread=True, media_type=_PDF)
def issue_pdf(
    request: Request[Any, Any, Any], record: NamedDependency[Record], number: FromPath[int]
) -> Response[bytes]:
    """The same as one accessible PDF (PDF/UA)."""
    with record.read() as conn:
        row, page = views.issue(conn, number)
    return _sheet(views.sheet(page, row.at, _here(request), number), f"executive-{number}")


@post("/executive/mailing", opt=REVIEW, sync_to_thread=True)
def mailing_form(record: NamedDependency[Record], who: NamedDependency[Principal], data: JSONBody[Form]) -> Redirect:
    """Have it go out by itself."""
    form = only(data, "every", "to")
    to = [one for line in form["to"].splitlines() for one in line.replace(",", " ").split()]
    record.perform(who, lambda tx: actions.schedule_board_mail(tx, every=form["every"], to=to))
    return Redirect("/executive/issues", status_code=303)


@post("/executive/mailing/stop", opt=REVIEW, sync_to_thread=True)
def mailing_stop_form(record: NamedDependency[Record], who: NamedDependency[Principal]) -> Redirect:
    """Have it go out no longer."""
    record.perform(who, lambda tx: actions.stop_board_mail(tx))
    return Redirect("/executive/issues", status_code=303)


# -- decisions -------------------------------------------------------------------------------------


@get(DECISIONS, opt=READ, sync_to_thread=True)
def decisions_page(record: NamedDependency[Record]) -> Template:
    """Every decision that is needed, asked for by hand or by the record itself; and those that were taken."""
    now = record.clock.now()
    with record.read() as conn:
        rows = views.board_decisions(conn, limit=200)
        context = {"wanted": views.wanted(conn, now), "rows": rows, "by_when": by_when, "at": now}
    return Template("direction/decisions.html", context=context)


@get("/executive/decisions/{number:int}", opt=READ, sync_to_thread=True)
def decision_page(record: NamedDependency[Record], number: FromPath[int]) -> Template:
    """One decision that was asked for by hand."""
    with record.read() as conn:
        context = {"row": views.board_decision(conn, number), "by_when": by_when, "at": record.clock.now()}
    return Template("direction/decision.html", context=context)


@post(DECISIONS, opt=REVIEW, sync_to_thread=True)
def ask_form(record: NamedDependency[Record], who: NamedDependency[Principal], data: JSONBody[Form]) -> Redirect:
    """Ask for one."""
    form = only(data, "question", "due", "waiting", "advice", "href")
    due = _day(form["due"], "due")
    given = {name: form[name] for name in ("question", "waiting", "advice", "href")}
    number = record.perform(who, lambda tx: actions.ask_board(tx, due=end_of_day(due) if due else None, **given))
    return Redirect(f"{DECISIONS}/{number}", status_code=303)


@post("/executive/decisions/{number:int}/outcome", opt=REVIEW, sync_to_thread=True)
def outcome_form(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Form]
) -> Redirect:
    """Record what was decided."""
    form = only(data, "decision", "decided_by")
    given = {"decision": form["decision"], "decided_by": form["decided_by"]}
    record.perform(who, lambda tx: actions.take_board_decision(tx, number=number, **given))
    return Redirect(f"{DECISIONS}/{number}", status_code=303)


@post("/executive/decisions/{number:int}/follow-up", opt=REVIEW, sync_to_thread=True)
def follow_form(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Form]
) -> Redirect:
    """Record what came of it."""
    text = only(data, "text")["text"]
    record.perform(who, lambda tx: actions.follow_board_decision(tx, number=number, text=text))
    return Redirect(f"{DECISIONS}/{number}", status_code=303)


@post("/executive/decisions/{number:int}/withdrawal", opt=REVIEW, sync_to_thread=True)
def withdrawal_form(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Form]
) -> Redirect:
    """Ask for it no longer."""
    reason = only(data, "reason")["reason"]
    record.perform(who, lambda tx: actions.withdraw_board_decision(tx, number=number, reason=reason))
    return Redirect(f"{DECISIONS}/{number}", status_code=303)


def _day(text: str, field: str) -> date | None:
    """A day as a form or an address gives it. Raises `Invalid`."""
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Invalid("That is no day.", (f"{field}: {text[:40]!r}; write it as 2026-03-12",)) from None


def only(form: dict[str, str], *allowed: str) -> dict[str, str]:
    if unknown := sorted(set(form) - set(allowed)):
        raise Invalid("The form has no such field.", tuple(f"{name[:60]}: unknown" for name in unknown[:20]))
    return {name: form.get(name, "").strip() for name in allowed}


def _here(request: Request[Any, Any, Any]) -> str:
    return str(request.base_url).rstrip("/")


def _sheet(content: bytes, name: str) -> Response[bytes]:
    headers = {"content-disposition": f'inline; filename="{name}.pdf"'}
    return Response(content, media_type=_PDF, headers=headers)


ROUTES = [
    executive_page,
    executive_pdf,
    issue_form,
    issues_page,
    issue_page,
    issue_pdf,
    mailing_form,
    mailing_stop_form,
    decisions_page,
    decision_page,
    ask_form,
    outcome_form,
    follow_form,
    withdrawal_form,
]
