"""Beside the plan's editor: who would be paged by the plan as it is being typed, now and on Saturday at three."""

from collections.abc import Mapping
from typing import Annotated

from litestar import post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath
from litestar.response import Template

from quarterdeck.governance.rules import Permission
from quarterdeck.kernel.errors import Invalid, NotFound
from quarterdeck.oncall import views
from quarterdeck.oncall.pages.preview import saturday_night
from quarterdeck.plan.rules import Plan
from quarterdeck.plan.views import as_typed
from quarterdeck.record import Record

Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
_BODY = 6_000_000
"""The editor of a whole file sends the file."""


@post(
    "/plan/drafts/{number:int}/paged",
    opt={"may": Permission.PLAN},
    sync_to_thread=True,
    status_code=200,
    request_max_body_size=_BODY,
)
def paged_fragment(record: NamedDependency[Record], number: FromPath[int], data: Form) -> Template:
    """For the type, the severity or the path that is being edited; else for what an incident is taken for at first."""
    now = record.clock.now()
    with record.read() as conn:
        try:
            _, checked = as_typed(conn, number, data)
        except (Invalid, NotFound):
            return Template("oncall/as_typed.html", context={"answers": (), "number": number})
        plan = checked.plan
        asked = _asked(plan, data) if plan else {}
        moments = (("now", now), ("Saturday, 03:00", saturday_night(plan.calendar.zone, now))) if plan else ()
        answers = [(words, views.who_would_be_paged(conn, plan, at=at, **asked)) for words, at in moments if plan]
    return Template("oncall/as_typed.html", context={"answers": answers, "number": number})


def _asked(plan: Plan, form: Mapping[str, str]) -> dict[str, str | None]:
    part, id = form.get("part", ""), form.get("id", "")
    asked: dict[str, str | None] = {"type": None, "severity": None, "service": None}
    if part == "types" and id in plan.types:
        asked["type"] = id
    if part == "escalation":
        asked["severity"] = next(
            (str(one) for one, level in plan.severity.levels.items() if level.escalation == id), None
        )
    return asked


ROUTES = [paged_fragment]
