"""What is done about the ticket of an improvement action: sent, sent anew, stopped; and what its tracker did to it."""

from functools import partial

from quarterdeck.governance.rules import Permission, permitted, unguarded
from quarterdeck.governance.state import person
from quarterdeck.kernel.errors import NotFound, Refused
from quarterdeck.kernel.ids import new_id
from quarterdeck.learning.actions.people import actor
from quarterdeck.learning.events.tracking import Seen
from quarterdeck.learning.rules import IMPROVEMENT, TICKET, TRACKER, Action, Tracker, improving, pulling
from quarterdeck.learning.rules import ticket as rules
from quarterdeck.learning.rules.improving import ENDED
from quarterdeck.learning.rules.tracker import standing
from quarterdeck.notify.actions import request
from quarterdeck.plan.state import holder_of
from quarterdeck.record import Tx

_QUIET = 3


@permitted(Permission.REVIEW)
def send_action(tx: Tx, *, number: int, tracker: str, by_rule: bool = False) -> None:
    """One issue is to stand in this tracker; nothing if it does already."""
    action = tx.load(IMPROVEMENT, number)
    if action is None:
        raise NotFound(f"improvement action A-{number}")
    if action.state in ENDED:
        raise Refused("ActionOver", f"{action.name} is {action.state}.")
    standing(tx.existing(TRACKER, tracker))
    by = None if by_rule else actor(tx)
    mark = f"A-{number}-{new_id(tx.now)}"
    tx.append(TICKET, number, rules.ask(tx.load(TICKET, number), number, tracker, mark, by, tx.now))


@permitted(Permission.RESPOND)
def send_ticket_now(tx: Tx, *, number: int) -> None:
    """Compare and send at once, whatever failed before."""
    tx.decide(TICKET, number, partial(rules.outdate, now=tx.now))


@permitted(Permission.REVIEW)
def stop_ticket(tx: Tx, *, number: int, by_rule: bool = False) -> None:
    """Nothing is sent or fetched any more; the issue stays as it is."""
    tx.decide(TICKET, number, partial(rules.stop, by=None if by_rule else actor(tx), now=tx.now))


@unguarded("the tracker's signature was checked at the door, and nothing is believed: we look for ourselves")
def look_at_ticket(tx: Tx, *, number: int) -> None:
    """The tracker says that something happened to its issue."""
    tx.decide(TICKET, number, partial(rules.look, now=tx.now))


@permitted(Permission.REVIEW)
def follow_tracker(tx: Tx, *, number: int, tracker: Tracker, before: Seen, seen: Seen) -> None:
    """What the tracker's people did, done here: closed is done, never verified; reopened is not done yet."""
    action = tx.existing(IMPROVEMENT, number)
    step = pulling.follows(action, tracker, before, seen)
    match step.what:
        case "finish":
            finish = partial(improving.finish, by=tracker.actor, now=tx.now, shown=step.said)
            tx.decide(IMPROVEMENT, number, finish)
        case "return":
            give_back = partial(improving.send_back, by=tracker.actor, now=tx.now, reason=step.said)
            tx.decide(IMPROVEMENT, number, give_back)
        case "tell":
            _tell(tx, action, step.said)
        case "":
            pass


@permitted(Permission.REVIEW)
def tell_of_lost_ticket(tx: Tx, *, number: int, tracker: Tracker, how: str) -> None:
    """The issue is gone; somebody has to decide whether to send the action anew."""
    action = tx.existing(IMPROVEMENT, number)
    if action.state not in ENDED:
        _tell(tx, action, f"The issue of {action.name} in {tracker.place.title} is gone. {how}")


def _tell(tx: Tx, action: Action, said: str) -> None:
    owner = person(tx, action.owner) if action.owner else None
    whom = owner.id if owner is not None and owner.active else holder_of(tx, "owner")
    if whom is None:
        return
    request(
        tx,
        person=whom,
        about=f"improvement/{action.number}",
        purpose="reminder",
        urgency=_QUIET,
        subject=f"Tracker: {action.plans.title}"[:300],
        text=f"{said} {action.name}: {action.plans.title}"[:3000],
        url_path=f"/actions/{action.number}",
    )
