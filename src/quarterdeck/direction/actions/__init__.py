"""What can be done in direction."""

from quarterdeck.direction.actions.looking_again import (
    look_again_after_incident,
    look_again_after_leaving,
    look_again_after_service,
    note_practice,
)

__all__ = ["look_again_after_incident", "look_again_after_leaving", "look_again_after_service", "note_practice"]
