"""A guideline of lessons: which belong together, and the form that makes one of them."""

from typing import Annotated, Any

from litestar import get, post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, JSONBody, Parameter, QueryParameter
from litestar.response import Redirect, Template

from quarterdeck.governance.rules import Permission
from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.principal import Principal
from quarterdeck.learning import actions, views
from quarterdeck.learning.views import Group
from quarterdeck.plan.views import in_force
from quarterdeck.record import Record

REVIEW: dict[str, Any] = {"may": Permission.REVIEW}
Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]


@get("/guidelines/new", opt=REVIEW, sync_to_thread=True)
def guideline_page(
    record: NamedDependency[Record],
    factor: Annotated[str, Parameter(max_length=100)] = "",
    type_: Annotated[str, QueryParameter(name="type", max_length=100)] = "",
) -> Template:
    """The lessons that belong together; of one group, the form that makes a guideline of them."""
    with record.read() as conn:
        groups = views.lesson_groups(conn, least=1 if factor or type_ else 2)
        standing = in_force(conn)
    procedures = [(id, one.title) for id, one in standing.plan.procedures.items()] if standing else []
    chosen = _chosen(groups, factor, type_)
    context = {"groups": groups, "chosen": chosen, "procedures": procedures, "asked": bool(factor or type_)}
    return Template("learning/guideline_new.html", context=context)


def _chosen(groups: list[Group], factor: str, type_: str) -> Group | None:
    wanted = ("factor", factor) if factor else ("type", type_)
    return next((one for one in groups if (one.by, one.key) == wanted), None)


@post("/guidelines/new", opt=REVIEW, sync_to_thread=True)
def guideline_form(record: NamedDependency[Record], who: NamedDependency[Principal], data: JSONBody[Form]) -> Redirect:
    """Open the draft; the lessons are the boxes `lesson-7` that were ticked."""
    ticked = [name.removeprefix("lesson-") for name in data if name.startswith("lesson-")]
    unknown = sorted(set(data) - {"title", "procedure", "shared"} - {f"lesson-{one}" for one in ticked})
    faults = [f"{name[:60]}: unknown" for name in unknown] + [
        f"lesson-{one[:20]}: is no number" for one in ticked if not one.isascii() or not one.isdigit() or len(one) > 9
    ]
    if faults:
        raise Invalid("The form has no such field.", tuple(faults[:20]))
    draft = record.perform(
        who,
        lambda tx: actions.propose_guideline(
            tx,
            title=data.get("title", ""),
            lessons=[int(one) for one in ticked],
            procedure=data.get("procedure", ""),
            shared=data.get("shared", ""),
        ),
    )
    return Redirect(f"/plan/drafts/{draft}", status_code=303)


ROUTES = [guideline_page, guideline_form]
