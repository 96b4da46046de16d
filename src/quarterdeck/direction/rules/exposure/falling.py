"""Did the loss fall since something changed? Before and after with an interval, or "cannot tell". Pure.

An interrupted comparison: the same kind of incident, the loss a year on either side of one instant. Both sides are
drawn from what they leave open; the largest loss to come is taken from both together, because a quiet year has not
shown it.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.random import Generator

from quarterdeck.direction.rules.exposure.weighing import FEWEST, UNSEEN, Exposure, draws, too_short, weigh
from quarterdeck.direction.rules.exposure.wording import amount, figures, span, unit_words
from quarterdeck.direction.rules.statistics import CONFIDENCE, Estimate, Values

Verdict = Literal["fell", "rose", "cannot tell"]
_DRAWS = 4_000


_KEPT = 1.5
"""Two skewed sums drawn apart and subtracted hold the true change in 97.6 of 100; with ends so much nearer in 96.3."""


@dataclass(frozen=True)
class Fall:
    """`change`: the loss a year after, less that before. `chance`: that it is lower now, as far as the history says."""

    before: Exposure
    after: Exposure
    change: Estimate
    chance: float | None
    verdict: Verdict
    why: str
    """Of "cannot tell"."""


def fall(before: Values, years_before: float, after: Values, years_after: float, die: Generator) -> Fall:
    """Losses on either side, and how long each was watched."""
    sides = (
        weigh(before, max(years_before, 1e-9), die, simulate=False),
        weigh(after, max(years_after, 1e-9), die, simulate=False),
    )
    n = len(before) + len(after)
    difference = (sides[1].annual.value or 0.0) - (sides[0].annual.value or 0.0)
    for side, years in (("since", years_after), ("before", years_before)):
        if too_short(years):
            why = f"only {span(years)} {side}; 4 weeks are needed"
            return Fall(*sides, Estimate(difference, None, None, n), None, "cannot tell", why)
    lost = np.count_nonzero(before > 0) + np.count_nonzero(after > 0)
    if lost < FEWEST:
        why = f"{lost} incidents with a loss on both sides together; {FEWEST} are needed"
        return Fall(*sides, Estimate(difference, None, None, n), None, "cannot tell", why)
    largest = max(float(before.max(initial=0.0)), float(after.max(initial=0.0))) * (1 + UNSEEN / lost)
    drawn = draws(after, years_after, die, _DRAWS, largest) - _shuffled(
        draws(before, years_before, die, _DRAWS, largest), die
    )
    err = (1 - CONFIDENCE) / 2 * _KEPT
    low, high = (float(one) for one in np.quantile(drawn, [err, 1 - err]))
    verdict: Verdict = "fell" if high < 0 else "rose" if low > 0 else "cannot tell"
    why = "the interval of the change holds zero" if verdict == "cannot tell" else ""
    return Fall(*sides, Estimate(difference, low, high, n), float(np.mean(drawn < 0)), verdict, why)


def _shuffled(drawn: Values, die: Generator) -> Values:
    """Drawn from two distributions in turn: dealt anew, so that the turns of both sides do not meet."""
    return die.permutation(drawn)


def words(found: Fall, unit: str) -> str:
    """`It fell by 120 hours of harm a year (95 %: 40 to 210): from 300 (12 incidents in 40 weeks) to 180 (…).`"""
    sides = (
        f"from {figures(found.before.annual.value or 0)} a year ({found.before.n} in {span(found.before.years)})"
        f" to {figures(found.after.annual.value or 0)} ({found.after.n} in {span(found.after.years)})"
    )
    change = found.change
    if change.low is None or change.high is None or change.value is None:
        return f"Cannot tell: {found.why}. In bare sums of {unit_words(unit)} {sides}."
    if found.verdict == "cannot tell":
        return (
            f"Cannot tell: {sides}; the change is {amount(change.value, unit)} a year"
            f" (95 %: {figures(change.low)} to {figures(change.high)}), which may be none."
        )
    low, high = sorted((abs(change.low), abs(change.high)))
    return (
        f"It {found.verdict} by {amount(abs(change.value), unit)} a year"
        f" (95 %: {figures(low)} to {figures(high)}), {sides}."
    )
