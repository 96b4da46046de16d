"""What can happen in learning, by what it happens to."""

from quarterdeck.learning.events.duties import DutiesRevised, Duty
from quarterdeck.learning.events.effects import Expectation
from quarterdeck.learning.events.factoring import Evidence, FactorAgreed, FactorFound, FactorRevised, FactorWithdrawn
from quarterdeck.learning.events.improving import (
    ActionAgreed,
    ActionAssigned,
    ActionBegun,
    ActionCancelled,
    ActionDone,
    ActionOverdue,
    ActionOwnerLeft,
    ActionProposed,
    ActionReminded,
    ActionReturned,
    ActionRevised,
    ActionVerified,
)
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
    "ActionAgreed",
    "ActionAssigned",
    "ActionBegun",
    "ActionCancelled",
    "ActionDone",
    "ActionOverdue",
    "ActionOwnerLeft",
    "ActionProposed",
    "ActionReminded",
    "ActionReturned",
    "ActionRevised",
    "ActionVerified",
    "DutiesRevised",
    "Duty",
    "Evidence",
    "Expectation",
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
