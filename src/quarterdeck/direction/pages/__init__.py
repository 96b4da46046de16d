"""Direction for people."""

from quarterdeck.direction.pages import replaying, rostering, simulating

ROUTES = [*replaying.ROUTES, *rostering.ROUTES, *simulating.ROUTES]
