"""The rules of being on call: schedules, escalations, and what a page says. Pure."""

from quarterdeck.oncall.rules import document, escalation, messages
from quarterdeck.oncall.rules.calendar import instant_of, local
from quarterdeck.oncall.rules.escalation import ESCALATION, FINAL_ROUNDS, Acknowledgement, Escalation, Page, Place
from quarterdeck.oncall.rules.schedule import (
    SCHEDULE,
    Cover,
    Schedule,
    Shift,
    arrange_cover,
    cancel_cover,
    gaps,
    layer_shifts,
    shifts,
    uncovered,
    who_is_on_call,
)

LIFECYCLES = (SCHEDULE, ESCALATION)

__all__ = [
    "ESCALATION",
    "FINAL_ROUNDS",
    "LIFECYCLES",
    "SCHEDULE",
    "Acknowledgement",
    "Cover",
    "Escalation",
    "Page",
    "Place",
    "Schedule",
    "Shift",
    "arrange_cover",
    "cancel_cover",
    "document",
    "escalation",
    "gaps",
    "instant_of",
    "layer_shifts",
    "local",
    "messages",
    "shifts",
    "uncovered",
    "who_is_on_call",
]
