"""The questions that screens and programs ask about direction."""

from quarterdeck.direction.views.exposing import Advice, Exposed, advice, exposure
from quarterdeck.direction.views.owing import DebtWeek, Holder, debt, debt_weeks
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
from quarterdeck.direction.views.simulating import NO_TEAM, basis, staffing, teams_with_incidents

__all__ = [
    "NO_TEAM",
    "Advice",
    "DebtWeek",
    "Exposed",
    "Holder",
    "Keeping",
    "Progress",
    "Replay",
    "RosterRow",
    "Whole",
    "advice",
    "basis",
    "debt",
    "debt_weeks",
    "document",
    "exposure",
    "facts",
    "keeping_their_revision",
    "replay",
    "roster",
    "roster_document",
    "roster_row_document",
    "rosters",
    "staffing",
    "teams_with_incidents",
]
