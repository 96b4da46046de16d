"""Learning for people."""

from quarterdeck.learning.pages import reviewing

ROUTES = [*reviewing.ROUTES]
PANELS = (*reviewing.PANELS,)
