"""Which improvements to buy: what each avoids, the best set within a budget, and how sure that is. Pure."""

from quarterdeck.direction.rules.portfolio.candidates import Cells, Effect, Improvement, cells, closure, usable
from quarterdeck.direction.rules.portfolio.choosing import Choice, Chosen
from quarterdeck.direction.rules.portfolio.weighing import (
    MOST,
    MOST_DAYS,
    Portfolio,
    Ranked,
    checked,
    most_promising,
    portfolio,
)

__all__ = [
    "MOST",
    "MOST_DAYS",
    "Cells",
    "Choice",
    "Chosen",
    "Effect",
    "Improvement",
    "Portfolio",
    "Ranked",
    "cells",
    "checked",
    "closure",
    "most_promising",
    "portfolio",
    "usable",
]
