"""Migration for programs."""

from quarterdeck.migration.api import imports, postmortem

ROUTES = [*postmortem.ROUTES, *imports.ROUTES]
