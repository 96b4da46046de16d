"""Legal and contractual clocks for programs."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, Parameter

from quarterdeck.command.views import headline
from quarterdeck.governance.rules import Permission
from quarterdeck.kernel.errors import Refused
from quarterdeck.kernel.principal import Principal
from quarterdeck.kernel.time import Instant, reachable
from quarterdeck.obligations import actions, views
from quarterdeck.obligations.sources import shipped
from quarterdeck.obligations.views import RegimeRow
from quarterdeck.obligations.views.plainly import clock_document, duty_document, past_document, regime_document
from quarterdeck.paper.pdf import TooLarge, pdf
from quarterdeck.record import Record

READ: dict[str, Any] = {"may": Permission.READ}
PLAN: dict[str, Any] = {"may": Permission.PLAN}
Document = dict[str, Any]
Number = FromPath[int]
AT = "/api/incidents/{number:int}/obligations"


class Declaration(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Whether a regime applies, and why. `severities`: of incidents that are asked; none: SEV1 and SEV2."""

    applies: bool
    reason: str
    options: dict[str, bool] = msgspec.field(default_factory=dict)
    severities: list[str] = msgspec.field(default_factory=list)
    post: str | None = None


class NewRegime(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    text: str
    """A pack file in YAML."""


class Instants(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """An instant with its zone, and how it is known."""

    instant: datetime
    source: str


class Assessment(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Has it to be notified, and why. `anchors`: instants attested in the same breath."""

    notifiable: bool
    reason: str
    anchors: dict[str, Instants] = msgspec.field(default_factory=dict)


class HandIn(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """When it went out (None: now), under which reference, and what it said. `corrects`: what was recorded last."""

    instant: datetime | None = None
    reference: str = ""
    text: str = ""
    corrects: bool = False


class Because(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    reason: str


# -- regimes and scope -----------------------------------------------------------------------------


@get("/api/regimes", opt=READ, sync_to_thread=True)
def list_regimes(record: NamedDependency[Record]) -> Document:
    """Every regime with what was declared of it; `undeclared` ones are gaps and come first."""
    with record.read() as conn:
        rows = views.regimes(conn, shipped(), record.clock.now().date())
    return {"items": [regime_document(row) for row in rows], "next": None}


@get("/api/regimes/{id:str}", opt=READ, sync_to_thread=True)
def show_regime(record: NamedDependency[Record], id: FromPath[str]) -> Document:
    """One regime with its anchors, clocks and what was declared."""
    return regime_document(_regime(record, id), whole=True)


@post("/api/regimes", opt=PLAN, sync_to_thread=True)
def post_regime(
    record: NamedDependency[Record], who: NamedDependency[Principal], data: JSONBody[NewRegime]
) -> Document:
    """Keep a regime of the organisation's own, such as a contract. 400 names every fault of the file with its place."""
    id = record.perform(who, lambda tx: actions.add_regime(tx, text=data.text, shipped=shipped()))
    return regime_document(_regime(record, id), whole=True)


@post("/api/regimes/{id:str}/scope", opt=PLAN, sync_to_thread=True, status_code=200)
def post_scope(
    record: NamedDependency[Record], who: NamedDependency[Principal], id: FromPath[str], data: JSONBody[Declaration]
) -> Document:
    """Say whether it applies to the organisation, and why."""
    regime, facts = _regime(record, id).regime, msgspec.structs.asdict(data)
    record.perform(who, lambda tx: actions.declare_scope(tx, regime=regime, **facts))
    return regime_document(_regime(record, id), whole=True)


# -- across incidents ------------------------------------------------------------------------------


@get("/api/obligations", opt=READ, sync_to_thread=True)
def list_obligations(record: NamedDependency[Record]) -> Document:
    """What runs, by its end; the questions that nobody has answered; and the regimes that nobody has declared."""
    now = record.clock.now()
    with record.read() as conn:
        rows = views.live_duties(conn, now)
        undeclared = [row.id for row in views.regimes(conn, shipped(), now.date()) if row.gap]
    return {
        "items": [clock_document(one) for one in views.now_list(rows)],
        "questions": [duty_document(row) for row in rows if row.open_question],
        "undeclared": undeclared,
        "next": None,
    }


@get("/api/obligations/history", opt=READ, sync_to_thread=True)
def list_history(
    record: NamedDependency[Record],
    regime: FromQuery[str] = "",
    limit: Annotated[int, Parameter(ge=1, le=500)] = 200,
) -> Document:
    """What was handed in, missed or waived, the latest first; and by regime how deadlines were kept."""
    now = record.clock.now()
    with record.read() as conn:
        found, kept = views.history(conn, now, regime=regime)
    return {"items": [past_document(one) for one in found[:limit]], "kept": kept, "next": None}


# -- one incident ----------------------------------------------------------------------------------


@get(AT, opt=READ, sync_to_thread=True)
def list_of_incident(record: NamedDependency[Record], number: Number) -> Document:
    """What the incident was asked, what was answered and attested, and how each clock stands."""
    with record.read() as conn:
        headline(conn, number)
        rows = views.duties_of(conn, number, record.clock.now())
    return {"items": [duty_document(row) for row in rows], "next": None}


@post(AT + "/{regime:str}/assessment", opt=READ, sync_to_thread=True, status_code=200)
def post_assessment(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    number: Number,
    regime: FromPath[str],
    data: JSONBody[Assessment],
) -> Document:
    """Say whether it has to be notified; for whoever commands and the holder of the post that answers."""
    found = _regime(record, regime).regime
    anchors = {id: (reachable(f"anchors.{id}", one.instant), one.source) for id, one in data.anchors.items()}
    record.perform(
        who,
        lambda tx: actions.assess(
            tx, number=number, regime=found, notifiable=data.notifiable, reason=data.reason, anchors=anchors
        ),
    )
    return _duty(record, number, regime)


@post(AT + "/{regime:str}/anchors/{anchor:str}", opt=READ, sync_to_thread=True, status_code=200)
def post_anchor(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    number: Number,
    regime: FromPath[str],
    anchor: FromPath[str],
    data: JSONBody[Instants],
) -> Document:
    """Stand for an instant that clocks count from, or correct it."""
    at = reachable("instant", data.instant)
    record.perform(
        who,
        lambda tx: actions.attest(tx, number=number, regime=regime, anchor=anchor, instant=at, source=data.source),
    )
    return _duty(record, number, regime)


@post(AT + "/{regime:str}/anchors/{anchor:str}/withdrawal", opt=READ, sync_to_thread=True, status_code=200)
def post_withdrawal(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    number: Number,
    regime: FromPath[str],
    anchor: FromPath[str],
    data: JSONBody[Because],
) -> Document:
    """It did not happen after all."""
    record.perform(
        who, lambda tx: actions.withdraw(tx, number=number, regime=regime, anchor=anchor, reason=data.reason)
    )
    return _duty(record, number, regime)


@post(AT + "/{regime:str}/{clock:str}/hand-in", opt=READ, sync_to_thread=True, status_code=200)
def post_hand_in(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    number: Number,
    regime: FromPath[str],
    clock: FromPath[str],
    data: JSONBody[HandIn],
) -> Document:
    """Record that the notice went out; a later one completes it."""
    facts = msgspec.structs.asdict(data)
    at: Instant | None = reachable("instant", data.instant) if data.instant else None
    facts["instant"] = at
    record.perform(who, lambda tx: actions.hand_in(tx, number=number, regime=regime, clock=clock, **facts))
    return _duty(record, number, regime)


@post(AT + "/{regime:str}/{clock:str}/waiver", opt=PLAN, sync_to_thread=True, status_code=200)
def post_waiver(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    number: Number,
    regime: FromPath[str],
    clock: FromPath[str],
    data: JSONBody[Because],
) -> Document:
    """This notice is not owed after all."""
    record.perform(who, lambda tx: actions.waive(tx, number=number, regime=regime, clock=clock, reason=data.reason))
    return _duty(record, number, regime)


@get(AT + "/{regime:str}/{clock:str}/notice", opt=READ, sync_to_thread=True)
def show_notice(
    record: NamedDependency[Record], number: Number, regime: FromPath[str], clock: FromPath[str]
) -> Document:
    """The draft, item by item; `text` empty: the record does not know it."""
    with record.read() as conn:
        found = views.draft(conn, number, regime, clock, record.clock.now())
    return {"clock": clock_document(found.clock), "items": found.items, "missing": found.missing, "text": found.text}


@get(AT + "/{regime:str}/{clock:str}/notice.pdf", opt=READ, sync_to_thread=True, media_type="application/pdf")
def print_notice(
    record: NamedDependency[Record], number: Number, regime: FromPath[str], clock: FromPath[str]
) -> Response[bytes]:
    """The draft, or what was handed in, as one accessible PDF (PDF/UA)."""
    return printed(record, number, regime, clock)


def printed(record: Record, number: int, regime: str, clock: str) -> Response[bytes]:
    with record.read() as conn:
        found = views.document(views.draft(conn, number, regime, clock, record.clock.now()))
    try:
        content = pdf(found, made_at=record.clock.now())
    except TooLarge as error:
        raise Refused("TooLargeToPrint", str(error)) from error
    headers = {"content-disposition": f'inline; filename="INC-{number}-notice.pdf"'}
    return Response(content, media_type="application/pdf", headers=headers)


def _regime(record: Record, id: str) -> RegimeRow:
    with record.read() as conn:
        return views.regime_row(conn, shipped(), id, record.clock.now().date())


def _duty(record: Record, number: int, regime: str) -> Document:
    with record.read() as conn:
        return duty_document(views.duty_row(conn, number, regime, record.clock.now()))


ROUTES = [
    list_regimes,
    show_regime,
    post_regime,
    post_scope,
    list_obligations,
    list_history,
    list_of_incident,
    post_assessment,
    post_anchor,
    post_withdrawal,
    post_hand_in,
    post_waiver,
    show_notice,
    print_notice,
]
