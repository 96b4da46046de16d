"""What can be done: revise schedules and arrange cover; start, climb, acknowledge and stop an escalation."""

from quarterdeck.oncall.actions.climbing import (
    Answer,
    acknowledge,
    answer,
    escalate_now,
    follow_severity,
    mend_deadlines,
    page_failed,
    reach_due_level,
    rest,
    restart,
    start_escalation,
    stop_escalation,
)
from quarterdeck.oncall.actions.planning import arrange_cover, cancel_cover, revise_schedule

__all__ = [
    "Answer",
    "acknowledge",
    "answer",
    "arrange_cover",
    "cancel_cover",
    "escalate_now",
    "follow_severity",
    "mend_deadlines",
    "page_failed",
    "reach_due_level",
    "rest",
    "restart",
    "revise_schedule",
    "start_escalation",
    "stop_escalation",
]
