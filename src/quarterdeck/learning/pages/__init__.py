"""Learning for people."""

from quarterdeck.learning.pages import finding, improving, lessoning, reviewing

ROUTES = [
    *reviewing.ROUTES,
    *lessoning.ROUTES,
    *improving.ROUTES,
    *finding.ROUTES,
]
PANELS = (
    *reviewing.PANELS,
    *lessoning.PANELS,
    *finding.PANELS,
)
REFERENCES = (*lessoning.REFERENCES, *improving.REFERENCES)
