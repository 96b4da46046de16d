"""The read tables of learning."""

from quarterdeck.learning.projections import reviewing
from quarterdeck.learning.projections.reviewing import review

PROJECTIONS = {**reviewing.PROJECTIONS}

__all__ = ["PROJECTIONS", "review"]
