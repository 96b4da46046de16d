"""Injects: what a scenario lets happen, by the same doors through which a real incident would come; and its end."""

from collections.abc import Callable

from quarterdeck.command.actions import cancel as cancel_incident
from quarterdeck.command.actions import declare, note
from quarterdeck.command.rules import OPEN
from quarterdeck.command.state import incident
from quarterdeck.comms.actions import stop as stop_communication
from quarterdeck.governance.rules import Permission, permitted
from quarterdeck.intake.actions import accept
from quarterdeck.intake.rules import Action, Arrival, key_of
from quarterdeck.kernel.errors import Invalid, Refused
from quarterdeck.kernel.principal import ENGINE
from quarterdeck.notify.actions import request, withdraw
from quarterdeck.oncall.actions import stop_escalation
from quarterdeck.readiness.actions.watching import open_drill
from quarterdeck.readiness.events import InjectDelivered, InjectFailed
from quarterdeck.readiness.rules import EXERCISE, Exercise
from quarterdeck.readiness.rules import exercise as rules
from quarterdeck.readiness.rules.scenario import Inject
from quarterdeck.readiness.state import exercise, meant, tested_plan
from quarterdeck.record import Tx

SOURCE = "exercise"
"""Where the signals of an exercise come from: no door accepts anything in this name."""


@permitted(Permission.REVIEW)
def inject_now(tx: Tx, *, number: int, inject: str) -> None:
    """The facilitator does not wait for the inject's minute."""
    events = rules.inject_now(exercise(tx, number), inject, tx.now)
    if events:
        tx.append(EXERCISE, number, events)
        let_happen(tx, number=number, inject=inject)


@permitted(Permission.REVIEW)
def let_happen(tx: Tx, *, number: int, inject: str) -> None:
    """Do what the inject says, once. What cannot be done is recorded with its reason, and the clock goes on."""
    state = exercise(tx, number)
    found = next((one for one in state.scenario.injects if one.id == inject), None)
    if found is None or inject not in state.due or inject in state.delivered:
        return
    if state.state != "running":
        tx.append(EXERCISE, number, [InjectFailed(at=tx.now, inject=inject, reason="the exercise was over already")])
        return
    try:
        if not state.scenario.live:
            done = InjectDelivered(at=tx.now, inject=inject, how="To be told at the table")
        else:
            done = _DOING[found.happening](tx, state, found)
    except (Refused, Invalid) as refusal:
        tx.append(EXERCISE, number, [InjectFailed(at=tx.now, inject=inject, reason=str(refusal)[:2_000])])
        return
    tx.append(EXERCISE, number, [done])


# -- by the real doors -----------------------------------------------------------------------------


def _signal(tx: Tx, state: Exercise, inject: Inject) -> InjectDelivered:
    signal = inject.signal
    assert signal is not None
    labels = {"alertname": signal.key, "severity": signal.severity}
    labels |= {"service": state.scenario.service} if state.scenario.service else {}
    arrival = _arrival(state, signal.key, "raise")
    arrival.title, arrival.severity, arrival.labels = signal.title, signal.severity, labels | signal.labels
    with tx.acting(ENGINE, tx.now):
        accept(tx, [arrival])
    return InjectDelivered(at=tx.now, inject=inject.id, how=f"The signal “{signal.title}” was raised")


def _clear(tx: Tx, state: Exercise, inject: Inject) -> InjectDelivered:
    assert inject.clear is not None
    with tx.acting(ENGINE, tx.now):
        accept(tx, [_arrival(state, inject.clear, "resolve")])
    return InjectDelivered(at=tx.now, inject=inject.id, how=f"The signal {inject.clear} was cleared")


def _arrival(state: Exercise, key: str, action: Action) -> Arrival:
    dedup = f"{state.name}/{key}"
    return Arrival(
        action=action,
        source=SOURCE,
        dedup_key=dedup,
        key=key_of(SOURCE, dedup),
        sender=state.name,
        drill=state.name,
    )


