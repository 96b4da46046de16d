"""The rules of learning: reviews and contributing factors. Pure."""

from quarterdeck.learning.rules.factoring import FACTORS, Factor, Factors
from quarterdeck.learning.rules.reviewing import REVIEW, Review

LIFECYCLES = (REVIEW, FACTORS)

__all__ = ["FACTORS", "LIFECYCLES", "REVIEW", "Factor", "Factors", "Review"]
