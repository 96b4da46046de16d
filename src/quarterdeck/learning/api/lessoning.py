"""Lessons for programs: identify, word, validate, change the plan, close, reopen."""

from typing import Annotated, Any, Literal

import msgspec
from litestar import get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, Parameter, QueryParameter

from quarterdeck.governance.rules import Permission
from quarterdeck.kernel.errors import NotFound
from quarterdeck.kernel.principal import Principal
from quarterdeck.learning import actions, views
from quarterdeck.learning.api.improving import Expected, expectation
from quarterdeck.record import Record

READ: dict[str, Any] = {"may": Permission.READ}
RESPOND: dict[str, Any] = {"may": Permission.RESPOND}
REVIEW: dict[str, Any] = {"may": Permission.REVIEW}
Document = dict[str, Any]


class NewLesson(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`factors`: codes of the taxonomy. `owner`: a login or id."""

    source: str
    """`INC-12`, `EX-3`, `deviation:INC-12:STEP` or `import`."""
    observation: str
    insight: str = ""
    change: str = ""
    factors: tuple[str, ...] = ()
    clause: str | None = None
    owner: str | None = None


class Words(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`seen`: the version that you began from."""

    seen: int
    observation: str
    insight: str = ""
    change: str = ""
    factors: tuple[str, ...] = ()
    clause: str | None = None
    owner: str | None = None


class Proposal(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`clause`: null is the lesson's own, an empty one the whole plan. `note`: what to change, for the author."""

    clause: str | None = None
    note: str = ""
    expects: Expected | None = None
    """Null is what follows from the clause or the first factor."""


class Verdict(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Whether it helped, and what that is seen by."""

    verdict: Literal["helped", "did-not", "cannot-tell"]
    reason: str


class Closure(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    revision: int
    """A published revision of the plan that cites the lesson."""


class Reason(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    reason: str


@get("/api/lessons", opt=READ, sync_to_thread=True)
def list_lessons(
    record: NamedDependency[Record],
    status: Annotated[str | None, QueryParameter(name="state")] = None,
    incident: Annotated[int | None, Parameter(ge=1, le=2**31)] = None,
    factor: FromQuery[str | None] = None,
    limit: Annotated[int, Parameter(ge=1, le=500)] = 50,
    cursor: Annotated[int, Parameter(ge=0, le=2**31)] = 0,
) -> Document:
    """Lessons: open ones first, the latest first. `state`: open, identified, validated, disposed or closed."""
    with record.read() as conn:
        rows, following = views.lessons(conn, status, incident=incident, factor=factor, cursor=cursor, limit=limit)
    return {"items": rows, "next": following}


def _found(record: Record, number: int) -> Document:
    if not 0 < number < 2**31:
        raise NotFound(f"lesson L-{number}")
    with record.read() as conn:
        page = views.lesson(conn, number)
    return {**vars(page.lesson), **{name: value for name, value in vars(page).items() if name != "lesson"}}


@get("/api/lessons/{number:int}", opt=READ, sync_to_thread=True)
def show_lesson(record: NamedDependency[Record], number: FromPath[int]) -> Document:
    """One lesson, with all that happened to it."""
    return _found(record, number)


@post("/api/lessons", opt=RESPOND, sync_to_thread=True)
def post_lesson(
    record: NamedDependency[Record], who: NamedDependency[Principal], data: JSONBody[NewLesson]
) -> Document:
    """Keep what was seen."""
    facts = msgspec.structs.asdict(data)
    return _found(record, record.perform(who, lambda tx: actions.identify_lesson(tx, **facts)))


@put("/api/lessons/{number:int}/text", opt=RESPOND, sync_to_thread=True)
def put_text(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Words]
) -> Document:
    """Word it otherwise, whole. 409 `LessonMovedOn` if somebody has saved since `seen`."""
    facts = msgspec.structs.asdict(data)
    record.perform(who, lambda tx: actions.revise_lesson(tx, number=number, **facts))
    return _found(record, number)


@post("/api/lessons/{number:int}/validation", opt=REVIEW, sync_to_thread=True, status_code=200)
def post_validation(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int]
) -> Document:
    """It is true, and worth a change."""
    record.perform(who, lambda tx: actions.validate_lesson(tx, number=number))
    return _found(record, number)


@post("/api/lessons/{number:int}/proposal", opt=REVIEW, sync_to_thread=True)
def post_proposal(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Proposal]
) -> dict[str, int]:
    """Open a draft of the plan that cites the lesson. 409 `ClauseRemoved` if its clause is gone."""
    draft = record.perform(
        who,
        lambda tx: actions.change_the_plan(
            tx, number=number, clause=data.clause, note=data.note, expects=expectation(data.expects)
        ),
    )
    return {"draft": draft}


@post("/api/lessons/{number:int}/closure", opt=REVIEW, sync_to_thread=True, status_code=200)
def post_closure(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Closure]
) -> Document:
    """Close it by a revision that is published and cites it. Publishing a draft that cites it does this by itself."""
    record.perform(who, lambda tx: actions.close_by_revision(tx, number=number, revision=data.revision))
    return _found(record, number)


@post("/api/lessons/{number:int}/rejection", opt=REVIEW, sync_to_thread=True, status_code=200)
def post_rejection(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Reason]
) -> Document:
    """Close it without a change, for a reason that is kept. Never by its author."""
    record.perform(who, lambda tx: actions.reject_lesson(tx, number=number, reason=data.reason))
    return _found(record, number)


@post("/api/lessons/{number:int}/reopening", opt=REVIEW, sync_to_thread=True, status_code=200)
def post_reopening(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Reason]
) -> Document:
    """It is back."""
    record.perform(who, lambda tx: actions.reopen_lesson(tx, number=number, reason=data.reason))
    return _found(record, number)


@get("/api/lessons/{number:int}/effect", opt=READ, sync_to_thread=True)
def show_effect(record: NamedDependency[Record], number: FromPath[int]) -> Document:
    """Before and since, as it stands at this moment: shares or medians with n and 95 % limits, and the incidents."""
    _found(record, number)
    with record.read() as conn:
        found = views.effect_of(conn, number)
    if found is None:
        raise NotFound(f"expected effect of lesson L-{number}")
    return {
        "measure": found.measure,
        **vars(found.weighed),
        "numbers": {"before": found.before, "after": found.after},
    }


@put("/api/lessons/{number:int}/effect", opt=REVIEW, sync_to_thread=True)
def put_effect(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Expected]
) -> Document:
    """Say what a closed lesson's change should do; looking begins afresh."""
    expects = expectation(data)
    assert expects is not None
    record.perform(who, lambda tx: actions.state_effect(tx, number=number, expects=expects))
    return _found(record, number)


@post("/api/lessons/{number:int}/effect/look", opt=REVIEW, sync_to_thread=True, status_code=202)
def post_look(record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int]) -> Document:
    """Have it looked at now; what was measured stands in the lesson a moment later."""
    record.perform(who, lambda tx: actions.look_now(tx, number=number))
    return _found(record, number)


@post("/api/lessons/{number:int}/effect/verdict", opt=REVIEW, sync_to_thread=True, status_code=200)
def post_verdict(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Verdict]
) -> Document:
    """Say whether it helped. What did not is open again."""
    record.perform(who, lambda tx: actions.judge_effect(tx, number=number, verdict=data.verdict, reason=data.reason))
    return _found(record, number)


ROUTES = [
    show_effect,
    put_effect,
    post_look,
    post_verdict,
    list_lessons,
    show_lesson,
    post_lesson,
    put_text,
    post_validation,
    post_proposal,
    post_closure,
    post_rejection,
    post_reopening,
]
