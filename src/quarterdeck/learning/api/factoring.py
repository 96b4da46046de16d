"""Contributing factors for programs: the taxonomy, and what was found, agreed on or withdrawn for an incident."""

from typing import Any

import msgspec
from litestar import get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from quarterdeck.command.views import incident
from quarterdeck.governance.rules import Permission
from quarterdeck.kernel.principal import Principal
from quarterdeck.learning import actions, views
from quarterdeck.learning.rules import taxonomy
from quarterdeck.learning.views import FactorRow
from quarterdeck.record import Record

READ: dict[str, Any] = {"may": Permission.READ}
RESPOND: dict[str, Any] = {"may": Permission.RESPOND}
REVIEW: dict[str, Any] = {"may": Permission.REVIEW}
Document = dict[str, Any]


class Factor(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    code: str
    """One of the taxonomy's, as in `change.configuration`."""
    text: str
    evidence: list[int] = []
    """Positions on the record, as the timeline gives them."""


class Withdrawal(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    reason: str


@get("/api/factors/taxonomy", opt=READ, sync_to_thread=True)
def show_taxonomy() -> Document:
    """The kinds of contributing factors, each with the question that finds them and its codes."""
    kinds = [
        {
            "kind": name,
            "title": kind.title,
            "asks": kind.asks,
            "codes": {code: words for code, words in taxonomy.codes().items() if taxonomy.kind_of(code) == name},
        }
        for name, kind in taxonomy.KINDS.items()
    ]
    return {"version": taxonomy.VERSION, "kinds": kinds}


def _all(record: Record, number: int) -> Document:
    with record.read() as conn:
        incident(conn, number)
        return {"items": views.factors(conn, [number], withdrawn=True), "next": None}


def _one(record: Record, number: int, factor: str) -> FactorRow:
    with record.read() as conn:
        return next(one for one in views.factors(conn, [number], withdrawn=True) if one.id == factor)


@get("/api/incidents/{number:int}/factors", opt=READ, sync_to_thread=True)
def list_factors(record: NamedDependency[Record], number: FromPath[int]) -> Document:
    """What contributed, in the order it was found; what was withdrawn, too."""
    return _all(record, number)


@post("/api/incidents/{number:int}/factors", opt=RESPOND, sync_to_thread=True)
def post_factor(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Factor]
) -> FactorRow:
    """Something contributed, shown by facts of the record."""
    facts = msgspec.structs.asdict(data)
    id = record.perform(who, lambda tx: actions.find_factor(tx, number=number, **facts))
    return _one(record, number, id)


@put("/api/incidents/{number:int}/factors/{factor:str}", opt=RESPOND, sync_to_thread=True)
def put_factor(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    number: FromPath[int],
    factor: FromPath[str],
    data: JSONBody[Factor],
) -> FactorRow:
    """Say it otherwise, whole; it has to be agreed on again."""
    facts = msgspec.structs.asdict(data)
    record.perform(who, lambda tx: actions.revise_factor(tx, number=number, factor=factor, **facts))
    return _one(record, number, factor)


@post("/api/incidents/{number:int}/factors/{factor:str}/agreement", opt=REVIEW, sync_to_thread=True, status_code=200)
def post_agreement(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], factor: FromPath[str]
) -> FactorRow:
    """Those who looked back agree that it contributed; refused while nothing on the record shows it."""
    record.perform(who, lambda tx: actions.agree_factor(tx, number=number, factor=factor))
    return _one(record, number, factor)


@post("/api/incidents/{number:int}/factors/{factor:str}/withdrawal", opt=REVIEW, sync_to_thread=True, status_code=200)
def post_withdrawal(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    number: FromPath[int],
    factor: FromPath[str],
    data: JSONBody[Withdrawal],
) -> FactorRow:
    """It did not contribute after all."""
    record.perform(who, lambda tx: actions.withdraw_factor(tx, number=number, factor=factor, reason=data.reason))
    return _one(record, number, factor)


ROUTES = [show_taxonomy, list_factors, post_factor, put_factor, post_agreement, post_withdrawal]
