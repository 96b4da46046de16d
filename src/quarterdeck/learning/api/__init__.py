"""Learning for programs."""

from quarterdeck.learning.api import reviewing

ROUTES = [*reviewing.ROUTES]
