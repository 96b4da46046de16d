"""A share of n with its interval, and the difference of two: SLA made, steps followed, found by monitoring."""

from quarterdeck.command.rules.conformance import proportion
from quarterdeck.direction.rules.statistics.estimate import Estimate


def share(some: int, of: int) -> Estimate:
    """Wilson's interval at 95 %, the one that conformance uses; nothing to say of none."""
    if of == 0:
        return Estimate(None, None, None, 0)
    found = proportion(some, of)
    return Estimate(some / of, found.low, found.high, of)


def difference(some: int, of: int, then: int, of_then: int) -> Estimate:
    """The second share less the first; the interval is R. G. Newcombe's (1998), made of the two of Wilson."""
    if of == 0 or of_then == 0:
        return Estimate(None, None, None, of + of_then)
    first, second = proportion(some, of), proportion(then, of_then)
    p, q = some / of, then / of_then
    low = q - p - ((q - second.low) ** 2 + (first.high - p) ** 2) ** 0.5
    high = q - p + ((second.high - q) ** 2 + (p - first.low) ** 2) ** 0.5
    return Estimate(q - p, low, high, of + of_then)
