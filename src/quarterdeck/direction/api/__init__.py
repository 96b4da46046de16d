"""Direction for programs."""

from quarterdeck.direction.api import aiming, measuring, owing, paths, replaying, reporting, rostering, simulating

ROUTES = [
    *aiming.ROUTES,
    *measuring.ROUTES,
    *owing.ROUTES,
    *paths.ROUTES,
    *replaying.ROUTES,
    *reporting.ROUTES,
    *rostering.ROUTES,
    *simulating.ROUTES,
]
