"""Reviews of the plan's documents: the owner and the approver are told that one comes due, or waits too long."""

from quarterdeck.governance.rules import Permission, permitted
from quarterdeck.governance.state import person_by_login
from quarterdeck.notify.actions import request
from quarterdeck.plan.events import DocumentReviewOverdue, DocumentReviewReminded
from quarterdeck.plan.rules import DOCUMENT
from quarterdeck.record import Tx

_REVIEW = 3
"""As urgent as a SEV4: it wakes nobody."""


@permitted(Permission.PLAN)
def remind_of_review(tx: Tx, *, about: DocumentReviewReminded | DocumentReviewOverdue) -> None:
    """Tell the owner's and the approver's logins, each person once; who has left or is unknown is left out."""
    kept = tx.load(DOCUMENT, about.document)
    title = kept.title if kept else about.document
    if isinstance(about, DocumentReviewReminded):
        when = "today" if about.days_left == 0 else f"in {about.days_left} days"
        subject = f"Review due {when}: {title}"
        text = f"“{title}” of the incident management plan is due for review {when}, {about.due:%d %B %Y}."
    else:
        subject = f"Review overdue for {about.days} days: {title}"
        text = f"“{title}” of the incident management plan has waited {about.days} days for a review: {about.why}"
    found = (person_by_login(tx, login) for login in dict.fromkeys((about.owner, about.approver)))
    for one in {person.id: person for person in found if person and person.active}.values():
        request(
            tx,
            person=one.id,
            about=f"document/{about.document}"[:200],
            purpose="reminder",
            urgency=_REVIEW,
            subject=subject[:300],
            text=text[:3000],
            url_path="/plan",
        )
