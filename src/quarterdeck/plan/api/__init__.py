"""The plan for programs: revisions, drafts of the next one, and what is due of its documents."""

from quarterdeck.plan.api import drafts, revisions, upkeep

ROUTES = [*revisions.ROUTES, *drafts.ROUTES, *upkeep.ROUTES]
