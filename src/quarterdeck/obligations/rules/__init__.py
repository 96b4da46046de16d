"""The rules of legal duties: reading a pack, reckoning periods, how clocks stand, who is told when. Pure."""

from quarterdeck.kernel.lifecycle import Lifecycle
from quarterdeck.obligations.rules.clocks import Reckoning, Standing, earliest, standing, standings
from quarterdeck.obligations.rules.loading import Pack, pack_from
from quarterdeck.obligations.rules.scoping import REGIME, WORST, Scope
from quarterdeck.obligations.rules.state import Duties, Duty, evolve
from quarterdeck.obligations.rules.waking import due, wake
from quarterdeck.plan.rules import rank


def urgency(state: Duties) -> int:
    return min((rank(duty.severity) for duty in state.duties.values()), default=5)


OBLIGATIONS: Lifecycle[Duties] = Lifecycle("obligations", evolve, due, wake, urgency)
LIFECYCLES = (REGIME, OBLIGATIONS)

__all__ = [
    "LIFECYCLES",
    "OBLIGATIONS",
    "REGIME",
    "WORST",
    "Duties",
    "Duty",
    "Pack",
    "Reckoning",
    "Scope",
    "Standing",
    "earliest",
    "evolve",
    "pack_from",
    "standing",
    "standings",
]
