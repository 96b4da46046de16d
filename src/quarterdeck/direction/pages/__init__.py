"""Direction for people."""

from quarterdeck.direction.pages import aiming, measuring, owing, paths, replaying, rostering, simulating

ROUTES = [
    *aiming.ROUTES,
    *measuring.ROUTES,
    *owing.ROUTES,
    *paths.ROUTES,
    *replaying.ROUTES,
    *rostering.ROUTES,
    *simulating.ROUTES,
]
