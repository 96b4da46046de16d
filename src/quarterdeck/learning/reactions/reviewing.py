"""What learning does of its own accord: a resolved incident owes the review the plan asks for, a reopened one none."""

from quarterdeck.command.events import IncidentReopened, IncidentResolved, SeverityChanged
from quarterdeck.learning import actions
from quarterdeck.record import Reaction, Recorded, Tx


def on_incident(tx: Tx, recorded: Recorded) -> None:
    """One reaction for both, so that resolved, reopened, resolved again is taken in that order.

    A severity raised after the resolution may ask for a review that was not owed before.
    """
    number = int(recorded.key)
    if isinstance(recorded.event, IncidentReopened):
        actions.cancel_review(tx, number=number, reason="the incident was reopened")
    else:
        actions.open_review(tx, number=number)


REACTIONS = (Reaction("learning.on_incident", (IncidentResolved, IncidentReopened, SeverityChanged), on_incident),)
