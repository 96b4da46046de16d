"""What can be recorded in direction."""

from quarterdeck.direction.events.owing import DebtNoteDue, DebtNotesBegun, DebtOf, DebtTold
from quarterdeck.direction.events.practising import ProcedurePractised, StepQuestioned, StepUsed
from quarterdeck.direction.events.rostering import RosterAccepted, RosterBuilt, RosterGivenUp

__all__ = [
    "DebtNoteDue",
    "DebtNotesBegun",
    "DebtOf",
    "DebtTold",
    "ProcedurePractised",
    "RosterAccepted",
    "RosterBuilt",
    "RosterGivenUp",
    "StepQuestioned",
    "StepUsed",
]
