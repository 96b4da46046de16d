"""Migration for people."""

from quarterdeck.migration.pages import postmortem

ROUTES = [*postmortem.ROUTES]
