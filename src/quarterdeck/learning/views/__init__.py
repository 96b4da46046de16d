"""The questions that screens and programs ask about learning."""

from quarterdeck.learning.views.reviewing import MOST, STATES, ReviewRow, review, reviews

__all__ = ["MOST", "STATES", "ReviewRow", "review", "reviews"]
