"""Improvement actions for programs: propose, plan, assign, agree, do, verify, cancel."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, Parameter, QueryParameter

from quarterdeck.governance.rules import Permission
from quarterdeck.kernel.errors import NotFound
from quarterdeck.kernel.principal import Principal
from quarterdeck.kernel.time import reachable
from quarterdeck.learning import actions, views
from quarterdeck.learning.events.effects import Expectation
from quarterdeck.record import Record, Tx

READ: dict[str, Any] = {"may": Permission.READ}
RESPOND: dict[str, Any] = {"may": Permission.RESPOND}
REVIEW: dict[str, Any] = {"may": Permission.REVIEW}
Document = dict[str, Any]


class Expected(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`measure`: `step:PROCEDURE/STEP`, `factor:CODE`, `acknowledge`, `mitigate` or `resolve`."""

    measure: str
    type: str | None = None
    service: str | None = None
    uses: int = 5
    days: int = 90


class Planned(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    title: str
    details: str = ""
    due: datetime | None = None
    expects: Expected | None = None
    person_days: float | None = None
    money: float | None = None
    currency: str | None = None
    needs: list[int] | None = None
    """Numbers of actions that have to be done first; of a revision, null leaves them."""
    falls_by: tuple[float, float, float] | None = None
    """By what share the loss should fall, 0 to 1: at least, most likely and at most."""


class NewAction(Planned, kw_only=True):
    """Of a `lesson` (its number), or of a `source` such as `INC-12`. `due`: null is what the duties say."""

    source: str | None = None
    lesson: int | None = None
    owner: str | None = None


class Revised(Planned, kw_only=True):
    """`seen`: the version that you began from. `due`: null leaves it."""

    seen: int


class Owner(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    owner: str


class Shown(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    shown: str
    """Where it can be seen that it is done."""


class Seen(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    found: str
    """What you saw when you looked."""


class Why(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    reason: str


def _facts(data: Planned) -> dict[str, Any]:
    facts = msgspec.structs.asdict(data)
    expects: Expected | None = facts.pop("expects")
    due = facts.pop("due")
    return {
        **facts,
        "due": reachable("due", due) if due else None,
        "expects": expectation(expects),
    }


def expectation(given: Expected | None) -> Expectation | None:
    return Expectation(**msgspec.structs.asdict(given)) if given else None


@get("/api/actions", opt=READ, sync_to_thread=True)
def list_actions(
    record: NamedDependency[Record],
    status: Annotated[str | None, QueryParameter(name="state")] = None,
    owner: FromQuery[str | None] = None,
    incident: Annotated[int | None, Parameter(ge=1, le=2**31)] = None,
    lesson: Annotated[int | None, Parameter(ge=1, le=2**31)] = None,
    limit: Annotated[int, Parameter(ge=1, le=500)] = 50,
    cursor: Annotated[int, Parameter(ge=0, le=2**31)] = 0,
) -> Document:
    """Improvement actions: what is to be done by its day, then what waits to be verified. `state`: open, overdue …"""
    of: dict[str, Any] = {"owner": owner, "incident": incident, "lesson": lesson}
    with record.read() as conn:
        rows, following = views.improvements(conn, status, **of, now=record.clock.now(), cursor=cursor, limit=limit)
    return {"items": rows, "next": following}


def _found(record: Record, number: int) -> Document:
    if not 0 < number < 2**31:
        raise NotFound(f"improvement action A-{number}")
    with record.read() as conn:
        row = views.improvement(conn, number)
        steps = views.improvement_steps(conn, number)
    return {**vars(row), "steps": steps}


def _done(record: Record, who: Principal, number: int, act: Any) -> Document:
    def do(tx: Tx) -> None:
        act(tx)

    record.perform(who, do)
    return _found(record, number)


@get("/api/actions/{number:int}", opt=READ, sync_to_thread=True)
def show_action(record: NamedDependency[Record], number: FromPath[int]) -> Document:
    """One improvement action, with all that happened to it."""
    return _found(record, number)


@post("/api/actions", opt=RESPOND, sync_to_thread=True)
def post_action(
    record: NamedDependency[Record], who: NamedDependency[Principal], data: JSONBody[NewAction]
) -> Document:
    """Propose that something be done."""
    facts = _facts(data)
    facts["needs"] = facts["needs"] or ()
    return _found(record, record.perform(who, lambda tx: actions.propose_action(tx, **facts)))


@put("/api/actions/{number:int}/text", opt=RESPOND, sync_to_thread=True)
def put_action(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Revised]
) -> Document:
    """Say, plan or cost it otherwise, whole. 409 `ActionMovedOn` if somebody has saved since `seen`."""
    facts = _facts(data)
    return _done(record, who, number, lambda tx: actions.revise_action(tx, number=number, **facts))


@post("/api/actions/{number:int}/owner", opt=REVIEW, sync_to_thread=True, status_code=200)
def post_owner(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Owner]
) -> Document:
    """Name who looks after it."""
    return _done(record, who, number, lambda tx: actions.assign_action(tx, number=number, owner=data.owner))


@post("/api/actions/{number:int}/agreement", opt=REVIEW, sync_to_thread=True, status_code=200)
def post_agreement(record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int]) -> Document:
    """It will be done: time and money are granted."""
    return _done(record, who, number, lambda tx: actions.agree_action(tx, number=number))


@post("/api/actions/{number:int}/beginning", opt=RESPOND, sync_to_thread=True, status_code=200)
def post_beginning(record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int]) -> Document:
    """Somebody is at it."""
    return _done(record, who, number, lambda tx: actions.begin_action(tx, number=number))


@post("/api/actions/{number:int}/completion", opt=RESPOND, sync_to_thread=True, status_code=200)
def post_completion(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Shown]
) -> Document:
    """It is done; somebody else verifies it."""
    return _done(record, who, number, lambda tx: actions.finish_action(tx, number=number, shown=data.shown))


@post("/api/actions/{number:int}/verification", opt=REVIEW, sync_to_thread=True, status_code=200)
def post_verification(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Seen]
) -> Document:
    """It is done indeed. 409 `VerifiedByDoer` for who did it or looks after it."""
    return _done(record, who, number, lambda tx: actions.verify_action(tx, number=number, found=data.found))


@post("/api/actions/{number:int}/return", opt=REVIEW, sync_to_thread=True, status_code=200)
def post_return(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Why]
) -> Document:
    """It was looked at and is not done yet."""
    return _done(record, who, number, lambda tx: actions.return_action(tx, number=number, reason=data.reason))


@post("/api/actions/{number:int}/cancellation", opt=REVIEW, sync_to_thread=True, status_code=200)
def post_cancellation(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Why]
) -> Document:
    """Give it up, for a reason that is kept."""
    return _done(record, who, number, lambda tx: actions.cancel_action(tx, number=number, reason=data.reason))


ROUTES = [
    list_actions,
    show_action,
    post_action,
    put_action,
    post_owner,
    post_agreement,
    post_beginning,
    post_completion,
    post_verification,
    post_return,
    post_cancellation,
]
