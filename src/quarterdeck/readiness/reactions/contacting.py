"""Contact tests ask people when their turn comes, and take their answers."""

from quarterdeck.notify.events import DeliveryAbandoned, ReplyReceived
from quarterdeck.readiness import actions
from quarterdeck.readiness.events import AskDue
from quarterdeck.record import Reaction, Recorded, Tx


def on_ask_due(tx: Tx, recorded: Recorded) -> None:
    actions.ask_person(tx, number=int(recorded.key), person=recorded.event.person)


def on_message(tx: Tx, recorded: Recorded) -> None:
    """Answers and losses, in the order in which they happened."""
    if isinstance(recorded.event, ReplyReceived):
        actions.take_answer(tx, reply=recorded.event)
    else:
        actions.take_loss(tx, lost=recorded.event)


REACTIONS = (
    Reaction("readiness.on_ask_due", (AskDue,), on_ask_due),
    Reaction("readiness.on_message", (ReplyReceived, DeliveryAbandoned), on_message),
)
