"""The monthly look at what recurs: it begins with the first incident, and each month's result is recorded."""

from quarterdeck.command.events import IncidentResolved
from quarterdeck.learning import actions, views
from quarterdeck.learning.events.recurring import RecurrenceCheckDue
from quarterdeck.record import Reaction, Recorded, Tx


def on_incident_resolved(tx: Tx, recorded: Recorded) -> None:
    actions.begin_recurrence_checks(tx)


def on_recurrence_check(tx: Tx, recorded: Recorded) -> None:
    due = recorded.event
    found, incidents = views.patterns(tx.connection, since=due.since, until=due.until)
    actions.record_recurrence(tx, due=due, incidents=incidents, found=found)


REACTIONS = (
    Reaction("learning.on_first_incident", (IncidentResolved,), on_incident_resolved),
    Reaction("learning.on_recurrence_check", (RecurrenceCheckDue,), on_recurrence_check),
)
