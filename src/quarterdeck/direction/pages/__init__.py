"""Direction for people."""

from quarterdeck.direction.pages import aiming, measuring, owing, replaying, rostering, simulating

ROUTES = [
    *aiming.ROUTES,
    *measuring.ROUTES,
    *owing.ROUTES,
    *replaying.ROUTES,
    *rostering.ROUTES,
    *simulating.ROUTES,
]
