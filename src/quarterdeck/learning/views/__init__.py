"""The questions that screens and programs ask about learning."""

from quarterdeck.learning.views.factoring import EvidenceRow, FactorRow, factors, factors_like
from quarterdeck.learning.views.reviewing import MOST, STATES, ReviewRow, review, reviews

__all__ = [
    "MOST",
    "STATES",
    "EvidenceRow",
    "FactorRow",
    "ReviewRow",
    "factors",
    "factors_like",
    "review",
    "reviews",
]
