"""Readiness for programs."""

from quarterdeck.readiness.api import contacting, covering, exercising, judging

ROUTES = [*exercising.ROUTES, *judging.ROUTES, *covering.ROUTES, *contacting.ROUTES]
