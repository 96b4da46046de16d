"""What can be done: declare the scope, add a regime, answer, hand in; and what the engine does by itself."""

from quarterdeck.obligations.actions.answering import ask_by_hand, assess, attest, hand_in, waive, withdraw
from quarterdeck.obligations.actions.asking import ask, fall_away, hand_over, take_up_times
from quarterdeck.obligations.actions.reminding import remind
from quarterdeck.obligations.actions.scoping import add_regime, declare_scope

__all__ = [
    "add_regime",
    "ask",
    "ask_by_hand",
    "assess",
    "attest",
    "declare_scope",
    "fall_away",
    "hand_in",
    "hand_over",
    "remind",
    "take_up_times",
    "waive",
    "withdraw",
]
