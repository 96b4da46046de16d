"""The rules of readiness: scenarios, exercises and what the evidence says of them. Pure."""

from quarterdeck.readiness.rules.contacting import CONTACT_TEST
from quarterdeck.readiness.rules.drill import DRILL, Drill
from quarterdeck.readiness.rules.exercise import EXERCISE
from quarterdeck.readiness.rules.scenario import KINDS, Scenario
from quarterdeck.readiness.rules.scoring import RATINGS
from quarterdeck.readiness.rules.state import STATES, Exercise

LIFECYCLES = (EXERCISE, DRILL, CONTACT_TEST)

__all__ = [
    "CONTACT_TEST",
    "DRILL",
    "EXERCISE",
    "KINDS",
    "LIFECYCLES",
    "RATINGS",
    "STATES",
    "Drill",
    "Exercise",
    "Scenario",
]
