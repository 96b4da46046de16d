"""What goes out of its own accord: agreed actions to their tracker, and what changes of them after it."""

from quarterdeck.governance.views import person_by_id
from quarterdeck.learning import actions, views
from quarterdeck.learning.events import improving as ev
from quarterdeck.learning.events.tracking import TrackerRemoved, TrackerTried
from quarterdeck.learning.rules.tracker import choose
from quarterdeck.record import Reaction, Recorded, Tx

CHANGES = (
    ev.ActionRevised,
    ev.ActionAssigned,
    ev.ActionDone,
    ev.ActionVerified,
    ev.ActionReturned,
    ev.ActionCancelled,
)


def on_action_agreed(tx: Tx, recorded: Recorded) -> None:
    """It goes to the tracker of its owner's team, if there is one."""
    number = int(recorded.key)
    standing = [(row.id, row.place) for row in views.trackers(tx.connection)]
    if not standing or views.ticket(tx.connection, number) is not None:
        return
    owner = views.improvement(tx.connection, number).owner
    known = person_by_id(tx.connection, owner) if owner else None
    tracker = choose(standing, known.teams if known else ())
    if tracker is not None:
        actions.send_action(tx, number=number, tracker=tracker, by_rule=True)


def on_action_changed(tx: Tx, recorded: Recorded) -> None:
    number = int(recorded.key)
    if views.ticket(tx.connection, number) is not None:
        actions.send_ticket_now(tx, number=number)


def on_tracker_tried(tx: Tx, recorded: Recorded) -> None:
    """It works (again): what failed there is sent now."""
    if recorded.event.works:
        for number in views.tickets_of(tx.connection, recorded.key, failing=True):
            actions.send_ticket_now(tx, number=number)


def on_tracker_removed(tx: Tx, recorded: Recorded) -> None:
    for number in views.tickets_of(tx.connection, recorded.key):
        actions.stop_ticket(tx, number=number, by_rule=True)


REACTIONS = (
    Reaction("learning.on_action_agreed", (ev.ActionAgreed,), on_action_agreed),
    Reaction("learning.on_action_changed", CHANGES, on_action_changed),
    Reaction("learning.on_tracker_tried", (TrackerTried,), on_tracker_tried),
    Reaction("learning.on_tracker_removed", (TrackerRemoved,), on_tracker_removed),
)
