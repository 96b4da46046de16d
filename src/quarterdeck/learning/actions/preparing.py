"""The reading lists: set their hour, and send each person who goes on call what is new."""

from collections.abc import Mapping

from quarterdeck.governance.rules import Permission, permitted
from quarterdeck.learning.rules import READING, preparing
from quarterdeck.notify.actions import request
from quarterdeck.plan.state import in_force
from quarterdeck.record import Tx

_QUIETEST = 4
"""It wakes nobody, and comes after everything else."""


@permitted(Permission.REVIEW)
def plan_reading(tx: Tx) -> None:
    """Set the next hour by the calendar of the plan in force."""
    standing = in_force(tx)
    if standing is None:
        return
    if events := preparing.plan_next(tx.load(READING, preparing.KEY), tx.now, standing.plan.calendar):
        tx.append(READING, preparing.KEY, events)


@permitted(Permission.REVIEW)
def send_reading(tx: Tx, *, texts: Mapping[str, str], schedules: bool) -> None:
    """Tell each person their text, and set the next hour if there are schedules at all."""
    standing = in_force(tx)
    if standing is None or not tx.existing(READING, preparing.KEY).under_way:
        return
    for person, text in sorted(texts.items()):
        request(
            tx,
            person=person,
            about="reading/main",
            purpose="update",
            urgency=_QUIETEST,
            subject="Before you go on call: what is new",
            text=text,
            url_path="/me/reading",
        )
    tx.append(
        READING, preparing.KEY, preparing.sent(tx.now, standing.plan.calendar, sorted(texts), schedules=schedules)
    )
