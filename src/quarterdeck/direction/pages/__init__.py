"""Direction for people."""

from quarterdeck.direction.pages import measuring, replaying, rostering, simulating

ROUTES = [*measuring.ROUTES, *replaying.ROUTES, *rostering.ROUTES, *simulating.ROUTES]
