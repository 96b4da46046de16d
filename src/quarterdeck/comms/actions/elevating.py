"""Elevation: one paragraph and the decision wanted, before one post after another until somebody takes note."""

from collections.abc import Sequence

from quarterdeck.command.rules import OPEN
from quarterdeck.command.state import incident as incident_of
from quarterdeck.comms import rules
from quarterdeck.comms.actions.beginning import about
from quarterdeck.comms.actions.updating import running, values_of
from quarterdeck.comms.events import Elevated, ElevationTold
from quarterdeck.comms.rules import COMMS, Comms, elevating
from quarterdeck.comms.rules.elevating import ROUNDS
from quarterdeck.comms.state import communication, reach
from quarterdeck.governance.rules import Permission, may, permitted, unguarded
from quarterdeck.kernel.errors import Forbidden
from quarterdeck.notify.actions import request, withdraw
from quarterdeck.notify.events import ReplyReceived
from quarterdeck.plan.rules import rank
from quarterdeck.record import Tx


@permitted(Permission.RESPOND)
def elevate_by_rule(tx: Tx, *, number: int, rule: str) -> None:
    """The rule's conditions hold: write its paragraph from what is known and tell its first post."""
    state, incident = communication(tx, number), incident_of(tx, number)
    copied = next((one for one in state.begun.rules if one.name == rule), None) if state else None
    if state is None or copied is None or rule in state.elevations or incident.state not in OPEN:
        return
    known = dict(state.latest.fields) if state.latest else {}
    known.setdefault("impact", incident.statement or incident.title)
    first = min((one.due for one in state.clocks.values()), default=None)
    next_update = state.latest.next_update if state.latest else first
    values = values_of(tx, state, incident, known, next_update)
    decision = rules.rendered(copied.decision, values) if copied.decision else known.get("decision")
    text = rules.marked(rules.rendered(copied.says, values), drill=state.begun.drill)[: elevating.LONGEST]
    elevated = Elevated(
        at=tx.now,
        elevation=rule,
        title=copied.title,
        to=copied.to,
        acknowledge_within=copied.acknowledge_within,
        text=text,
        decision=decision,
        by=tx.by.person or tx.by.id,
    )
    tx.append(COMMS, number, [elevated])
    _tell(tx, number, rule)


@permitted(Permission.RESPOND)
def elevate(
    tx: Tx,
    *,
    number: int,
    text: str,
    to: Sequence[str],
    decision: str | None = None,
    acknowledge_within: int = 15,
) -> str:
    """Bring the incident before these posts of the plan by hand; returns the elevation's id."""
    state = running(tx, number)
    events = elevating.raise_by_hand(
        state,
        tx.now,
        to=to,
        text=rules.marked(text, drill=state.begun.drill) if text.strip() else text,
        decision=decision,
        acknowledge_within=acknowledge_within,
        by=tx.by.person or tx.by.id,
    )
    tx.append(COMMS, number, events)
    (elevated,) = events
    assert isinstance(elevated, Elevated)
    _tell(tx, number, elevated.elevation)
    return elevated.elevation


@permitted(Permission.RESPOND)
def tell_next(tx: Tx, *, number: int, elevation: str, step: int) -> None:
    """It is the next post's turn. Nothing if somebody took note meanwhile."""
    state = communication(tx, number)
    one = state.elevations.get(elevation) if state else None
    if one is not None and one.state == "climbing" and one.pending and one.step == step:
        _tell(tx, number, elevation)


def _tell(tx: Tx, number: int, elevation: str) -> None:
    """Tell the post that has its turn; while a post reaches nobody, the next one of this round at once."""
    state = running(tx, number)
    while True:
        one = state.elevations[elevation]
        people, unreached = reach(tx, state.begun, (f"post:{one.post}",))
        delivery = _deliver(tx, state, elevation, people[0]) if people else None
        told = ElevationTold(
            at=tx.now,
            elevation=elevation,
            step=one.step,
            post=one.post,
            person=people[0] if people else None,
            delivery=delivery,
            unreached=unreached[0].partition(": ")[2] if unreached else None,
        )
        state = tx.append(COMMS, number, [told])
        if people or (one.step + 1) % len(one.to) == 0 or one.step + 1 >= ROUNDS * len(one.to):
            return
        state = tx.append(COMMS, number, elevating.climb(state.elevations[elevation], tx.now, reason="nobody reached"))


def _deliver(tx: Tx, state: Comms, elevation: str, person: str) -> str:
    one, incident = state.elevations[elevation], incident_of(tx, state.number)
    drill = "DRILL " if state.begun.drill else ""
    wants = f" Decision wanted: {one.decision}" if one.decision else ""
    return request(
        tx,
        person=person,
        about=about(state.number, elevation),
        purpose="elevation",
        urgency=rank(state.severity),
        subject=f"{drill}{state.severity} INC-{state.number} needs your attention: {incident.title}"[:300],
        text=f"{one.text}{wants} INC-{state.number}",
        title=one.text,
        drill=state.begun.drill,
    )


# -- answers -------------------------------------------------------------------------------------


@unguarded("whoever was told may say so, and whoever commands: checked on the elevation, in the action")
def acknowledge_elevation(tx: Tx, *, number: int, elevation: str, how: str = "console") -> None:
    """Somebody of higher management has taken note; it climbs no further."""
    state = running(tx, number)
    _check_told(tx, state, elevation)
    _acknowledge(tx, state, elevation, tx.by.person or tx.by.id, how)


@unguarded("whoever was told may decide, and whoever commands may write it down: checked in the action")
def take_decision(tx: Tx, *, number: int, elevation: str, decision: str) -> None:
    """Record the answer to the decision that was wanted; it acknowledges too."""
    state = running(tx, number)
    _check_told(tx, state, elevation)
    by = tx.by.person or tx.by.id
    tx.append(COMMS, number, elevating.decide(state, tx.now, elevation=elevation, decision=decision, by=by))
    withdraw(tx, about=about(number, elevation), purposes=("elevation",), reason="decided")


@permitted(Permission.RESPOND)
def answer(tx: Tx, *, reply: ReplyReceived) -> None:
    """Do what the answer to an elevation's message says. The same answer a second time changes nothing."""
    _, number, elevation = reply.about.split("/", 2)
    state = communication(tx, int(number))
    if state is None or elevation not in state.elevations:
        return
    if reply.answer == "ack":
        _acknowledge(tx, state, elevation, reply.person, "link")
    elif events := elevating.pass_on(state, tx.now, elevation=elevation, person=reply.person):
        tx.append(COMMS, int(number), events)


def _acknowledge(tx: Tx, state: Comms, elevation: str, by: str, how: str) -> None:
    if events := elevating.acknowledge(state, tx.now, elevation=elevation, by=by, how=how):
        tx.append(COMMS, state.number, events)
        withdraw(tx, about=about(state.number, elevation), purposes=("elevation",), reason="acknowledged")


def _check_told(tx: Tx, state: Comms, elevation: str) -> None:
    one = elevating.found(state, elevation)
    if tx.by.person not in one.told and not may(tx.by, Permission.COMMAND):
        raise Forbidden(Permission.COMMAND.value)