def _declare(tx: Tx, state: Exercise, inject: Inject) -> InjectDelivered:
    scenario, declared = state.scenario, inject.declare
    assert declared is not None
    with tx.acting(ENGINE, tx.now):
        number = declare(
            tx,
            title=declared.title,
            summary=declared.summary,
            type=scenario.type,
            impact=scenario.impact,
            urgency=scenario.urgency,
            service=scenario.service,
            drill=True,
        )
        open_drill(tx, incident=number, exercise=state.number)
    return InjectDelivered(at=tx.now, inject=inject.id, how=f"INC-{number} was declared")


def _message(tx: Tx, state: Exercise, inject: Inject) -> InjectDelivered:
    assert inject.message is not None
    return _told(tx, state, inject, inject.message.to, inject.message.text)


def _unavailable(tx: Tx, state: Exercise, inject: Inject) -> InjectDelivered:
    absence = inject.unavailable
    assert absence is not None
    end = f"for {absence.minutes} minutes" if absence.minutes else "to its end"
    text = f"From now on, {end}, you cannot be had in this exercise. Leave its pages unanswered. Real pages are real."
    return _told(tx, state, inject, absence.who, text)


def _told(tx: Tx, state: Exercise, inject: Inject, target: str, text: str) -> InjectDelivered:
    people, unreached = meant(tx, tested_plan(tx, state), target)
    if not people:
        raise Refused("NobodyReached", f"Nobody could be told: {'; '.join(unreached) or target}.")
    ids = [_send(tx, state, one, text) for one in people]
    how = f"{target} was told" + (f"; not reached: {'; '.join(unreached)}" if unreached else "")
    return InjectDelivered(at=tx.now, inject=inject.id, how=how, people=tuple(people), deliveries=tuple(ids))


def _send(tx: Tx, state: Exercise, person: str, text: str) -> str:
    return request(
        tx,
        person=person,
        about=f"exercise/{state.number}",
        purpose="exercise",
        urgency=2,
        subject=f"DRILL {state.name}: {state.scenario.title}"[:150],
        text=f"DRILL {state.name}: {text}",
        url_path=f"/exercises/{state.number}",
        drill=True,
    )


def _fact(tx: Tx, state: Exercise, inject: Inject) -> InjectDelivered:
    """Read aloud by the facilitator; whoever only has the screen finds it on the incident's timeline too."""
    assert inject.fact is not None
    open_ = [number for number in state.incidents if incident(tx, number).state in OPEN]
    with tx.acting(ENGINE, tx.now):
        for number in open_:
            note(tx, number=number, text=f"{state.name}, read aloud: {inject.fact}")
    return InjectDelivered(at=tx.now, inject=inject.id, how="To be read aloud" + (", and noted" if open_ else ""))


_DOING: dict[str, Callable[[Tx, Exercise, Inject], InjectDelivered]] = {
    "signal": _signal,
    "clear": _clear,
    "declare": _declare,
    "message": _message,
    "fact": _fact,
    "unavailable": _unavailable,
}


# -- afterwards ------------------------------------------------------------------------------------


@permitted(Permission.COMMAND)
def clear_away(tx: Tx, *, number: int) -> None:
    """Nothing of the exercise goes on: pages withdrawn, incidents ended, signals resolved. Again: nothing happens."""
    state = exercise(tx, number)
    if state.state == "running":
        return
    raised = [one.signal.key for one in state.scenario.injects if one.signal and one.id in state.delivered]
    with tx.acting(ENGINE, tx.now):
        withdraw(tx, about=f"exercise/{number}", purposes=("exercise", "reminder"), reason="the exercise is over")
        for one in state.incidents:
            if incident(tx, one).state in OPEN:
                stop_escalation(tx, number=one, reason="cancelled")
                stop_communication(tx, number=one, reason="cancelled")
                cancel_incident(tx, number=one, reason=f"{state.name} is over")
        if raised and state.scenario.live:
            accept(tx, [_arrival(state, key, "resolve") for key in raised])
