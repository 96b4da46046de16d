"""What can be done about what recurs: look every month, record what was found, and say what follows."""

from collections.abc import Sequence
from functools import partial

from quarterdeck.governance.rules import Permission, permitted
from quarterdeck.learning.actions.people import actor
from quarterdeck.learning.events.recurring import RecurrenceCheckDue
from quarterdeck.learning.rules import RECURRENCE
from quarterdeck.learning.rules import recurring as rules
from quarterdeck.learning.rules.recurring import KEY, KINDS, Cluster
from quarterdeck.notify.actions import request
from quarterdeck.plan.state import holder_of
from quarterdeck.record import Tx

_QUIET = 3
"""As urgent as a SEV4: it wakes nobody."""
_TOLD = 5


@permitted(Permission.REVIEW)
def begin_recurrence_checks(tx: Tx) -> None:
    """From the first incident on, every month is looked at when it is over."""
    if events := rules.begin(tx.load(RECURRENCE, KEY), tx.now):
        tx.append(RECURRENCE, KEY, events)


@permitted(Permission.REVIEW)
def record_recurrence(tx: Tx, *, due: RecurrenceCheckDue, incidents: int, found: Sequence[Cluster]) -> None:
    """Record what had recurred by the end of a month, and tell the plan's owner."""
    rule = partial(rules.checked, now=tx.now, due=due, incidents=incidents, found=found)
    events = rule(tx.existing(RECURRENCE, KEY))
    if not events:
        return
    tx.append(RECURRENCE, KEY, events)
    keeper = holder_of(tx, "owner")
    if keeper is None or not found:
        return
    said = "; ".join(f"{one.count} times {KINDS[one.kind]}, {one.words}" for one in found[:_TOLD])
    more = f"; and {len(found) - _TOLD} more" if len(found) > _TOLD else ""
    request(
        tx,
        person=keeper,
        about=f"recurrence/{due.month}",
        purpose="reminder",
        urgency=_QUIET,
        subject=f"What recurred up to {due.month}: {len(found)} patterns in {incidents} incidents",
        text=f"In the six months to the end of {due.month}: {said}{more}. Say what follows from it."[:3_000],
        url_path=f"/patterns/checks/{due.month}",
    )


@permitted(Permission.REVIEW)
def assess_recurrence(tx: Tx, *, month: str, text: str) -> None:
    """Say what follows from a month's result; it may be said again."""
    tx.decide(RECURRENCE, KEY, partial(rules.assess, by=actor(tx), now=tx.now, month=month, text=text))
