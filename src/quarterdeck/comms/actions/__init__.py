"""What can be done: run the clocks, send and agree to updates, chase what is overdue, elevate and take note."""

from quarterdeck.comms.actions.beginning import begin, follow, stop
from quarterdeck.comms.actions.chasing import chase
from quarterdeck.comms.actions.elevating import (
    acknowledge_elevation,
    answer,
    elevate,
    elevate_by_rule,
    take_decision,
    tell_next,
)
from quarterdeck.comms.actions.reminding import remind_of_review
from quarterdeck.comms.actions.updating import Sent, approve_update, publish_notice, send_unchanged, send_update

__all__ = [
    "Sent",
    "acknowledge_elevation",
    "answer",
    "approve_update",
    "begin",
    "chase",
    "elevate",
    "elevate_by_rule",
    "follow",
    "publish_notice",
    "remind_of_review",
    "send_unchanged",
    "send_update",
    "stop",
    "take_decision",
    "tell_next",
]
