"""The plan for people."""

from quarterdeck.plan.pages import history, reading

ROUTES = [*reading.ROUTES, *history.ROUTES]
