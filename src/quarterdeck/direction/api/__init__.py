"""Direction for programs."""

from quarterdeck.direction.api import aiming, measuring, replaying, rostering, simulating

ROUTES = [*aiming.ROUTES, *measuring.ROUTES, *replaying.ROUTES, *rostering.ROUTES, *simulating.ROUTES]
