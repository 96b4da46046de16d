"""Direction for programs."""

from quarterdeck.direction.api import (
    aiming,
    exposing,
    measuring,
    owing,
    paths,
    replaying,
    reporting,
    rostering,
    simulating,
)

ROUTES = [
    *aiming.ROUTES,
    *exposing.ROUTES,
    *measuring.ROUTES,
    *owing.ROUTES,
    *paths.ROUTES,
    *replaying.ROUTES,
    *reporting.ROUTES,
    *rostering.ROUTES,
    *simulating.ROUTES,
]
