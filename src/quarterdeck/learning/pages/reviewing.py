"""Reviews for people: the list of what is owed, the incident's panel, and who leads, attends, or waives one."""

from datetime import UTC, datetime
from typing import Annotated, Any

from litestar import get, post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, JSONBody, Parameter, QueryParameter
from litestar.response import Redirect, Template
from sqlalchemy import Connection

from quarterdeck.governance.rules import Permission, may
from quarterdeck.governance.views import people
from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.panel import Panel
from quarterdeck.kernel.principal import Principal
from quarterdeck.kernel.time import Instant
from quarterdeck.learning import actions, views
from quarterdeck.record import Record

READ: dict[str, Any] = {"may": Permission.READ}
RESPOND: dict[str, Any] = {"may": Permission.RESPOND}
REVIEW: dict[str, Any] = {"may": Permission.REVIEW}
Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]


@get("/reviews", opt=READ, sync_to_thread=True)
def reviews_page(
    record: NamedDependency[Record],
    status: Annotated[str, QueryParameter(name="state")] = "",
    cursor: Annotated[int, Parameter(ge=0, le=2**31)] = 0,
) -> Template:
    """Reviews that are owed first, by due date."""
    with record.read() as conn:
        rows, following = views.reviews(conn, status or None, cursor, 200)
    context = {
        "rows": rows,
        "state": status,
        "states": views.STATES,
        "older": f"/reviews?state={status}&cursor={following}" if following else None,
    }
    return Template(template_name="learning/reviews.html", context=context)


def only(form: dict[str, str], *allowed: str) -> dict[str, str]:
    """The fields of a form, stripped, missing ones empty; `Invalid` names those that it does not have."""
    if unknown := sorted(set(form) - set(allowed)):
        raise Invalid("The form has no such field.", tuple(f"{name[:40]}: unknown" for name in unknown[:20]))
    return {name: form.get(name, "").strip() for name in allowed}


def moment(field: str, text: str) -> Instant | None:
    """What a `datetime-local` input sends, taken as UTC; an offset that is given is honoured. Empty: None."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid("A time is not right.", (f"{field}: write it as 2026-03-02T09:00",)) from None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found


def back(number: int, anchor: str = "") -> Redirect:
    return Redirect(f"/reviews/{number}{anchor}", status_code=303)


@post("/incidents/{number:int}/review", opt=REVIEW, sync_to_thread=True)
def review_form(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Form]
) -> Redirect:
    """The review was held elsewhere."""
    form = only(data, "facilitator", "summary")
    leader = form["facilitator"] or None
    record.perform(who, lambda tx: actions.hold_review(tx, number=number, summary=form["summary"], facilitator=leader))
    return Redirect(f"/incidents/{number}", status_code=303)


@post("/incidents/{number:int}/review/waiver", opt=REVIEW, sync_to_thread=True)
def waiver_form(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Form]
) -> Redirect:
    """Do without it, with a reason."""
    reason = only(data, "reason")["reason"]
    record.perform(who, lambda tx: actions.waive_review(tx, number=number, reason=reason))
    return Redirect(f"/incidents/{number}", status_code=303)


@post("/reviews/{number:int}/facilitator", opt=REVIEW, sync_to_thread=True)
def facilitator_form(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Form]
) -> Redirect:
    """Ask somebody to lead it."""
    person = only(data, "person")["person"]
    record.perform(who, lambda tx: actions.assign_facilitator(tx, number=number, person=person))
    return back(number)


@post("/reviews/{number:int}/participants", opt=RESPOND, sync_to_thread=True)
def participants_form(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Form]
) -> Redirect:
    """Name who takes part: `there-{id}` for those offered, `others` for logins beside them."""
    ids = [name.removeprefix("there-") for name in data if name.startswith("there-")]
    others = only({name: value for name, value in data.items() if not name.startswith("there-")}, "others")["others"]
    named = [*ids, *others.replace(",", " ").split()]
    record.perform(who, lambda tx: actions.name_participants(tx, number=number, people=named))
    return back(number)


@post("/reviews/{number:int}/meeting", opt=RESPOND, sync_to_thread=True)
def meeting_form(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Form]
) -> Redirect:
    """Say when those who take part meet; empty: there is no date any more."""
    at = moment("meets_at", only(data, "meets_at")["meets_at"])
    record.perform(who, lambda tx: actions.schedule_review(tx, number=number, meets_at=at))
    return back(number)


def review_panel(conn: Connection, who: Principal, number: int) -> dict[str, Any] | None:
    review = views.review(conn, number)
    if review is None:
        return None
    leaders = [(one.id, one.name) for one in people(conn) if one.active and one.id != review.commander]
    return {
        "review": review,
        "number": number,
        "summary": views.texts(conn, number).get("summary"),
        "leaders": leaders,
        "me": who.person,
        "may": may(who, Permission.REVIEW),
    }


PANELS = (Panel("review", "right", "Review", "learning/review.html", review_panel, order=40),)
ROUTES = [reviews_page, review_form, waiver_form, facilitator_form, participants_form, meeting_form]
