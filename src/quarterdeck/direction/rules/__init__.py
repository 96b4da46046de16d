"""The rules of looking ahead and of looking again: replays, practice, and what the plan's triggers ask for. Pure."""

from quarterdeck.direction.rules.facts import KINDS, Deadline, Fact, Kind, Otherwise, Replayed, Settled, Totals
from quarterdeck.direction.rules.owing import DEBT
from quarterdeck.direction.rules.practice import PRACTICE, Practice, practise
from quarterdeck.direction.rules.replay import Replaying
from quarterdeck.direction.rules.reporting.deciding import BOARD_DECISION
from quarterdeck.direction.rules.reporting.issues import ISSUE
from quarterdeck.direction.rules.reporting.mailing import BOARD_MAIL
from quarterdeck.direction.rules.rostering.life import ROSTER

LIFECYCLES = (PRACTICE, ROSTER, DEBT, ISSUE, BOARD_DECISION, BOARD_MAIL)

__all__ = [
    "BOARD_DECISION",
    "BOARD_MAIL",
    "DEBT",
    "ISSUE",
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
