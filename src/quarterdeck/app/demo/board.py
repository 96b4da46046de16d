"""What the demo's senior manager was told and decided, and what is asked now: for the executive page."""

from datetime import timedelta

import msgspec

from quarterdeck.direction import actions as direction
from quarterdeck.direction.views import reporting
from quarterdeck.kernel.principal import Principal
from quarterdeck.kernel.time import Instant
from quarterdeck.record import Tx

_EVIDENCE = "/insights/time-to-mitigate"


def told(tx: Tx, people: dict[str, Principal], now: Instant) -> None:
    """A page was issued six weeks ago, with a decision; it was taken and something came of it; and one is asked now."""
    alice = people["alice"]
    with tx.acting(alice, now - timedelta(days=45)):
        first = direction.ask_board(
            tx,
            question="Put a second person on call for what customers pay for?",
            due=now - timedelta(days=38),
            waiting="One person works on one incident; the next one waits.",
            advice="Yes, for a quarter; then look whether customers are served again sooner.",
            href=_EVIDENCE,
        )
    at = now - timedelta(days=44)
    with tx.acting(alice, at):
        page = reporting.executive(tx.connection, now, at)
        # What is overdue is known as of today alone, and none of it was then.
        page = msgspec.structs.replace(page, note="", overdue=(), overdue_of=0, debt=())
        direction.issue_page(tx, page=page)
    with tx.acting(alice, now - timedelta(days=40)):
        direction.take_board_decision(
            tx, number=first, decision="A second person is on call for a quarter.", decided_by="Dana"
        )
    with tx.acting(alice, now - timedelta(days=37)):
        direction.follow_board_decision(tx, number=first, text="On call since the Monday after.")
    with tx.acting(alice, now - timedelta(days=4)):
        direction.ask_board(
            tx,
            question="Keep the second person on call when the quarter ends?",
            due=now + timedelta(days=13),
            waiting="One person would be alone again, and customers would wait as long as before.",
            advice="Yes: customers are served again sooner since it began. Look again in a quarter.",
            href=_EVIDENCE,
        )
