"""What if and staffing, for people: a question as a form, its answer in sentences below."""

from typing import Annotated, Any

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromQuery, Parameter
from litestar.response import Template

from quarterdeck.direction import views
from quarterdeck.direction.rules.simulation import words
from quarterdeck.direction.rules.simulation.history import TooLittle
from quarterdeck.direction.rules.simulation.predicting import REPLICATIONS, Prediction, predict, setting, staffing
from quarterdeck.governance.rules import Permission
from quarterdeck.kernel.apart import apart
from quarterdeck.kernel.errors import Invalid
from quarterdeck.plan.views import draft_plan, drafts, in_force
from quarterdeck.record import Record

_READ: dict[str, Any] = {"may": Permission.READ}
Factor = Annotated[float, Parameter(ge=0, le=20)]
Lines = Annotated[str, Parameter(max_length=4000)]


@get("/what-if", opt=_READ, sync_to_thread=True)
def what_if_page(
    record: NamedDependency[Record],
    run: FromQuery[str] = "",
    draft: Annotated[int, Parameter(ge=0, le=2**31)] = 0,
    staff: Lines = "",
    then: Lines = "",
    arrivals: Factor = 1.0,
    work: Factor = 1.0,
    seed: Annotated[int, Parameter(ge=0, le=2**31)] = 1,
) -> Template:
    """The question, and once it is asked its answer: the address holds both, so it can be sent to somebody."""
    found: Prediction | None = None
    fault = ""
    with record.read() as conn:
        standing = in_force(conn)
        open_drafts = [row for row in drafts(conn) if row.state not in ("published", "withdrawn")]
        teams = views.teams_with_incidents(conn)
        plan = draft_plan(conn, draft) if draft else standing.plan if standing else None
        known = views.basis(conn) if run and standing else None
    if known is not None and standing and plan:
        try:
            present = staffing(staff.splitlines())
            now = setting(standing.plan, known, present)
            later = setting(plan, known, {**present, **staffing(then.splitlines())}, arrivals, work)
            found = apart(predict, known, now, later, REPLICATIONS, seed)
        except TooLittle as error:
            fault = str(error)
        except Invalid as error:
            fault = " ".join((error.detail, *error.errors))
    context = {
        "standing": standing,
        "drafts": [
            (0, "the plan in force"),
            *((row.number, f"draft {row.number}: {row.title}") for row in open_drafts),
        ],
        "asked": {"draft": draft, "staff": staff, "then": then, "arrivals": arrivals, "work": work, "seed": seed},
        "teams": teams,
        "found": found,
        "fault": fault,
        "words": words,
    }
    return Template("direction/what_if.html", context=context)


@get("/staffing", opt=_READ, sync_to_thread=True)
def staffing_page(
    record: NamedDependency[Record],
    within: Annotated[float, Parameter(ge=1, le=1440)] = 15,
    goal: Annotated[float, Parameter(ge=1, le=100)] = 90,
    team: Annotated[str, Parameter(max_length=100)] = "",
) -> Template:
    """How many responders at which hour, from own arrivals; where one person moved would help most."""
    with record.read() as conn:
        found = views.staffing(conn, within, goal / 100, 6, team or None)
    context = {"found": found, "within": within, "goal": goal, "team": team, "most": 6}
    return Template("direction/staffing.html", context=context)


ROUTES = [what_if_page, staffing_page]
