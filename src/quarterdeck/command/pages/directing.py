"""The forms that change an incident: its state, severity, roles and times, and notes on it."""

from litestar import post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.response import Redirect

from quarterdeck.command import actions
from quarterdeck.command.pages.forms import COMMAND, RESPOND, Form, changed, fields, instant
from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.principal import Principal
from quarterdeck.record import Record, Tx


@post("/incidents/{number:int}/activation", opt=COMMAND, sync_to_thread=True)
def activation(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Form]
) -> Redirect:
    fields(data)
    return changed(record, who, number, lambda tx: actions.activate(tx, number=number))


@post("/incidents/{number:int}/severity", opt=COMMAND, sync_to_thread=True)
def severity(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Form]
) -> Redirect:
    form = fields(data, "severity", "impact", "urgency", "reason")

    def act(tx: Tx) -> None:
        actions.change_severity(
            tx,
            number=number,
            severity=form["severity"],
            impact=form["impact"],
            urgency=form["urgency"],
            reason=form["reason"] or "",
        )

    return changed(record, who, number, act)


@post("/incidents/{number:int}/classification", opt=COMMAND, sync_to_thread=True)
def classification(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Form]
) -> Redirect:
    form = fields(data, "type", "service")
    return changed(
        record, who, number, lambda tx: actions.classify(tx, number=number, type=form["type"], service=form["service"])
    )


@post("/incidents/{number:int}/impact", opt=RESPOND, sync_to_thread=True)
def impact(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Form]
) -> Redirect:
    form = fields(data, "statement", "customers")
    statement, counted = form["statement"] or "", (form["customers"] or "").replace(",", "").replace(" ", "")
    if counted and not (counted.isascii() and counted.isdigit() and len(counted) <= 12):
        raise Invalid("The impact is not right.", (f"customers: {counted[:40]!r}; a whole number, or nothing",))
    customers = int(counted) if counted else None
    return changed(
        record,
        who,
        number,
        lambda tx: actions.state_impact(tx, number=number, statement=statement, customers=customers),
    )


@post("/incidents/{number:int}/times", opt=COMMAND, sync_to_thread=True)
def times(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Form]
) -> Redirect:
    form = fields(data, "impact_started", "detected_at", "reason")

    def act(tx: Tx) -> None:
        actions.correct_times(
            tx,
            number=number,
            impact_started=instant("impact_started", form["impact_started"]),
            detected_at=instant("detected_at", form["detected_at"]),
            reason=form["reason"] or "",
        )

    return changed(record, who, number, act)


@post("/incidents/{number:int}/roles", opt=COMMAND, sync_to_thread=True)
def roles(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Form]
) -> Redirect:
    """Give a role to a person; without a person, release it."""
    form = fields(data, "role", "person")
    role = form["role"] or ""

    def act(tx: Tx) -> None:
        if form["person"] is None:
            actions.release_role(tx, number=number, role=role)
        else:
            actions.assign_role(tx, number=number, role=role, person=form["person"])

    return changed(record, who, number, act)


@post("/incidents/{number:int}/notes", opt=RESPOND, sync_to_thread=True)
def notes(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Form]
) -> Redirect:
    form = fields(data, "text", "at")
    return changed(
        record,
        who,
        number,
        lambda tx: actions.note(tx, number=number, text=form["text"] or "", at=instant("at", form["at"])),
    )


@post("/incidents/{number:int}/mitigation", opt=COMMAND, sync_to_thread=True)
def mitigation(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Form]
) -> Redirect:
    form = fields(data, "how", "at")
    return changed(
        record,
        who,
        number,
        lambda tx: actions.mitigate(tx, number=number, how=form["how"] or "", at=instant("at", form["at"])),
    )


@post("/incidents/{number:int}/resolution", opt=COMMAND, sync_to_thread=True)
def resolution(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Form]
) -> Redirect:
    form = fields(data, "reason", "at")
    return changed(
        record,
        who,
        number,
        lambda tx: actions.resolve(tx, number=number, reason=form["reason"] or "", at=instant("at", form["at"])),
    )


@post("/incidents/{number:int}/closure", opt=COMMAND, sync_to_thread=True)
def closure(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Form]
) -> Redirect:
    fields(data)
    return changed(record, who, number, lambda tx: actions.close(tx, number=number))


@post("/incidents/{number:int}/reopening", opt=COMMAND, sync_to_thread=True)
def reopening(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Form]
) -> Redirect:
    reason = fields(data, "reason")["reason"] or ""
    return changed(record, who, number, lambda tx: actions.reopen(tx, number=number, reason=reason))


@post("/incidents/{number:int}/declination", opt=COMMAND, sync_to_thread=True)
def declination(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Form]
) -> Redirect:
    reason = fields(data, "reason")["reason"] or ""
    return changed(record, who, number, lambda tx: actions.decline(tx, number=number, reason=reason))


@post("/incidents/{number:int}/cancellation", opt=COMMAND, sync_to_thread=True)
def cancellation(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Form]
) -> Redirect:
    reason = fields(data, "reason")["reason"] or ""
    return changed(record, who, number, lambda tx: actions.cancel(tx, number=number, reason=reason))


@post("/incidents/{number:int}/merger", opt=COMMAND, sync_to_thread=True)
def merger(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Form]
) -> Redirect:
    into = (fields(data, "into")["into"] or "").upper().removeprefix("INC-")
    if not into.isdecimal() or len(into) > 9:
        raise Invalid("Merge into which incident?", ("into: give a number, as in 214 or INC-214",))
    record.perform(who, lambda tx: actions.merge(tx, number=number, into=int(into)))
    return Redirect(f"/incidents/{int(into)}", status_code=303)


ROUTES = [
    activation,
    severity,
    classification,
    impact,
    times,
    roles,
    notes,
    mitigation,
    resolution,
    closure,
    reopening,
    declination,
    cancellation,
    merger,
]
