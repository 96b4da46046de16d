"""Read tables of readiness."""

from quarterdeck.readiness.projections import contacting, exercising
from quarterdeck.record import Projections

PROJECTIONS: Projections = {**exercising.PROJECTIONS, **contacting.PROJECTIONS}
