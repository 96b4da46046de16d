"""What incidents cost in a year: how often, how much, how sure that is, and whether it fell. Pure."""

from quarterdeck.direction.rules.exposure.losses import (
    CUSTOMERS,
    HOURS,
    PEOPLE,
    PLAIN,
    Losses,
    Rate,
    losses,
    most_telling,
    outlasted,
    units,
)
from quarterdeck.direction.rules.exposure.weighing import (
    DRAWS,
    FEWEST,
    Exposure,
    draws,
    exceedance,
    few_make_most,
    too_short,
    weigh,
)

__all__ = [
    "CUSTOMERS",
    "DRAWS",
    "FEWEST",
    "HOURS",
    "PEOPLE",
    "PLAIN",
    "Exposure",
    "Losses",
    "Rate",
    "draws",
    "exceedance",
    "few_make_most",
    "losses",
    "most_telling",
    "outlasted",
    "too_short",
    "units",
    "weigh",
]
