"""What people answer for: whether an incident has to be notified, since when they know, and that a notice went out."""

from collections.abc import Mapping

from quarterdeck.command.state import incident as incident_of
from quarterdeck.governance.rules import Permission, may, permitted, unguarded
from quarterdeck.kernel.errors import Forbidden, Refused
from quarterdeck.kernel.time import Instant
from quarterdeck.notify.actions import withdraw as recall
from quarterdeck.obligations.actions.asking import about, ask
from quarterdeck.obligations.events import Regime
from quarterdeck.obligations.rules import OBLIGATIONS, Duties, deciding
from quarterdeck.obligations.state import duties, responsible, scope
from quarterdeck.record import Tx

_WHO = "whoever commands may, and the holder of the post that answers for the regime: checked in the action"


@unguarded(_WHO)
def ask_by_hand(tx: Tx, *, number: int, regime: Regime) -> None:
    """Ask an incident that was not asked because it is not severe enough. Nothing if it was asked already."""
    state = duties(tx, number)
    if state is not None and regime.id in state.duties and state.duties[regime.id].over is None:
        return
    declared = getattr(scope(tx, regime.id), "declared", None)
    _demand(tx, declared.post if declared else None)
    if not ask(tx, number=number, regime=regime, anyway=True):
        _refuse(tx, number, regime)


@unguarded(_WHO)
def assess(
    tx: Tx,
    *,
    number: int,
    regime: Regime,
    notifiable: bool,
    reason: str,
    anchors: Mapping[str, tuple[Instant, str]] | None = None,
) -> None:
    """Say whether the incident has to be notified; `anchors`: instants attested in the same breath, with their sources.

    An incident that was not asked because it is not severe enough is asked now.
    """
    if (held := duties(tx, number)) is None or regime.id not in held.duties:
        ask_by_hand(tx, number=number, regime=regime)
    state = _entitled(tx, number, regime.id)
    by = tx.by.person or tx.by.id
    events = deciding.assess(state, by, tx.now, regime=regime.id, notifiable=notifiable, reason=reason)
    for anchor, (instant, source) in (anchors or {}).items():
        events += deciding.attest(state, by, tx.now, regime=regime.id, anchor=anchor, instant=instant, source=source)
    if events:
        tx.append(OBLIGATIONS, number, events)
        _recall(tx, number, regime.id)


@unguarded(_WHO)
def attest(tx: Tx, *, number: int, regime: str, anchor: str, instant: Instant, source: str) -> None:
    """Stand for the instant that clocks count from, or correct it; `source`: how it is known."""
    state, by = _entitled(tx, number, regime), tx.by.person or tx.by.id
    events = deciding.attest(state, by, tx.now, regime=regime, anchor=anchor, instant=instant, source=source)
    if events:
        tx.append(OBLIGATIONS, number, events)


@unguarded(_WHO)
def withdraw(tx: Tx, *, number: int, regime: str, anchor: str, reason: str) -> None:
    """It did not happen after all; what counts from it has not begun."""
    state, by = _entitled(tx, number, regime), tx.by.person or tx.by.id
    tx.append(OBLIGATIONS, number, deciding.withdraw(state, by, tx.now, regime=regime, anchor=anchor, reason=reason))


@unguarded(_WHO)
def hand_in(
    tx: Tx,
    *,
    number: int,
    regime: str,
    clock: str,
    instant: Instant | None = None,
    reference: str = "",
    text: str = "",
    corrects: bool = False,
) -> None:
    """Record that the notice went out, when (unless given: now), under which reference, and what it said."""
    state, by = _entitled(tx, number, regime), tx.by.person or tx.by.id
    facts = {"regime": regime, "clock": clock, "reference": reference, "text": text}
    events = deciding.hand_in(state, by, tx.now, instant=instant or tx.now, corrects=corrects, **facts)
    tx.append(OBLIGATIONS, number, events)
    _recall(tx, number, regime, clock)


@permitted(Permission.PLAN)
def waive(tx: Tx, *, number: int, regime: str, clock: str, reason: str) -> None:
    """This notice is not owed after all. For those who keep the plan, not for those in the thick of it."""
    state, by = duties(tx, number), tx.by.person or tx.by.id
    deciding.duty_of(state, regime)
    assert state is not None
    if events := deciding.waive(state, by, tx.now, regime=regime, clock=clock, reason=reason):
        tx.append(OBLIGATIONS, number, events)
        _recall(tx, number, regime, clock)


def _entitled(tx: Tx, number: int, regime: str) -> Duties:
    state = duties(tx, number)
    if state is None:
        incident_of(tx, number)
    duty = deciding.duty_of(state, regime)
    assert state is not None
    _demand(tx, duty.post)
    return state


def _demand(tx: Tx, post: str | None) -> None:
    if may(tx.by, Permission.COMMAND):
        return
    answers = responsible(tx, post)
    if tx.by.person is None or answers is None or answers.id != tx.by.person:
        raise Forbidden(Permission.COMMAND.value)


def _refuse(tx: Tx, number: int, regime: Regime) -> None:
    incident, declared = incident_of(tx, number), getattr(scope(tx, regime.id), "declared", None)
    if incident.drill or incident.imported:
        raise Refused("NotOurs", "No clock begins for a drill, or for an incident that was managed elsewhere.")
    if declared is None or not declared.applies:
        raise Refused("NotInScope", f"{regime.title} is not in scope. Declare that it applies first.")
    raise Refused(
        "CannotBeAsked",
        "The incident was declined, merged or cancelled, or detected while the regime was not in force.",
    )


def _recall(tx: Tx, number: int, regime: str, clock: str = "") -> None:
    """What was asked of people has been done."""
    recall(tx, about=about(number, regime, clock), purposes=("reminder", "elevation"), reason="it has been done")
