"""The rules of learning: reviews, contributing factors and lessons. Pure."""

from quarterdeck.learning.rules.factoring import FACTORS, Factor, Factors
from quarterdeck.learning.rules.lessoning import LESSON, Lesson
from quarterdeck.learning.rules.reviewing import REVIEW, Review

LIFECYCLES = (REVIEW, FACTORS, LESSON)

__all__ = ["FACTORS", "LESSON", "LIFECYCLES", "REVIEW", "Factor", "Factors", "Lesson", "Review"]
