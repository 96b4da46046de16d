"""The rules of migration: what was brought in once, and how a text is understood. Pure."""

from quarterdeck.migration.rules.brought import POSTMORTEM, Brought
from quarterdeck.migration.rules.origins import IMPORT, ORIGIN, Origin

LIFECYCLES = (POSTMORTEM, ORIGIN, IMPORT)

__all__ = ["IMPORT", "LIFECYCLES", "ORIGIN", "POSTMORTEM", "Brought", "Origin"]
