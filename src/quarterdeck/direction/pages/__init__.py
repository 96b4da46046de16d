"""Direction for people."""

from quarterdeck.direction.pages import (
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
SUBJECT_PANELS = exposing.SUBJECT_PANELS
