"""What can be recorded in direction."""

from quarterdeck.direction.events.practising import ProcedurePractised, StepQuestioned, StepUsed

__all__ = ["ProcedurePractised", "StepQuestioned", "StepUsed"]
