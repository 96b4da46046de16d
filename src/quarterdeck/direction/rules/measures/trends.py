"""Is it getting better? A figure against that of the period before, in words beside the arrow."""

from dataclasses import dataclass
from math import inf
from typing import Literal

from numpy.random import Generator

from quarterdeck.direction.rules.measures.definition import Count, Duration, Share
from quarterdeck.direction.rules.measures.figures import Figure
from quarterdeck.direction.rules.statistics import Estimate, compare, difference, rate_ratio
from quarterdeck.paper.charts.scales import number

Verdict = Literal["better", "worse", "no difference to be seen", "too few to say", "nothing to compare with"]
FEWEST = 6
"""On each side, of anything: with fewer nothing can be told apart."""


@dataclass(frozen=True)
class Trend:
    """`change`: a ratio of durations or rates, after over before; of shares the difference.

    `chance`: how often shuffling the two periods makes as large a difference of medians.
    """

    verdict: Verdict
    sentence: str
    change: Estimate
    chance: float | None = None
    same: float = 1.0
    """The change that is none: 1 of a ratio, 0 of a difference."""

    @property
    def direction(self) -> Literal["up", "down", ""]:
        """Where the figure went, if it can be told."""
        if self.verdict not in ("better", "worse") or self.change.value is None:
            return ""
        return "down" if self.change.value < self.same else "up"


def trend(before: Figure, after: Figure, days: float, die: Generator | None, days_before: float | None = None) -> Trend:
    """Two figures of the same measure; `days`: how long each period is."""
    measure, then = after.measure, f"the {days if days_before is None else days_before:.0f} days before"
    if (days if days_before is None else days_before) < 1:
        none = Estimate(None, None, None, after.n)
        return Trend("nothing to compare with", "The record does not reach back to a period before this one.", none)
    match measure:
        case Duration():
            found = compare(before.values[before.values > 0], after.values[after.values > 0], die)
            verdict = _verdict(found.ratio, 1.0, measure.better)
            words = f"{_times(found.ratio)} as long as in {then}"
            return Trend(verdict, _sentence(verdict, words, then), found.ratio, found.chance)
        case Share():
            change = difference(before.some, before.n, after.some, after.n)
            change = change if min(before.n, after.n) >= FEWEST else Estimate(change.value, None, None, change.n)
            verdict = _verdict(change, 0.0, measure.better)
            return Trend(verdict, _sentence(verdict, f"{_points(change)} than in {then}", then), change, same=0.0)
        case Count():
            change = rate_ratio(before.n, days if days_before is None else days_before, after.n, days)
            change = change if before.n + after.n >= FEWEST else Estimate(change.value, None, None, change.n)
            verdict = _verdict(change, 1.0, measure.better)
            return Trend(verdict, _sentence(verdict, f"{_times(change)} as many as in {then}", then), change)


def _verdict(change: Estimate, same: float, better: Literal["lower", "higher"]) -> Verdict:
    if change.low is None or change.high is None:
        return "too few to say"
    if change.low <= same <= change.high:
        return "no difference to be seen"
    return "better" if (change.high < same) == (better == "lower") else "worse"


def _sentence(verdict: Verdict, words: str, then: str) -> str:
    match verdict:
        case "too few to say":
            return f"Too few to say whether it changed from {then}."
        case "no difference to be seen":
            return f"No difference to be seen from {then}."
    return f"{verdict.capitalize()}: {words}."


def _times(change: Estimate) -> str:
    if change.value is None or change.low is None or change.high is None:
        return ""
    if change.value == inf:
        return f"more than {number(change.low)} times"
    return f"{number(change.value)} times (95 %: {number(change.low)} to {number(change.high)})"


def _points(change: Estimate) -> str:
    if change.value is None or change.low is None or change.high is None:
        return ""
    low, high = sorted((abs(change.low), abs(change.high)))
    more = "more" if change.value > 0 else "fewer"
    return f"{abs(change.value) * 100:.0f} in 100 {more} (95 %: {low * 100:.0f} to {high * 100:.0f})"
