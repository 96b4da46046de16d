"""Reviews for people: the list of what is owed, and the review's panel on the incident page."""

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
from quarterdeck.learning import actions, views
from quarterdeck.record import Record

READ: dict[str, Any] = {"may": Permission.READ}
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


def _only(form: dict[str, str], *allowed: str) -> dict[str, str]:
    if unknown := sorted(set(form) - set(allowed)):
        raise Invalid("The form has no such field.", tuple(f"{name}: unknown" for name in unknown[:20]))
    return {name: form.get(name, "").strip() for name in allowed}


@post("/incidents/{number:int}/review", opt=REVIEW, sync_to_thread=True)
def review_form(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Form]
) -> Redirect:
    """The review was held."""
    form = _only(data, "facilitator", "summary")
    leader = form["facilitator"] or None
    record.perform(who, lambda tx: actions.hold_review(tx, number=number, summary=form["summary"], facilitator=leader))
    return Redirect(f"/incidents/{number}", status_code=303)


@post("/incidents/{number:int}/review/waiver", opt=REVIEW, sync_to_thread=True)
def waiver_form(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Form]
) -> Redirect:
    """Do without it, with a reason."""
    reason = _only(data, "reason")["reason"]
    record.perform(who, lambda tx: actions.waive_review(tx, number=number, reason=reason))
    return Redirect(f"/incidents/{number}", status_code=303)


def review_panel(conn: Connection, who: Principal, number: int) -> dict[str, Any] | None:
    review = views.review(conn, number)
    if review is None:
        return None
    leaders = [(one.id, one.name) for one in people(conn) if one.active and one.id != review.commander]
    return {
        "review": review,
        "number": number,
        "leaders": leaders,
        "me": who.person,
        "may": may(who, Permission.REVIEW),
    }


PANELS = (Panel("review", "right", "Review", "learning/review.html", review_panel, order=40),)
ROUTES = [reviews_page, review_form, waiver_form]
