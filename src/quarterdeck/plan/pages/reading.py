"""The plan as one long readable document, fit for print."""

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template

from quarterdeck.governance.rules import Permission
from quarterdeck.governance.views import person_names
from quarterdeck.paper import markdown
from quarterdeck.plan import views
from quarterdeck.plan.pages.words import actor
from quarterdeck.plan.rules import InForce, Plan, procedure_for, type_and_parents, wording
from quarterdeck.record import Record


def _document(found: InForce | None, names: dict[str, str], latest: int) -> Template:
    if found is None:
        return Template(template_name="plan/none.html")
    context = {
        "found": found,
        "plan": found.plan,
        "by": actor(found.by, names),
        "latest": latest,
        "say": wording,
        "markdown": markdown.html,
        "used_by": used_by(found.plan),
        "inherited": {name: inherited(found.plan, name) for name in found.plan.types},
    }
    return Template(template_name="plan/plan.html", context=context)


def inherited(plan: Plan, type: str) -> dict[str, str | None]:
    """What holds for a type, its own or from its nearest parent."""
    line = list(type_and_parents(plan, type))
    return {
        "procedure": next((one.procedure for one in line if one.procedure), None),
        "floor": next((one.severity_floor for one in line if one.severity_floor), None),
        "path": next((one.escalation for one in line if one.escalation), None),
    }


def used_by(plan: Plan) -> dict[str, list[str]]:
    """For each procedure the titles of the types that it serves, in the order of the types; unused ones come last."""
    served: dict[str, list[str]] = {}
    for name, type_ in plan.types.items():
        served.setdefault(procedure_for(plan, name) or "", []).append(type_.title)
    return {**served, **{name: [] for name in plan.procedures if name not in served}}


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
