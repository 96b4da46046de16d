"""Direction for programs."""

from quarterdeck.direction.api import aiming, measuring, owing, paths, replaying, rostering, simulating

ROUTES = [
    *aiming.ROUTES,
    *measuring.ROUTES,
    *owing.ROUTES,
    *paths.ROUTES,
    *replaying.ROUTES,
    *rostering.ROUTES,
    *simulating.ROUTES,
]
