"""The plan for people."""

from quarterdeck.plan.pages import (
    deeds,
    drafts,
    editing,
    history,
    importing,
    keeping,
    library,
    mending,
    printing,
    reading,
    standing,
    taking_in,
)

ROUTES = [
    *reading.ROUTES,
    *history.ROUTES,
    *library.ROUTES,
    *keeping.ROUTES,
    *standing.ROUTES,
    *printing.ROUTES,
    *drafts.ROUTES,
    *deeds.ROUTES,
    *taking_in.ROUTES,
    *importing.ROUTES,
    *mending.ROUTES,
    *editing.ROUTES,
]
