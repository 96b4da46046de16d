"""Reviews as they stand inside a transaction."""

from quarterdeck.learning.rules import REVIEW, Review
from quarterdeck.record import Tx


def review(tx: Tx, number: int) -> Review | None:
    """The review of an incident; None if none was ever owed."""
    return tx.load(REVIEW, number)
