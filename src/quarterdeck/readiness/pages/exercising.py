"""Exercises for people: the list, planning one, and its sheet with the clock."""

from functools import partial
from typing import Annotated, Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, Parameter, QueryParameter
from litestar.response import Redirect, Template

from quarterdeck.governance.rules import Permission, may
from quarterdeck.governance.views import people, person_names, teams
from quarterdeck.kernel.errors import Invalid, Refused
from quarterdeck.kernel.principal import Principal
from quarterdeck.plan.rules import wording
from quarterdeck.plan.views import in_force
from quarterdeck.readiness import actions, views
from quarterdeck.readiness.pages.forms import COMMAND, READ, REVIEW, Form, changed, fields, instant
from quarterdeck.readiness.rules import KINDS, RATINGS, STATES
from quarterdeck.readiness.sources import example_scenarios
from quarterdeck.record import Record

_PLANNED = ("scenario", "team", "facilitator", "evaluator", "participants", "scheduled_at", "announced")


@get("/exercises", opt=READ, sync_to_thread=True)
def exercises_page(
    record: NamedDependency[Record],
    status: Annotated[str, QueryParameter(name="state")] = "",
    cursor: Annotated[int, Parameter(ge=0, le=2**31)] = 0,
) -> Template:
    """Running ones first, then planned ones, then what has been exercised."""
    with record.read() as conn:
        rows, following = views.exercises(conn, state=status or None, cursor=cursor)
    context = {
        "rows": rows,
        "state": status,
        "states": STATES,
        "older": f"/exercises?state={status}&cursor={following}" if following else None,
    }
    return Template(template_name="readiness/exercises.html", context=context)


@get("/exercises/new", opt=REVIEW, sync_to_thread=True)
def new_page(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    example: FromQuery[str] = "",
    type_: Annotated[str, QueryParameter(name="type")] = "",
    incident: Annotated[int | None, Parameter(ge=1, le=2**31)] = None,
) -> Template:
    """Plan an exercise: paste a scenario, or begin with an example, a type's outline or a past incident."""
    scenario = example_scenarios().get(example, "")
    with record.read() as conn:
        if type_:
            scenario = views.scenario_outlined(conn, type_)
        elif incident is not None:
            scenario = views.scenario_cut_from(conn, incident)
    return _new(record, who, {**dict.fromkeys(_PLANNED, ""), "scenario": scenario, "announced": "yes"})


def _new(record: Record, who: Principal, given: dict[str, str], faults: Any = None) -> Template:
    with record.read() as conn:
        context = {
            "given": given,
            "faults": faults,
            "me": who.person,
            "people": [(one.id, one.name) for one in people(conn) if one.active],
            "logins": [one.login for one in people(conn) if one.active],
            "teams": [(one.id, one.name) for one in teams(conn)],
            "examples": sorted(example_scenarios()),
            "plan": in_force(conn),
            "kinds": KINDS,
        }
    return Template(template_name="readiness/new.html", context=context)


@post("/exercises/new", opt=REVIEW, sync_to_thread=True, status_code=200)
def new_form(record: NamedDependency[Record], who: NamedDependency[Principal], data: JSONBody[Form]) -> Response[Any]:
    """Plan it; a faulty scenario comes back with everything that is wrong, and nothing of it lost."""
    form = fields(data, *_PLANNED)
    form["scenario"] = data.get("scenario", "").replace("\r\n", "\n")
    try:
        number = record.perform(
            who,
            lambda tx: actions.plan_exercise(
                tx,
                scenario=form["scenario"],
                team=form["team"] or None,
                facilitator=form["facilitator"] or None,
                evaluator=form["evaluator"] or None,
                participants=form["participants"].replace(",", " ").split(),
                scheduled_at=instant("scheduled_at", form["scheduled_at"]),
                announced=bool(form["announced"]),
            ),
        )
    except (Invalid, Refused) as fault:
        return _new(record, who, form, {"detail": fault.detail, "errors": getattr(fault, "errors", ())})
    return Redirect(f"/exercises/{number}", status_code=303)


@get("/exercises/{number:int}", opt=READ, sync_to_thread=True)
def exercise_page(record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int]) -> Template:
    """The run sheet: what happens when, what is expected, what came of it."""
    with record.read() as conn:
        sheet = views.sheet(conn, number)
        names = person_names(conn)
        context = {
            "sheet": sheet,
            "row": sheet.row,
            "state": sheet.state,
            "names": names,
            "me": who.person,
            "ratings": RATINGS,
            "kinds": KINDS,
            "target": partial(wording.target, sheet.plan),
            "leaders": [(one.id, one.name) for one in people(conn) if one.active],
            "may_review": may(who, Permission.REVIEW) and who.person not in sheet.row.participants,
            "may_lead": may(who, Permission.REVIEW),
            "may_end": may(who, Permission.COMMAND),
        }
    return Template(template_name="readiness/exercise.html", context=context)


@post("/exercises/{number:int}/start", opt=REVIEW, sync_to_thread=True)
def start_form(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Form]
) -> Redirect:
    """Start its clock."""
    fields(data)
    return changed(record, who, number, lambda tx: actions.start_exercise(tx, number=number))


@post("/exercises/{number:int}/end", opt=COMMAND, sync_to_thread=True)
def end_form(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Form]
) -> Redirect:
    """Stop at once; `real`: a real incident has come."""
    real = fields(data, "real")["real"] == "yes"
    reason = "a real incident came" if real else "it is over"
    return changed(record, who, number, lambda tx: actions.end_exercise(tx, number=number, reason=reason, real=real))


@post("/exercises/{number:int}/cancellation", opt=REVIEW, sync_to_thread=True)
def cancel_form(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Form]
) -> Redirect:
    """It will not take place."""
    reason = fields(data, "reason")["reason"]
    return changed(record, who, number, lambda tx: actions.cancel_exercise(tx, number=number, reason=reason))


@post("/exercises/{number:int}/injects/{inject:str}", opt=REVIEW, sync_to_thread=True)
def inject_form(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    number: FromPath[int],
    inject: FromPath[str],
    data: JSONBody[Form],
) -> Redirect:
    """Let it happen now."""
    fields(data)
    return changed(record, who, number, lambda tx: actions.inject_now(tx, number=number, inject=inject))


@post("/exercises/{number:int}/evaluator", opt=REVIEW, sync_to_thread=True)
def evaluator_form(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Form]
) -> Redirect:
    """Somebody else judges."""
    evaluator = fields(data, "evaluator")["evaluator"]
    return changed(record, who, number, lambda tx: actions.appoint_evaluator(tx, number=number, evaluator=evaluator))


ROUTES = [
    exercises_page,
    new_page,
    new_form,
    exercise_page,
    start_form,
    end_form,
    cancel_form,
    inject_form,
    evaluator_form,
]
