"""What can be done in learning."""

from quarterdeck.learning.actions.factoring import agree_factor, find_factor, revise_factor, withdraw_factor
from quarterdeck.learning.actions.reviewing import cancel_review, hold_review, open_review, waive_review

__all__ = [
    "agree_factor",
    "cancel_review",
    "find_factor",
    "hold_review",
    "open_review",
    "revise_factor",
    "waive_review",
    "withdraw_factor",
]
