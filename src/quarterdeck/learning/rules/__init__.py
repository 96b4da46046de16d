"""The rules of learning: reviews, contributing factors and lessons. Pure."""

from quarterdeck.learning.rules.digesting import DIGEST, Digest
from quarterdeck.learning.rules.duties import DUTIES, Duties
from quarterdeck.learning.rules.factoring import FACTORS, Factor, Factors
from quarterdeck.learning.rules.improving import IMPROVEMENT, Action
from quarterdeck.learning.rules.judging import LESSON
from quarterdeck.learning.rules.lessoning import Lesson
from quarterdeck.learning.rules.preparing import READING
from quarterdeck.learning.rules.recurring import RECURRENCE
from quarterdeck.learning.rules.review import REVIEW, Review
from quarterdeck.learning.rules.ticket import TICKET, Ticket
from quarterdeck.learning.rules.tracker import TRACKER, Tracker

LIFECYCLES = (RECURRENCE, DUTIES, DIGEST, READING, IMPROVEMENT, REVIEW, FACTORS, LESSON, TRACKER, TICKET)

__all__ = [
    "DIGEST",
    "DUTIES",
    "FACTORS",
    "IMPROVEMENT",
    "LESSON",
    "LIFECYCLES",
    "READING",
    "RECURRENCE",
    "REVIEW",
    "TICKET",
    "TRACKER",
    "Action",
    "Digest",
    "Duties",
    "Factor",
    "Factors",
    "Lesson",
    "Review",
    "Ticket",
    "Tracker",
]
