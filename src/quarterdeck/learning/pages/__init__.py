"""Learning for people."""

from quarterdeck.learning.pages import lessoning, reviewing

ROUTES = [*reviewing.ROUTES, *lessoning.ROUTES]
PANELS = (*reviewing.PANELS, *lessoning.PANELS)
