"""Learning for programs."""

from quarterdeck.learning.api import approving, factoring, finding, guiding, improving, lessoning, reviewing, writing

ROUTES = [
    *reviewing.ROUTES,
    *writing.ROUTES,
    *approving.ROUTES,
    *factoring.ROUTES,
    *lessoning.ROUTES,
    *improving.ROUTES,
    *finding.ROUTES,
    *guiding.ROUTES,
]
