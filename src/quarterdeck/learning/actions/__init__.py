"""What can be done in learning."""

from quarterdeck.learning.actions.reviewing import cancel_review, hold_review, open_review, waive_review

__all__ = ["cancel_review", "hold_review", "open_review", "waive_review"]
