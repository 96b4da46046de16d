"""A review that was held elsewhere, brought in with the incident it looks back on."""

from quarterdeck.command.state import incident
from quarterdeck.governance.rules import Permission, permitted
from quarterdeck.kernel.errors import Refused
from quarterdeck.learning.events.reviewing import ReviewHeld, ReviewOpened
from quarterdeck.learning.rules import REVIEW
from quarterdeck.record import Tx


@permitted(Permission.ADMINISTER)
def bring_in_review(tx: Tx, *, number: int, text: str) -> None:
    """Keep the text of its review. Refused for an incident that was declared here: that one is reviewed here."""
    found = incident(tx, number)
    if found.source is None:
        raise Refused("DeclaredHere", f"INC-{number} was not brought in: hold its review, or waive it.")
    if tx.load(REVIEW, number) is not None:
        raise Refused("AlreadyReviewed", f"INC-{number} has its review.")
    by = tx.by.person or tx.by.id
    opened = ReviewOpened(
        at=tx.now,
        number=number,
        due=tx.now,
        rule=f"brought in from {found.source}",
        severity=found.severity,
        commander=found.commander,
    )
    tx.append(REVIEW, number, [opened, ReviewHeld(at=tx.now, by=by, facilitator="", summary=text)])
