"""The plan for people."""

from quarterdeck.plan.pages import reading

ROUTES = [*reading.ROUTES]
