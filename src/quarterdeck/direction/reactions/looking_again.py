"""What happened asks for documents to be looked at again: an incident, a service, somebody leaving."""

from quarterdeck.catalog.events import ServiceAdded, ServiceRevised
from quarterdeck.command.events import IncidentClosed, IncidentResolved
from quarterdeck.direction import actions
from quarterdeck.governance.events import PersonDeactivated
from quarterdeck.readiness.events import ExerciseEvaluated
from quarterdeck.record import Reaction, Recorded, Tx


def on_incident_resolved(tx: Tx, recorded: Recorded) -> None:
    """Significant is what owes a review by its severity."""
    actions.look_again_after_incident(tx, number=int(recorded.key), significant=recorded.event.review_owed)


def on_incident_closed(tx: Tx, recorded: Recorded) -> None:
    """Only then is it settled which steps were followed."""
    actions.note_practice(tx, number=int(recorded.key))


def on_service(tx: Tx, recorded: Recorded) -> None:
    actions.look_again_after_service(tx, id=recorded.key)


def on_person_deactivated(tx: Tx, recorded: Recorded) -> None:
    actions.look_again_after_leaving(tx, id=recorded.key)


def on_exercise_evaluated(tx: Tx, recorded: Recorded) -> None:
    event = recorded.event
    actions.look_again_after_exercise(tx, number=int(recorded.key), procedure=event.procedure, failed=event.failed)


REACTIONS = (
    Reaction("direction.on_exercise_evaluated", (ExerciseEvaluated,), on_exercise_evaluated),
    Reaction("direction.on_incident_resolved", (IncidentResolved,), on_incident_resolved),
    Reaction("direction.on_incident_closed", (IncidentClosed,), on_incident_closed),
    Reaction("direction.on_service", (ServiceAdded, ServiceRevised), on_service),
    Reaction("direction.on_person_deactivated", (PersonDeactivated,), on_person_deactivated),
)
