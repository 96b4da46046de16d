"""The read tables of learning."""

from quarterdeck.learning.projections import factoring, reviewing
from quarterdeck.learning.projections.factoring import factor
from quarterdeck.learning.projections.reviewing import review

PROJECTIONS = {**reviewing.PROJECTIONS, **factoring.PROJECTIONS}

__all__ = ["PROJECTIONS", "factor", "review"]
