"""The plan for people."""

from quarterdeck.plan.pages import deeds, drafts, history, reading, taking_in

ROUTES = [
    *reading.ROUTES,
    *history.ROUTES,
    *drafts.ROUTES,
    *deeds.ROUTES,
    *taking_in.ROUTES,
]
