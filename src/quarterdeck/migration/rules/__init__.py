"""The rules of migration: what was brought in once, and how a text is understood. Pure."""

from quarterdeck.migration.rules.brought import POSTMORTEM, Brought

LIFECYCLES = (POSTMORTEM,)

__all__ = ["LIFECYCLES", "POSTMORTEM", "Brought"]
