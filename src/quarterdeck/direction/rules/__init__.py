"""The rules of looking ahead and of looking again: replays, practice, and what the plan's triggers ask for. Pure."""

from quarterdeck.direction.rules.facts import KINDS, Deadline, Fact, Kind, Otherwise, Replayed, Settled, Totals
from quarterdeck.direction.rules.owing import DEBT
from quarterdeck.direction.rules.practice import PRACTICE, Practice, practise
from quarterdeck.direction.rules.replay import Replaying
from quarterdeck.direction.rules.rostering.life import ROSTER

LIFECYCLES = (PRACTICE, ROSTER, DEBT)

__all__ = [
    "DEBT",
    "KINDS",
    "LIFECYCLES",
    "PRACTICE",
    "ROSTER",
    "Deadline",
    "Fact",
    "Kind",
    "Otherwise",
    "Practice",
    "Replayed",
    "Replaying",
    "Settled",
    "Totals",
    "practise",
]
