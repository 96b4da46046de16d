"""Learning for programs."""

from quarterdeck.learning.api import factoring, reviewing

ROUTES = [*reviewing.ROUTES, *factoring.ROUTES]
