"""The rules of learning: reviews. Pure."""

from quarterdeck.learning.rules.reviewing import REVIEW, Review

LIFECYCLES = (REVIEW,)

__all__ = ["LIFECYCLES", "REVIEW", "Review"]
