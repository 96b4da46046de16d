"""What can be done in learning."""

from quarterdeck.learning.actions.bringing import bring_in_review
from quarterdeck.learning.actions.factoring import agree_factor, find_factor, revise_factor, withdraw_factor
from quarterdeck.learning.actions.lessoning import (
    change_the_plan,
    close_by_revision,
    identify_lesson,
    reject_lesson,
    reopen_lesson,
    revise_lesson,
    settle_lessons_of_draft,
    validate_lesson,
)
from quarterdeck.learning.actions.reviewing import cancel_review, hold_review, open_review, waive_review

__all__ = [
    "agree_factor",
    "bring_in_review",
    "cancel_review",
    "change_the_plan",
    "close_by_revision",
    "find_factor",
    "hold_review",
    "identify_lesson",
    "open_review",
    "reject_lesson",
    "reopen_lesson",
    "revise_factor",
    "revise_lesson",
    "settle_lessons_of_draft",
    "validate_lesson",
    "waive_review",
    "withdraw_factor",
]
