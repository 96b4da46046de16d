"""Readiness for programs."""

from quarterdeck.readiness.api import covering, exercising, judging

ROUTES = [*exercising.ROUTES, *judging.ROUTES, *covering.ROUTES]
