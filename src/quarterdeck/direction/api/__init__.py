"""Direction for programs."""

from quarterdeck.direction.api import (
    aiming,
    exposing,
    longer,
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
    *longer.ROUTES,
    *measuring.ROUTES,
    *owing.ROUTES,
    *paths.ROUTES,
    *replaying.ROUTES,
    *reporting.ROUTES,
    *rostering.ROUTES,
    *simulating.ROUTES,
]
