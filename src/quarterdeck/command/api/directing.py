"""What commanders post: the declaration, severity, roles and the course of the incident."""

from typing import Annotated

import msgspec
from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath, HeaderParameter, JSONBody

from quarterdeck.command import actions
from quarterdeck.command.api.bodies import (
    Assignment,
    Classification,
    Declaration,
    Explanation,
    Merger,
    Mitigation,
    Nothing,
    Reason,
    Resolution,
    SeverityChange,
    Times,
)
from quarterdeck.command.api.documents import COMMAND, Document, change, conformance_of, whole
from quarterdeck.governance.rules import Permission
from quarterdeck.kernel.principal import Principal
from quarterdeck.record import Record, Tx


@post("/api/incidents", opt={"may": Permission.DECLARE}, sync_to_thread=True)
def declare_incident(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    data: JSONBody[Declaration],
    idempotency_key: Annotated[str | None, HeaderParameter(name="Idempotency-Key")] = None,
) -> Response[Document]:
    """Declare an incident; only a title is needed. A repeat with the same `Idempotency-Key` gets the same answer."""
    facts = msgspec.structs.asdict(data)
    fingerprint = msgspec.json.encode(data, order="sorted").decode()

    def act(tx: Tx) -> tuple[int, bool]:
        if idempotency_key is None:
            return actions.declare(tx, **facts), True
        before = actions.answered(tx, key=idempotency_key, fingerprint=fingerprint)
        if before is not None:
            return before, False
        number = actions.declare(tx, **facts)
        actions.remember_answer(tx, key=idempotency_key, fingerprint=fingerprint, number=number)
        return number, True

    number, new = record.perform(who, act)
    headers = {"Location": f"/api/incidents/{number}"} | ({} if new else {"Idempotent-Replayed": "true"})
    return Response(whole(record, number), status_code=201, headers=headers)


@post("/api/incidents/{number:int}/severity", opt=COMMAND, sync_to_thread=True, status_code=200)
def post_severity(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    number: FromPath[int],
    data: JSONBody[SeverityChange],
) -> Document:
    """Set the severity, or impact and urgency, from which the pinned plan computes it."""
    facts = msgspec.structs.asdict(data)
    return change(record, who, number, lambda tx: actions.change_severity(tx, number=number, **facts))


@post("/api/incidents/{number:int}/classification", opt=COMMAND, sync_to_thread=True, status_code=200)
def post_classification(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    number: FromPath[int],
    data: JSONBody[Classification],
) -> Document:
    """Change the type or the service, as triage shows."""
    facts = msgspec.structs.asdict(data)
    return change(record, who, number, lambda tx: actions.classify(tx, number=number, **facts))


@post("/api/incidents/{number:int}/times", opt=COMMAND, sync_to_thread=True, status_code=200)
def post_times(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Times]
) -> Document:
    """Correct when the impact began or was detected."""
    facts = msgspec.structs.asdict(data)
    return change(record, who, number, lambda tx: actions.correct_times(tx, number=number, **facts))


@post("/api/incidents/{number:int}/roles", opt=COMMAND, sync_to_thread=True, status_code=200)
def post_role(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Assignment]
) -> Document:
    """Give a role of the plan to a person (login or id), hand over command, or release a role."""

    def act(tx: Tx) -> None:
        if data.person is None:
            actions.release_role(tx, number=number, role=data.role)
        else:
            actions.assign_role(tx, number=number, role=data.role, person=data.person)

    return change(record, who, number, act)


@post("/api/incidents/{number:int}/steps/{step:str}/explanation", opt=COMMAND, sync_to_thread=True, status_code=200)
def post_explanation(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    number: FromPath[int],
    step: FromPath[str],
    data: JSONBody[Explanation],
) -> Document:
    """Explain why a step of the plan was not followed, and judge it."""
    facts = msgspec.structs.asdict(data)
    record.perform(who, lambda tx: actions.explain_deviation(tx, number=number, step=step, **facts))
    return conformance_of(record, number)


@post("/api/incidents/{number:int}/activation", opt=COMMAND, sync_to_thread=True, status_code=200)
def post_activation(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    number: FromPath[int],
    data: JSONBody[Nothing | None] = None,
) -> Document:
    """Triage is over: it is an incident."""
    return change(record, who, number, lambda tx: actions.activate(tx, number=number))


@post("/api/incidents/{number:int}/mitigation", opt=COMMAND, sync_to_thread=True, status_code=200)
def post_mitigation(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Mitigation]
) -> Document:
    """The impact has ended or is bearable."""
    return change(record, who, number, lambda tx: actions.mitigate(tx, number=number, how=data.how, at=data.at))


@post("/api/incidents/{number:int}/resolution", opt=COMMAND, sync_to_thread=True, status_code=200)
def post_resolution(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Resolution]
) -> Document:
    """It is over: say why. A review may fall due by the plan."""
    return change(record, who, number, lambda tx: actions.resolve(tx, number=number, reason=data.reason, at=data.at))


@post("/api/incidents/{number:int}/reopening", opt=COMMAND, sync_to_thread=True, status_code=200)
def post_reopening(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Reason]
) -> Document:
    """It is back: say how that shows."""
    return change(record, who, number, lambda tx: actions.reopen(tx, number=number, reason=data.reason))


@post("/api/incidents/{number:int}/closure", opt=COMMAND, sync_to_thread=True, status_code=200)
def post_closure(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    number: FromPath[int],
    data: JSONBody[Nothing | None] = None,
) -> Document:
    """Refused while mandatory tasks are open or a review is owed."""
    return change(record, who, number, lambda tx: actions.close(tx, number=number))


@post("/api/incidents/{number:int}/declination", opt=COMMAND, sync_to_thread=True, status_code=200)
def post_declination(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Reason]
) -> Document:
    """Triage found that it is no incident."""
    return change(record, who, number, lambda tx: actions.decline(tx, number=number, reason=data.reason))


@post("/api/incidents/{number:int}/cancellation", opt=COMMAND, sync_to_thread=True, status_code=200)
def post_cancellation(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Reason]
) -> Document:
    """It was declared in error: say why."""
    return change(record, who, number, lambda tx: actions.cancel(tx, number=number, reason=data.reason))


@post("/api/incidents/{number:int}/merger", opt=COMMAND, sync_to_thread=True, status_code=200)
def post_merger(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Merger]
) -> Document:
    """The same trouble as incident `into`, where the work goes on."""
    return change(record, who, number, lambda tx: actions.merge(tx, number=number, into=data.into))


ROUTES = [
    declare_incident,
    post_severity,
    post_classification,
    post_times,
    post_role,
    post_explanation,
    post_activation,
    post_mitigation,
    post_resolution,
    post_reopening,
    post_closure,
    post_declination,
    post_cancellation,
    post_merger,
]
