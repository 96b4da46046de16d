"""What can be brought in."""

from quarterdeck.migration.actions.carrying import batches, bring_in_history
from quarterdeck.migration.actions.history import Advance, advance, begin_import, end_import
from quarterdeck.migration.actions.postmortem import Outcome, bring_in_postmortem

__all__ = [
    "Advance",
    "Outcome",
    "advance",
    "batches",
    "begin_import",
    "bring_in_history",
    "bring_in_postmortem",
    "end_import",
]
