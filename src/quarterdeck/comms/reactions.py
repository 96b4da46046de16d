"""When that happened to an incident, to a clock, to a message or to a document of the plan, do this here."""

from quarterdeck.command.events import (
    IncidentCancelled,
    IncidentClassified,
    IncidentClosed,
    IncidentDeclared,
    IncidentDeclined,
    IncidentMerged,
    IncidentReopened,
    IncidentResolved,
    SeverityChanged,
    TimesCorrected,
)
from quarterdeck.comms import actions
from quarterdeck.comms.events import ElevationClimbed, ElevationDue, UpdateOverdue
from quarterdeck.kernel.events import Event
from quarterdeck.notify.events import ReplyReceived
from quarterdeck.plan.events import DocumentReviewOverdue, DocumentReviewReminded
from quarterdeck.record import Reaction, Recorded, Tx

_ENDINGS: dict[type[Event], str] = {
    IncidentResolved: "resolved",
    IncidentDeclined: "declined",
    IncidentMerged: "merged",
    IncidentCancelled: "cancelled",
    IncidentClosed: "closed",
}


def _on_incident(tx: Tx, recorded: Recorded) -> None:
    """One reaction for all of an incident's turns, so that they are followed in the order in which they happened."""
    number, event = int(recorded.key), recorded.event
    if ending := _ENDINGS.get(type(event)):
        actions.stop(tx, number=number, reason=ending)
    elif isinstance(event, IncidentDeclared):
        actions.begin(tx, number=number)
    elif isinstance(event, IncidentReopened):
        actions.begin(tx, number=number, reason="reopened")
    else:
        actions.follow(tx, number=number)


def _on_overdue(tx: Tx, recorded: Recorded) -> None:
    event = recorded.event
    actions.chase(tx, number=int(recorded.key), audiences=event.audiences, step=event.step)


def _on_elevation(tx: Tx, recorded: Recorded) -> None:
    number, event = int(recorded.key), recorded.event
    if isinstance(event, ElevationDue):
        actions.elevate_by_rule(tx, number=number, rule=event.rule)
    else:
        actions.tell_next(tx, number=number, elevation=event.elevation, step=event.step)


def _on_reply(tx: Tx, recorded: Recorded) -> None:
    reply = recorded.event
    if reply.about.startswith("comms/") and reply.about.count("/") > 1:
        actions.answer(tx, reply=reply)


def _on_document(tx: Tx, recorded: Recorded) -> None:
    actions.remind_of_review(tx, about=recorded.event)


_FOLLOWED = (IncidentDeclared, IncidentReopened, SeverityChanged, IncidentClassified, TimesCorrected)
REACTIONS = (
    Reaction("comms.on_incident", (*_FOLLOWED, *_ENDINGS), _on_incident),
    Reaction("comms.on_update_overdue", (UpdateOverdue,), _on_overdue),
    Reaction("comms.on_elevation", (ElevationDue, ElevationClimbed), _on_elevation),
    Reaction("comms.on_reply_received", (ReplyReceived,), _on_reply),
    Reaction("comms.on_document_review", (DocumentReviewReminded, DocumentReviewOverdue), _on_document),
)
