"""Migration for people."""

from quarterdeck.migration.pages import imports, postmortem

ROUTES = [*postmortem.ROUTES, *imports.ROUTES]
