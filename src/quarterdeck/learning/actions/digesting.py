"""The monthly digest: set its day, and tell everybody who may read what was learnt."""

from collections.abc import Mapping
from functools import partial

from quarterdeck.governance.rules import Permission, permitted
from quarterdeck.learning.rules import DIGEST, digesting
from quarterdeck.notify.actions import request
from quarterdeck.plan.state import in_force
from quarterdeck.record import Tx

_QUIETEST = 4
"""It wakes nobody, and comes after everything else."""


@permitted(Permission.REVIEW)
def plan_digest(tx: Tx) -> None:
    """Set the day for this month's digest by the calendar of the plan in force."""
    standing = in_force(tx)
    if standing is None:
        return
    state = tx.load(DIGEST, digesting.KEY)
    if events := digesting.plan_next(state, tx.now, standing.plan.calendar):
        tx.append(DIGEST, digesting.KEY, events)


@permitted(Permission.REVIEW)
def send_digest(tx: Tx, *, month: str, texts: Mapping[str, tuple[str, str]]) -> int:
    """Tell each person their text (subject, text) and set the next day; returns how many. Once for a month."""
    state = tx.load(DIGEST, digesting.KEY)
    if state is None or state.month != month:
        return 0
    for person, (subject, text) in texts.items():
        request(
            tx,
            person=person,
            about=f"digest/{month}",
            purpose="update",
            urgency=_QUIETEST,
            subject=subject[:300],
            text=text[:3000],
            url_path=f"/learned?month={month}",
        )
    tx.decide(DIGEST, digesting.KEY, partial(digesting.sent, now=tx.now, people=sorted(texts)))
    plan_digest(tx)
    return len(texts)
