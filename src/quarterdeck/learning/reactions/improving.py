"""Improvement actions that come due, are overdue or lose their owner: somebody is told."""

from quarterdeck.governance.events import PersonDeactivated
from quarterdeck.learning import actions, views
from quarterdeck.learning.events.improving import ActionOverdue, ActionOwnerLeft, ActionReminded
from quarterdeck.record import Reaction, Recorded, Tx


def on_action(tx: Tx, recorded: Recorded) -> None:
    actions.remind_of_action(tx, number=int(recorded.key), about=recorded.event)


def on_person_deactivated(tx: Tx, recorded: Recorded) -> None:
    """What they looked after is without an owner."""
    for row in views.open_actions_of(tx.connection, recorded.key):
        actions.note_owner_left(tx, number=row.number, owner=recorded.key)


REACTIONS = (
    Reaction("learning.on_action", (ActionReminded, ActionOverdue, ActionOwnerLeft), on_action),
    Reaction("learning.on_person_deactivated", (PersonDeactivated,), on_person_deactivated),
)
