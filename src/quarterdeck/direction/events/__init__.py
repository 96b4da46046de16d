"""What can be recorded in direction."""

from quarterdeck.direction.events.owing import DebtNoteDue, DebtNotesBegun, DebtOf, DebtTold
from quarterdeck.direction.events.practising import ProcedurePractised, StepQuestioned, StepUsed
from quarterdeck.direction.events.reporting import (
    BoardDecisionAsked,
    BoardDecisionFollowed,
    BoardDecisionTaken,
    BoardDecisionWithdrawn,
    BoardMailDue,
    BoardMailScheduled,
    BoardMailSent,
    BoardMailStopped,
    PageIssued,
)
from quarterdeck.direction.events.rostering import RosterAccepted, RosterBuilt, RosterGivenUp

__all__ = [
    "BoardDecisionAsked",
    "BoardDecisionFollowed",
    "BoardDecisionTaken",
    "BoardDecisionWithdrawn",
    "BoardMailDue",
    "BoardMailScheduled",
    "BoardMailSent",
    "BoardMailStopped",
    "DebtNoteDue",
    "DebtNotesBegun",
    "DebtOf",
    "DebtTold",
    "PageIssued",
    "ProcedurePractised",
    "RosterAccepted",
    "RosterBuilt",
    "RosterGivenUp",
    "StepQuestioned",
    "StepUsed",
]
