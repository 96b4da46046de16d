"""What happens to a drill's incident, held against what its exercise expects: the evidence gathers as it happens."""

from collections.abc import Iterator
from typing import Any

from quarterdeck.command import events as command
from quarterdeck.command.state import incident
from quarterdeck.comms import events as comms
from quarterdeck.governance.rules import Permission, permitted
from quarterdeck.governance.state import person
from quarterdeck.intake.state import group
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import Instant
from quarterdeck.plan.rules import commanding_role
from quarterdeck.readiness.events import DrillOpened, IncidentRaised
from quarterdeck.readiness.rules import DRILL, EXERCISE, drill
from quarterdeck.readiness.rules.drill import Sight
from quarterdeck.readiness.state import exercise, exercise_of, running, tested_plan
from quarterdeck.record import Tx

Seen = tuple[str, str | None, str, bool]
"""What, of which, by whom, as planned."""


@permitted(Permission.RESPOND)
def join_exercise(tx: Tx, *, number: int) -> None:
    """A drill was declared: it belongs to the exercise whose signal it is, or in which whoever declared it takes part.

    A drill that belongs to none stays a drill by itself.
    """
    found = incident(tx, number)
    if not found.drill or exercise_of(tx, number) is not None:
        return
    groups = (group(tx, id) for id in found.groups)
    by_signal = next((one.drill for one in groups if one and one.drill), "")
    if by_signal:
        open_drill(tx, incident=number, exercise=int(by_signal.removeprefix("EX-")))
        return
    live = [one for one in running(tx) if one.scenario.live]
    taking_part = [one for one in live if found.declared_by in one.participants]
    if len(taking_part or live) == 1:
        open_drill(tx, incident=number, exercise=(taking_part or live)[0].number)


@permitted(Permission.RESPOND)
def open_drill(tx: Tx, *, incident: int, exercise: int) -> None:
    """From now on what happens to this incident tells for the exercise."""
    if exercise_of(tx, incident) is not None:
        return
    found = _incident(tx, incident)
    tx.append(DRILL, incident, [DrillOpened(at=tx.now, number=incident, exercise=exercise)])
    tx.append(EXERCISE, exercise, [IncidentRaised(at=tx.now, number=incident, title=found.title)])


_incident = incident


@permitted(Permission.RESPOND)
def watch(tx: Tx, *, number: int, event: Event, position: int) -> None:
    """Something happened to an incident; of a drill, note what it meets of what was expected."""
    belongs = exercise_of(tx, number)
    if belongs is None:
        return
    state = exercise(tx, belongs)
    for what, of, by, as_planned in _sights(tx, number, event, commanding_role(tested_plan(tx, state))):
        sight = Sight(what, of, _when(event, tx.now), by, number, position, as_planned)
        if events := drill.met_by(state, sight):
            state = tx.append(EXERCISE, belongs, events)


def _when(event: Event, now: Instant) -> Instant:
    return min(event.at, now)


def _sights(tx: Tx, number: int, event: Any, commander: str) -> Iterator[Seen]:
    match event:
        case command.IncidentDeclared():
            yield "severity", event.severity, event.declared_by, True
            if not event.commander_by_default:
                yield "role", commander, event.commander, True
        case command.IncidentAcknowledged() if person(tx, event.by) is not None:
            yield "acknowledged", None, event.by, True
            yield "role", commander, event.by, True
        case command.CommandTransferred():
            yield "role", commander, event.to, True
        case command.RoleAssigned():
            yield "role", event.role, event.person, True
        case command.SeverityChanged():
            yield "severity", event.severity, event.by, True
        case command.TaskDone():
            yield "step", event.task, event.by, event.entitled and not event.out_of_order
            if event.answer is not None:
                yield "decision", None, event.by, True
        case command.IncidentMitigated():
            yield "mitigated", None, event.by, True
        case command.IncidentResolved() if person(tx, event.by) is not None:  # that alerts cleared is nobody's doing
            yield "mitigated", None, event.by, True
            yield "resolved", None, event.by, True
        case comms.UpdateSent():
            for audience, text in event.texts.items():
                if text.waits_for is None:
                    yield "update", audience, event.by, True
        case comms.UpdateApproved():
            yield "update", event.audience, event.by, True
        case comms.ElevationAcknowledged():
            yield "elevation", event.elevation, event.by, True
        case comms.DecisionTaken():
            yield "decision", None, event.by, True
            yield "elevation", event.elevation, event.by, True


WATCHED: tuple[type[Event], ...] = (
    command.IncidentAcknowledged,
    command.CommandTransferred,
    command.RoleAssigned,
    command.SeverityChanged,
    command.TaskDone,
    command.IncidentMitigated,
    command.IncidentResolved,
    comms.UpdateSent,
    comms.UpdateApproved,
    comms.ElevationAcknowledged,
    comms.DecisionTaken,
)
