"""Learning for programs."""

from quarterdeck.learning.api import factoring, finding, improving, lessoning, reviewing

ROUTES = [
    *reviewing.ROUTES,
    *factoring.ROUTES,
    *lessoning.ROUTES,
    *improving.ROUTES,
    *finding.ROUTES,
]
