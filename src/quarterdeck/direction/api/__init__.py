"""Direction for programs."""

from quarterdeck.direction.api import measuring, replaying, rostering, simulating

ROUTES = [*measuring.ROUTES, *replaying.ROUTES, *rostering.ROUTES, *simulating.ROUTES]
