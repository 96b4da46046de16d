"""When that happened to an incident, to the scope or to a clock, do this here."""

from quarterdeck.command.events import (
    IncidentCancelled,
    IncidentDeclared,
    IncidentDeclined,
    IncidentMerged,
    IncidentReopened,
    IncidentResolved,
    SeverityChanged,
    TimesCorrected,
)
from quarterdeck.command.views import open_incidents
from quarterdeck.obligations import actions, views
from quarterdeck.obligations.events import ClockMissed, ReminderDue, ScopeDeclared
from quarterdeck.obligations.sources import shipped
from quarterdeck.record import Reaction, Recorded, Tx


def on_incident(tx: Tx, recorded: Recorded) -> None:
    """One reaction for all of an incident's turns, so that they are followed in the order in which they happened."""
    number, event = int(recorded.key), recorded.event
    match event:
        case IncidentDeclined() | IncidentCancelled():
            how = "declined" if isinstance(event, IncidentDeclined) else "cancelled"
            actions.fall_away(tx, number=number, reason=f"INC-{number} was {how}: {event.reason}")
        case IncidentMerged():
            actions.hand_over(tx, number=number)
        case TimesCorrected() | IncidentResolved():
            actions.take_up_times(tx, number=number)
        case IncidentDeclared() if event.drill or event.source is not None:
            return
        case _:
            for regime in views.in_scope(tx.connection, shipped()):
                actions.ask(tx, number=number, regime=regime)


def on_scope_declared(tx: Tx, recorded: Recorded) -> None:
    """What is open is asked at once; where a regime left the scope, what nobody has found notifiable falls away."""
    event = recorded.event
    if event.applies:
        wanted = [one for one in views.in_scope(tx.connection, shipped()) if one.id == event.regime]
        for row in open_incidents(tx.connection):
            for regime in wanted:
                actions.ask(tx, number=row.number, regime=regime)
        return
    for number in views.asked_live(tx.connection, event.regime):
        reason = f"it does not apply to us: {event.reason}"
        actions.fall_away(tx, number=number, reason=reason, regimes=(event.regime,), answered=False)


def on_clock(tx: Tx, recorded: Recorded) -> None:
    actions.remind(tx, number=int(recorded.key), told=recorded.event)


_FOLLOWED = (IncidentDeclared, SeverityChanged, IncidentReopened, TimesCorrected, IncidentResolved)
REACTIONS = (
    Reaction("obligations.on_incident", (*_FOLLOWED, IncidentDeclined, IncidentMerged, IncidentCancelled), on_incident),
    Reaction("obligations.on_scope_declared", (ScopeDeclared,), on_scope_declared),
    Reaction("obligations.on_clock", (ReminderDue, ClockMissed), on_clock),
)
