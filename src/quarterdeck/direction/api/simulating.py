"""Predictions for programs: what would change under another plan, another staffing, more or less to do."""

from typing import Annotated, Any

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, Parameter

from quarterdeck.direction import views
from quarterdeck.direction.rules.simulation.history import TooLittle
from quarterdeck.direction.rules.simulation.predicting import REPLICATIONS, Basis, predict, setting, staffing
from quarterdeck.direction.rules.simulation.words import document
from quarterdeck.direction.rules.staffing import staffing_document
from quarterdeck.governance.rules import Permission
from quarterdeck.kernel.apart import apart
from quarterdeck.kernel.errors import Refused
from quarterdeck.plan.views import draft_plan, in_force
from quarterdeck.record import Record

_READ: dict[str, Any] = {"may": Permission.READ}
Factor = Annotated[float, msgspec.Meta(ge=0, le=20)]


class Question(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`draft`: None is the plan in force. `staff`: `payments=3/1` for 3 by day and 1 by night; now, and then."""

    draft: int | None = None
    staff: list[str] = []
    then_staff: list[str] = []
    arrivals: Factor = 1.0
    work: Factor = 1.0
    replications: Annotated[int, msgspec.Meta(ge=2, le=1_000)] = REPLICATIONS
    seed: Annotated[int, msgspec.Meta(ge=0, le=2**31)] = 1


@post("/api/predictions", opt=_READ, sync_to_thread=True, status_code=200)
def ask_prediction(record: NamedDependency[Record], data: JSONBody[Question]) -> dict[str, Any]:
    """Now and then through the same drawn years, with a back-test beside it. Takes seconds; records nothing."""
    with record.read() as conn:
        standing = in_force(conn)
        if standing is None:
            raise Refused("NoPlan", "No plan is in force, so there is no present to compare with. Publish one first.")
        plan = draft_plan(conn, data.draft) if data.draft is not None else standing.plan
        basis: Basis = views.basis(conn)
    present = staffing(data.staff)
    now = setting(standing.plan, basis, present)
    then = setting(plan, basis, {**present, **staffing(data.then_staff)}, data.arrivals, data.work)
    try:
        return document(apart(predict, basis, now, then, data.replications, data.seed))
    except TooLittle as error:
        raise Refused("TooLittleHistory", str(error)) from error


@get("/api/staffing", opt=_READ, sync_to_thread=True)
def show_staffing(
    record: NamedDependency[Record],
    within: Annotated[float, Parameter(ge=1, le=1440)] = 15,
    goal: Annotated[float, Parameter(gt=0, le=1)] = 0.9,
    most: Annotated[int, Parameter(ge=1, le=20)] = 6,
    team: Annotated[str | None, Parameter(max_length=100)] = None,
) -> dict[str, Any]:
    """How many responders at which hour for an acknowledgement within so many minutes, from own arrivals."""
    with record.read() as conn:
        found = views.staffing(conn, within, goal, most, team)
    return staffing_document(found)


ROUTES = [ask_prediction, show_staffing]
