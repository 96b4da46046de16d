"""Learning for people."""

from quarterdeck.learning.pages import finding, lessoning, reviewing

ROUTES = [
    *reviewing.ROUTES,
    *lessoning.ROUTES,
    *finding.ROUTES,
]
PANELS = (
    *reviewing.PANELS,
    *lessoning.PANELS,
    *finding.PANELS,
)
REFERENCES = (*lessoning.REFERENCES,)
