"""The read tables of learning."""

from quarterdeck.learning.projections import factoring, lessoning, reviewing
from quarterdeck.learning.projections.factoring import factor
from quarterdeck.learning.projections.lessoning import lesson, lesson_factor, lesson_step
from quarterdeck.learning.projections.reviewing import review

PROJECTIONS = {**reviewing.PROJECTIONS, **factoring.PROJECTIONS, **lessoning.PROJECTIONS}

__all__ = ["PROJECTIONS", "factor", "lesson", "lesson_factor", "lesson_step", "review"]
