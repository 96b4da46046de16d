"""The questions that screens and programs ask about direction."""

from quarterdeck.direction.views.replaying import (
    Keeping,
    Progress,
    Replay,
    document,
    facts,
    keeping_their_revision,
    replay,
)
from quarterdeck.direction.views.rostering import (
    RosterRow,
    Whole,
    roster,
    roster_document,
    roster_row_document,
    rosters,
)

__all__ = [
    "Keeping",
    "Progress",
    "Replay",
    "RosterRow",
    "Whole",
    "document",
    "facts",
    "keeping_their_revision",
    "replay",
    "roster",
    "roster_document",
    "roster_row_document",
    "rosters",
]
