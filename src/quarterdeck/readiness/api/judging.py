"""What is made of an exercise, for programs: judgements, ratings, findings, the verdict."""

from typing import Any, Literal

import msgspec
from litestar import post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from quarterdeck.governance.rules import Permission
from quarterdeck.kernel.principal import Principal
from quarterdeck.readiness import actions
from quarterdeck.readiness.views.documents import Document, whole
from quarterdeck.record import Record

REVIEW: dict[str, Any] = {"may": Permission.REVIEW}


class Judgement(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    met: bool
    note: str = ""


class RatingGiven(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    rating: Literal["P", "S", "M", "U"]
    text: str


class FindingGiven(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    kind: Literal["strength", "improvement"]
    text: str
    objective: str | None = None


class Verdict(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    summary: str


@post(
    "/api/exercises/{number:int}/expectations/{expectation:str}/judgement",
    opt=REVIEW,
    sync_to_thread=True,
    status_code=200,
)
def judge(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    number: FromPath[int],
    expectation: FromPath[str],
    data: JSONBody[Judgement],
) -> Document:
    """Say whether it was met; stands above what the record says."""
    record.perform(
        who,
        lambda tx: actions.judge_expectation(tx, number=number, expectation=expectation, met=data.met, note=data.note),
    )
    return _whole(record, number)


@post("/api/exercises/{number:int}/objectives/{objective:str}/rating", opt=REVIEW, sync_to_thread=True, status_code=200)
def rate(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    number: FromPath[int],
    objective: FromPath[str],
    data: JSONBody[RatingGiven],
) -> Document:
    """The evaluator's rating: P, S, M or U, with the reason."""
    record.perform(
        who,
        lambda tx: actions.rate_objective(tx, number=number, objective=objective, rating=data.rating, text=data.text),
    )
    return _whole(record, number)


@post("/api/exercises/{number:int}/findings", opt=REVIEW, sync_to_thread=True, status_code=200)
def note_finding(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    number: FromPath[int],
    data: JSONBody[FindingGiven],
) -> Document:
    """A strength, or something to improve."""
    record.perform(
        who,
        lambda tx: actions.note_finding(tx, number=number, kind=data.kind, text=data.text, objective=data.objective),
    )
    return _whole(record, number)


@post("/api/exercises/{number:int}/evaluation", opt=REVIEW, sync_to_thread=True, status_code=200)
def evaluate(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Verdict]
) -> Document:
    """The evaluator's verdict on the whole, once every objective is rated."""
    record.perform(who, lambda tx: actions.evaluate_exercise(tx, number=number, summary=data.summary))
    return _whole(record, number)


@post("/api/exercises/{number:int}/closure", opt=REVIEW, sync_to_thread=True, status_code=200)
def close(record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int]) -> Document:
    """Nothing is left to be done about it."""
    record.perform(who, lambda tx: actions.close_exercise(tx, number=number))
    return _whole(record, number)


def _whole(record: Record, number: int) -> Document:
    with record.read() as conn:
        return whole(conn, number)


ROUTES = [judge, rate, note_finding, evaluate, close]
