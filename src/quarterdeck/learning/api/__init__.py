"""Learning for programs."""

from quarterdeck.learning.api import factoring, lessoning, reviewing

ROUTES = [*reviewing.ROUTES, *factoring.ROUTES, *lessoning.ROUTES]
