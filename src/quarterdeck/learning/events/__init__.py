"""What can happen in learning, by what it happens to."""

from quarterdeck.learning.events.factoring import Evidence, FactorAgreed, FactorFound, FactorRevised, FactorWithdrawn
from quarterdeck.learning.events.lessoning import (
    LessonClosed,
    LessonDisposed,
    LessonIdentified,
    LessonReopened,
    LessonReturned,
    LessonRevised,
    LessonValidated,
)
from quarterdeck.learning.events.reviewing import ReviewCancelled, ReviewHeld, ReviewOpened, ReviewOverdue, ReviewWaived

__all__ = [
    "Evidence",
    "FactorAgreed",
    "FactorFound",
    "FactorRevised",
    "FactorWithdrawn",
    "LessonClosed",
    "LessonDisposed",
    "LessonIdentified",
    "LessonReopened",
    "LessonReturned",
    "LessonRevised",
    "LessonValidated",
    "ReviewCancelled",
    "ReviewHeld",
    "ReviewOpened",
    "ReviewOverdue",
    "ReviewWaived",
]
