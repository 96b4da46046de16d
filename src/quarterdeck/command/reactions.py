"""What command does of its own accord: incidents follow the groups of alerts they were declared for, and back."""

from quarterdeck.command import actions
from quarterdeck.command import events as ev
from quarterdeck.command.state import followed, incident
from quarterdeck.intake.actions import attach_group, close_group
from quarterdeck.intake.events import (
    GroupAcknowledged,
    GroupCleared,
    GroupOpened,
    GroupStirred,
    GroupWorsened,
)
from quarterdeck.intake.state import group as group_of
from quarterdeck.kernel.errors import NotFound
from quarterdeck.kernel.events import Event
from quarterdeck.plan.state import in_force
from quarterdeck.record import Reaction, Recorded, Tx


def on_group(tx: Tx, recorded: Recorded) -> None:
    """One reaction for all that happens to a group, so that its events are taken in their order."""
    event = recorded.event
    if isinstance(event, GroupOpened):
        _declare(tx, event)
        return
    group = group_of(tx, recorded.key)
    if group is None or group.number is None:
        if group is not None and group.state in ("closed", "hushed"):
            return
        raise NotFound(f"incident for group {recorded.key} yet")
    number = followed(tx, group.number).number
    if isinstance(event, GroupWorsened):
        actions.worsen(tx, number=number, impact=event.impact, urgency=event.urgency)
    elif isinstance(event, GroupAcknowledged):
        actions.acknowledge(tx, number=number, by=event.by)
    elif isinstance(event, GroupCleared):
        actions.group_cleared(tx, number=number, group=recorded.key, at=event.at)
    elif isinstance(event, GroupStirred):
        actions.group_stirred(tx, number=number, group=recorded.key, at=event.at)


def _declare(tx: Tx, event: GroupOpened) -> None:
    """What the plan in force no longer knows (it may have changed since the alert came) falls back to its defaults."""
    found = in_force(tx)
    plan = found.plan if found else None
    number = actions.declare(
        tx,
        title=event.title[:200].strip() or "Alert without a title",
        type=event.incident_type if plan and event.incident_type in plan.types else None,
        impact=event.impact if plan and event.impact in plan.severity.matrix else None,
        urgency=event.urgency if plan and event.urgency in {grade.id for grade in plan.severity.urgency} else None,
        service=event.service,
        group=event.group,
        detected_at=min(event.at, tx.now),
        auto_resolve=event.auto_resolve,
        drill=bool(event.drill),
    )
    attach_group(tx, group=event.group, number=number)


def on_incident_over(tx: Tx, recorded: Recorded) -> None:
    """The groups of alerts of an incident that is over take no further signals; the declined ones stay quiet."""
    ended = incident(tx, int(recorded.key))
    declined = isinstance(recorded.event, ev.IncidentDeclined)
    for group in ended.groups:
        close_group(tx, group=group, reason=f"INC-{ended.number} was {_HOW[type(recorded.event)]}", hush=declined)


def on_incident_merged(tx: Tx, recorded: Recorded) -> None:
    """The groups move along with the work."""
    for group in recorded.event.groups:
        attach_group(tx, group=group, number=int(recorded.key))


_HOW: dict[type[Event], str] = {
    ev.IncidentResolved: "resolved",
    ev.IncidentDeclined: "declined",
    ev.IncidentCancelled: "cancelled",
    ev.IncidentClosed: "closed",
}

REACTIONS = (
    Reaction("command.on_group", (GroupOpened, GroupWorsened, GroupAcknowledged, GroupCleared, GroupStirred), on_group),
    Reaction("command.on_incident_over", tuple(_HOW), on_incident_over),
    Reaction("command.on_incident_merged", (ev.IncidentAbsorbed,), on_incident_merged),
)
