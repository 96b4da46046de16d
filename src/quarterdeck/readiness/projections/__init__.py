"""Read tables of readiness."""

from quarterdeck.readiness.projections import exercising
from quarterdeck.record import Projections

PROJECTIONS: Projections = {**exercising.PROJECTIONS}
