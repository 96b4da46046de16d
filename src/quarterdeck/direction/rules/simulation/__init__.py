"""What if: the organisation's own history run again under another plan or another staffing."""

from quarterdeck.direction.rules.simulation.drawing import Drawn, draw
from quarterdeck.direction.rules.simulation.experiment import (
    MEASURES,
    BackTest,
    Change,
    Figure,
    back_test,
    compare,
    figures,
)
from quarterdeck.direction.rules.simulation.history import Answered, Seen, TooLittle, World, learn
from quarterdeck.direction.rules.simulation.responding import Response, Year, run
from quarterdeck.direction.rules.simulation.turns import turns_of

__all__ = [
    "MEASURES",
    "Answered",
    "BackTest",
    "Change",
    "Drawn",
    "Figure",
    "Response",
    "Seen",
    "TooLittle",
    "World",
    "Year",
    "back_test",
    "compare",
    "draw",
    "figures",
    "learn",
    "run",
    "turns_of",
]
