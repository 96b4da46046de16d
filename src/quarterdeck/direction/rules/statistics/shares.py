"""A share of n with its interval: SLA made, steps followed, found by monitoring."""

from quarterdeck.command.rules.conformance import proportion
from quarterdeck.direction.rules.statistics.estimate import Estimate


def share(some: int, of: int) -> Estimate:
    """Wilson's interval at 95 %, the one that conformance uses; nothing to say of none."""
    if of == 0:
        return Estimate(None, None, None, 0)
    found = proportion(some, of)
    return Estimate(some / of, found.low, found.high, of)
