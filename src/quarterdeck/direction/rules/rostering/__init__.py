"""Rosters: who is on call in which week, as fair as can be proved."""

from quarterdeck.direction.rules.rostering.bound import bound
from quarterdeck.direction.rules.rostering.model import (
    NOBODY,
    Cost,
    Member,
    Needs,
    Roster,
    Rotation,
    broken,
    cost,
    loads,
    turns,
)
from quarterdeck.direction.rules.rostering.reasons import Shortage, shortages
from quarterdeck.direction.rules.rostering.search import Step, search

__all__ = [
    "NOBODY",
    "Cost",
    "Member",
    "Needs",
    "Roster",
    "Rotation",
    "Shortage",
    "Step",
    "bound",
    "broken",
    "cost",
    "loads",
    "search",
    "shortages",
    "turns",
]
