"""The plan as one long readable document, its prose and its structured parts together, fit for print."""

from typing import Any

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template
from markupsafe import Markup

from quarterdeck.governance.rules import Permission
from quarterdeck.governance.views import person_names
from quarterdeck.paper import markdown
from quarterdeck.plan import views
from quarterdeck.plan.rules import (
    Document,
    InForce,
    Plan,
    documents,
    step_words,
    type_and_parents,
    wording,
)
from quarterdeck.plan.views import actor, untitled, used_by
from quarterdeck.record import Record


def _document(found: InForce | None, names: dict[str, str], latest: int) -> Template:
    if found is None:
        return Template(template_name="plan/none.html")
    plan = found.plan
    context = {
        "found": found,
        "plan": plan,
        "by": actor(found.by, names),
        "authors": [actor(one, names) for one in found.authors],
        "approved_by": actor(found.approved_by, names) if found.approved_by else None,
        "latest": latest,
        "documents": {one.key: one for one in documents(plan)},
        "bodies": {one.key: body(one, 3 if one.key == "plan" else 4) for one in documents(plan)},
        "inherited": {name: inherited(plan, name) for name in plan.types},
        **reading(plan),
    }
    return Template(template_name="plan/plan.html", context=context)


def reading(plan: Plan) -> dict[str, Any]:
    """What the templates of documents need beside the plan."""
    return {"say": wording, "step_say": step_words, "markdown": markdown.html, "used_by": used_by(plan)}


def body(document: Document, level: int = 4) -> Markup | None:
    """A document's prose as safe HTML, without a first heading that only repeats its title; None if it has none."""
    text = untitled(document)
    return markdown.html(text, level) if text else None


def inherited(plan: Plan, type: str) -> dict[str, str | None]:
    """What holds for a type, its own or from its nearest parent."""
    line = list(type_and_parents(plan, type))
    return {
        "procedure": next((one.procedure for one in line if one.procedure), None),
        "floor": next((one.severity_floor for one in line if one.severity_floor), None),
        "path": next((one.escalation for one in line if one.escalation), None),
    }


@get("/plan", opt={"may": Permission.READ}, sync_to_thread=True)
def plan_page(record: NamedDependency[Record]) -> Template:
    """The plan in force."""
    with record.read() as conn:
        found, names = views.in_force(conn), person_names(conn)
    return _document(found, names, found.revision if found else 0)


@get("/plan/revisions/{number:int}", opt={"may": Permission.READ}, sync_to_thread=True)
def revision_page(record: NamedDependency[Record], number: FromPath[int]) -> Template:
    """An earlier revision, as it was."""
    with record.read() as conn:
        found, names, newest = views.revision(conn, number), person_names(conn), views.revisions(conn, limit=1)
    return _document(found, names, newest[0].revision)


ROUTES = [plan_page, revision_page]
