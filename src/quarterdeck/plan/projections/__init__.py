"""Read tables of the plan: revisions, drafts, documents under upkeep, and changes around the plan."""

from quarterdeck.plan.projections import drafts, revisions, upkeep
from quarterdeck.record import Projections

PROJECTIONS: Projections = {**revisions.PROJECTIONS, **drafts.PROJECTIONS, **upkeep.PROJECTIONS}
