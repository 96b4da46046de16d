"""Learning for programs."""

from quarterdeck.learning.api import factoring, finding, lessoning, reviewing

ROUTES = [
    *reviewing.ROUTES,
    *factoring.ROUTES,
    *lessoning.ROUTES,
    *finding.ROUTES,
]
