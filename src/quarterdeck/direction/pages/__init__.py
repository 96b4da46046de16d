"""Direction for people."""

from quarterdeck.direction.pages import aiming, measuring, replaying, rostering, simulating

ROUTES = [*aiming.ROUTES, *measuring.ROUTES, *replaying.ROUTES, *rostering.ROUTES, *simulating.ROUTES]
