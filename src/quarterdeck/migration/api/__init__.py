"""Migration for programs."""

from quarterdeck.migration.api import postmortem

ROUTES = [*postmortem.ROUTES]
