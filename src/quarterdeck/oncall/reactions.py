"""When that happened to an incident, to a page or to the clock, do this here."""

from quarterdeck.command.events import (
    IncidentAcknowledged,
    IncidentCancelled,
    IncidentClosed,
    IncidentDeclared,
    IncidentDeclined,
    IncidentMerged,
    IncidentReopened,
    IncidentResolved,
    SeverityChanged,
)
from quarterdeck.command.rules import OPEN
from quarterdeck.command.state import incident as incident_of
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.principal import ENGINE
from quarterdeck.kernel.time import Instant
from quarterdeck.notify.events import DeliveryAbandoned, ReplyReceived
from quarterdeck.oncall import actions
from quarterdeck.oncall.events import LevelDue
from quarterdeck.oncall.state import escalation
from quarterdeck.record import Reaction, Record, Recorded, Tx

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
    ending = _ENDINGS.get(type(event))
    if ending:
        by = getattr(event, "by", None)
        actions.stop_escalation(tx, number=number, reason=ending, by=by)
        return
    incident = incident_of(tx, number)
    if incident.state not in OPEN or incident.imported:
        return
    match event:
        case IncidentDeclared() if incident.acknowledged_at is None:
            actions.start_escalation(tx, number=number)
        case IncidentReopened():
            actions.restart(tx, number=number, reason="reopened")
        case SeverityChanged():
            actions.follow_severity(tx, number=number, was=event.was)
        case IncidentAcknowledged():
            _follow_acknowledgement(tx, number, event.by, event.at)


def _follow_acknowledgement(tx: Tx, number: int, by: str, at: Instant) -> None:
    """Acknowledged on the incident itself, for example by the source of its alerts: the pages stop too."""
    state = escalation(tx, number)
    seen = state is not None and state.acknowledged is not None and state.acknowledged.at >= at
    if state and state.asking and not seen:
        actions.rest(tx, number=number, by=by)


def _on_level_due(tx: Tx, recorded: Recorded) -> None:
    actions.reach_due_level(tx, number=int(recorded.key), step=recorded.event.step)


def _on_reply(tx: Tx, recorded: Recorded) -> None:
    """Answers that came by another way than the acknowledge page, which does this in the reply's own transaction."""
    reply = recorded.event
    if reply.about.startswith("incident/"):
        actions.answer(tx, reply=reply, how="reply")


def _on_page_abandoned(tx: Tx, recorded: Recorded) -> None:
    event = recorded.event
    if event.purpose == "page" and event.about.startswith("incident/"):
        actions.page_failed(tx, number=int(event.about.partition("/")[2]), delivery=event.delivery)


class ClockWatch:
    """A chore, called about once a second: when the wall clock was set back, deadlines that are now too far off are
    mended. The first call does it in any case, since the clock may have been set while nobody was looking."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._last: Instant | None = None

    def __call__(self) -> None:
        now = self._record.clock.now()
        if self._last is None or now < self._last:
            self._record.perform(ENGINE, actions.mend_deadlines)
        self._last = now


REACTIONS = (
    Reaction(
        "oncall.on_incident",
        (IncidentDeclared, IncidentReopened, IncidentAcknowledged, SeverityChanged, *_ENDINGS),
        _on_incident,
    ),
    Reaction("oncall.on_level_due", (LevelDue,), _on_level_due),
    Reaction("oncall.on_reply_received", (ReplyReceived,), _on_reply),
    Reaction("oncall.on_delivery_abandoned", (DeliveryAbandoned,), _on_page_abandoned),
)
