"""The read tables of direction."""

from quarterdeck.direction.projections import rostering

PROJECTIONS = {**rostering.PROJECTIONS}
