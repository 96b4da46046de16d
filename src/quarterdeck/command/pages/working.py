"""The forms that work through the plan, and how well it is followed across incidents."""

from datetime import timedelta
from typing import Annotated, Literal

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, Parameter
from litestar.response import Redirect, Template
from sqlalchemy import Connection

from quarterdeck.command import actions, views
from quarterdeck.command.pages.forms import COMMAND, READ, RESPOND, Form, changed, fields, instant
from quarterdeck.governance.views import teams
from quarterdeck.kernel.principal import Principal
from quarterdeck.plan.views import in_force
from quarterdeck.record import Record, Tx


@post("/incidents/{number:int}/tasks", opt=RESPOND, sync_to_thread=True)
def tasks(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Form]
) -> Redirect:
    form = fields(data, "title", "assignee", "due")

    def act(tx: Tx) -> str:
        due = instant("due", form["due"])
        return actions.add_task(tx, number=number, title=form["title"] or "", assignee=form["assignee"], due=due)

    return changed(record, who, number, act)


@post("/incidents/{number:int}/tasks/{task:str}/completion", opt=RESPOND, sync_to_thread=True)
def completion(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    number: FromPath[int],
    task: FromPath[str],
    data: JSONBody[Form],
) -> Redirect:
    form = fields(data, "evidence", "answer")

    def act(tx: Tx) -> None:
        actions.complete_task(tx, number=number, task=task, evidence=form["evidence"], answer=form["answer"])

    return changed(record, who, number, act)


@post("/incidents/{number:int}/tasks/{task:str}/skip", opt=RESPOND, sync_to_thread=True)
def skip(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    number: FromPath[int],
    task: FromPath[str],
    data: JSONBody[Form],
) -> Redirect:
    reason = fields(data, "reason")["reason"] or ""
    return changed(record, who, number, lambda tx: actions.skip_task(tx, number=number, task=task, reason=reason))


@post("/incidents/{number:int}/tasks/{task:str}/assignment", opt=RESPOND, sync_to_thread=True)
def assignment(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    number: FromPath[int],
    task: FromPath[str],
    data: JSONBody[Form],
) -> Redirect:
    person = fields(data, "person")["person"] or ""
    return changed(record, who, number, lambda tx: actions.assign_task(tx, number=number, task=task, person=person))


@post("/incidents/{number:int}/steps/{step:str}/explanation", opt=COMMAND, sync_to_thread=True)
def explanation(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    number: FromPath[int],
    step: FromPath[str],
    data: JSONBody[Form],
) -> Redirect:
    form = fields(data, "why", "verdict")
    given = {name: value or "" for name, value in form.items()}
    return changed(record, who, number, lambda tx: actions.explain_deviation(tx, number=number, step=step, **given))


@get("/conformance", opt=READ, sync_to_thread=True)
def conformance_page(
    record: NamedDependency[Record],
    by: FromQuery[Literal["step", "type", "team"]] = "step",
    days: Annotated[int, Parameter(ge=1, le=3660)] = 180,
) -> Template:
    """Where the plan was followed, and where it was not."""
    now = record.clock.now()
    with record.read() as conn:
        rows = views.conformance_across(conn, since=now - timedelta(days=days), by=by)
        names = titles_for(conn, by)
    context = {"rows": rows, "by": by, "days": days, "names": names}
    return Template(template_name="command/conformance_page.html", context=context)


def titles_for(conn: Connection, by: str) -> dict[str, str]:
    """What people call a type or a team; steps bring their titles along."""
    if by == "team":
        return {team.id: team.name for team in teams(conn)}
    found = in_force(conn)
    return {key: type_.title for key, type_ in found.plan.types.items()} if found and by == "type" else {}


ROUTES = [tasks, completion, skip, assignment, explanation, conformance_page]
