"""What can happen in learning, by what it happens to."""

from quarterdeck.learning.events.reviewing import (
    ReviewCancelled,
    ReviewHeld,
    ReviewOpened,
    ReviewOverdue,
    ReviewWaived,
)

__all__ = ["ReviewCancelled", "ReviewHeld", "ReviewOpened", "ReviewOverdue", "ReviewWaived"]
