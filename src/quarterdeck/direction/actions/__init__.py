"""What can be done in direction."""

from quarterdeck.direction.actions.looking_again import (
    look_again_after_exercise,
    look_again_after_incident,
    look_again_after_leaving,
    look_again_after_service,
    note_practice,
)
from quarterdeck.direction.actions.owing import begin_debt_notes, tell_debt
from quarterdeck.direction.actions.rostering import accept_roster, give_up_roster, keep_roster

__all__ = [
    "accept_roster",
    "begin_debt_notes",
    "give_up_roster",
    "keep_roster",
    "look_again_after_exercise",
    "look_again_after_incident",
    "look_again_after_leaving",
    "look_again_after_service",
    "note_practice",
    "tell_debt",
]
