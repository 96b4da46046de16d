"""What can be brought in."""

from quarterdeck.migration.actions.postmortem import Outcome, bring_in_postmortem

__all__ = ["Outcome", "bring_in_postmortem"]
