"""Readiness for programs."""

from quarterdeck.readiness.api import exercising, judging

ROUTES = [*exercising.ROUTES, *judging.ROUTES]
