"""What can be done in learning."""

from quarterdeck.learning.actions.approving import approve_review, publish_review, return_review, submit_review
from quarterdeck.learning.actions.bringing import bring_in_review
from quarterdeck.learning.actions.digesting import plan_digest, send_digest
from quarterdeck.learning.actions.duties import put_duty, remove_duty, revise_duties
from quarterdeck.learning.actions.factoring import agree_factor, find_factor, revise_factor, withdraw_factor
from quarterdeck.learning.actions.guiding import propose_guideline
from quarterdeck.learning.actions.improving import (
    agree_action,
    assign_action,
    begin_action,
    cancel_action,
    finish_action,
    note_owner_left,
    propose_action,
    return_action,
    revise_action,
    verify_action,
)
from quarterdeck.learning.actions.judging import judge_effect, look_now, note_use, record_look, state_effect
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
from quarterdeck.learning.actions.preparing import plan_reading, send_reading
from quarterdeck.learning.actions.recurring import assess_recurrence, begin_recurrence_checks, record_recurrence
from quarterdeck.learning.actions.reminding import remind_of_action
from quarterdeck.learning.actions.reviewing import (
    assign_facilitator,
    cancel_review,
    hold_review,
    name_participants,
    open_review,
    schedule_review,
    waive_review,
)
from quarterdeck.learning.actions.writing import (
    comment_review,
    grow_lesson,
    observe,
    revise_observation,
    settle_comment,
    tell_entry,
    withdraw_observation,
    write_review,
)

__all__ = [
    "agree_action",
    "agree_factor",
    "approve_review",
    "assess_recurrence",
    "assign_action",
    "assign_facilitator",
    "begin_action",
    "begin_recurrence_checks",
    "bring_in_review",
    "cancel_action",
    "cancel_review",
    "change_the_plan",
    "close_by_revision",
    "comment_review",
    "find_factor",
    "finish_action",
    "grow_lesson",
    "hold_review",
    "identify_lesson",
    "judge_effect",
    "look_now",
    "name_participants",
    "note_owner_left",
    "note_use",
    "observe",
    "open_review",
    "plan_digest",
    "plan_reading",
    "propose_action",
    "propose_guideline",
    "publish_review",
    "put_duty",
    "record_look",
    "record_recurrence",
    "reject_lesson",
    "remind_of_action",
    "remove_duty",
    "reopen_lesson",
    "return_action",
    "return_review",
    "revise_action",
    "revise_duties",
    "revise_factor",
    "revise_lesson",
    "revise_observation",
    "schedule_review",
    "send_digest",
    "send_reading",
    "settle_comment",
    "settle_lessons_of_draft",
    "state_effect",
    "submit_review",
    "tell_entry",
    "validate_lesson",
    "verify_action",
    "waive_review",
    "withdraw_factor",
    "withdraw_observation",
    "write_review",
]
