"""Who is told that an improvement action comes due, is overdue, or has lost its owner; the longer, the higher."""

from quarterdeck.governance.rules import Permission, permitted
from quarterdeck.governance.state import person
from quarterdeck.learning.events.improving import ActionOverdue, ActionOwnerLeft, ActionReminded
from quarterdeck.learning.rules import IMPROVEMENT
from quarterdeck.learning.rules.improving import ENDED
from quarterdeck.notify.actions import request
from quarterdeck.plan.state import holder_of
from quarterdeck.record import Tx

_QUIET = 3
"""As urgent as a SEV4: it wakes nobody."""
_SECOND_STEP = 14
"""Overdue for so many days it is also told to whoever approves the plan."""


@permitted(Permission.REVIEW)
def remind_of_action(tx: Tx, *, number: int, about: ActionReminded | ActionOverdue | ActionOwnerLeft) -> int:
    """Tell its owner; once it is overdue or has no owner, the plan's owner, then its approver. Returns how many."""
    action = tx.load(IMPROVEMENT, number)
    if action is None or action.state in ENDED:
        return 0
    owner = person(tx, action.owner) if action.owner else None
    keepers = [one for one in (holder_of(tx, "owner"), holder_of(tx, "approver")) if one is not None]
    told = [owner.id] if owner is not None and owner.active else []
    title = action.plans.title
    match about:
        case ActionReminded():
            when = "tomorrow" if about.days_left == 1 else f"in {about.days_left} days"
            subject, text = f"Due {when}: {title}", f"{action.name} is due {when}, {about.due:%d %B %Y}: {title}"
        case ActionOverdue():
            late = "today" if about.days == 0 else f"{about.days} days ago"
            subject = f"Overdue: {title}"
            text = f"{action.name} was due {late}, {about.due:%d %B %Y}, and is {action.state}: {title}"
            told += keepers if about.days >= _SECOND_STEP else keepers[:1]
        case ActionOwnerLeft():
            gone = person(tx, about.owner)
            who = gone.name if gone else about.owner
            subject = f"Without an owner: {title}"
            text = f"{who} has left and looked after {action.name}: {title} Name somebody else."
            told += keepers[:1]
    for one in dict.fromkeys(told or keepers[:1]):
        request(
            tx,
            person=one,
            about=f"improvement/{number}",
            purpose="reminder",
            urgency=_QUIET,
            subject=subject[:300],
            text=text[:3000],
            url_path=f"/actions/{number}",
        )
    return len(dict.fromkeys(told or keepers[:1]))
