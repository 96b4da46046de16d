"""Before against after: shares and durations with their intervals, and a finding only where chance is ruled out. Pure.

Shares: Wilson's interval each, Newcombe's (1998, method 10) for the difference. Durations: the median with the order
statistics that hold it, and the rank-sum test (Mann and Whitney, 1947), which asks nothing of how they are spread. All
at 95 %, two-sided. With fewer than six durations on a side, or where no difference is as likely, it cannot be told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb, sqrt

from quarterdeck.command.rules.conformance import Share, proportion
from quarterdeck.learning.events.effects import Side, Verdict
from quarterdeck.learning.rules import effects

FEWEST = 6
"""Durations on a side; with fewer no two of them hold the median with 95 %."""
_Z = 1.959963984540054


@dataclass(frozen=True)
class Weighed:
    before: Side
    after: Side
    better: float | None
    finding: Verdict
    sentence: str


def weigh(measure: str, before: Sequence[float], after: Sequence[float]) -> Weighed:
    """Values of the measure, one for each use; of shares 1 and 0. More is better only of steps that are followed."""
    if measure in effects.TIMES:
        return _times(before, after)
    return _shares(before, after, more_is_better=effects.step_of(measure) is not None)


def _shares(before: Sequence[float], after: Sequence[float], more_is_better: bool) -> Weighed:
    first, second = (proportion(round(sum(side)), len(side)) for side in (before, after))
    sides = [_share(one) for one in (first, second)]
    p, q = first.share, second.share
    if p is None or q is None:
        return Weighed(sides[0], sides[1], None, "cannot-tell", told(sides[0], sides[1], "cannot-tell"))
    gap = q - p
    low = gap - sqrt((q - second.low) ** 2 + (first.high - p) ** 2)
    high = gap + sqrt((second.high - q) ** 2 + (p - first.low) ** 2)
    finding: Verdict = "cannot-tell"
    if low > 0 or high < 0:
        finding = "helped" if (low > 0) == more_is_better else "did-not"
    better = 0.5 + (gap if more_is_better else -gap) / 2
    return Weighed(sides[0], sides[1], better, finding, told(sides[0], sides[1], finding))


def _share(found: Share) -> Side:
    if not found.n:
        return Side(n=0, some=0)
    return Side(n=found.n, some=found.followed, value=found.share, low=found.low, high=found.high)


def _times(before: Sequence[float], after: Sequence[float]) -> Weighed:
    sides = [median(before), median(after)]
    if min(len(before), len(after)) < FEWEST:
        return Weighed(sides[0], sides[1], None, "cannot-tell", told(sides[0], sides[1], "cannot-tell"))
    shorter, score = rank_sum(before, after)
    finding: Verdict = "cannot-tell" if abs(score) < _Z else "helped" if score > 0 else "did-not"
    return Weighed(sides[0], sides[1], shorter, finding, told(sides[0], sides[1], finding))


def median(values: Sequence[float]) -> Side:
    """The median, and the two values that hold it with at least 95 %; no limits where there are too few."""
    ordered, n = sorted(values), len(values)
    if not n:
        return Side(n=0)
    middle = (ordered[(n - 1) // 2] + ordered[n // 2]) / 2
    if n < FEWEST:
        return Side(n=n, value=middle)
    place, tail = 0, 1 / 2**n
    while place + 1 < n // 2 and tail + comb(n, place + 1) / 2**n <= 0.025:
        place += 1
        tail += comb(n, place) / 2**n
    return Side(n=n, value=middle, low=ordered[place], high=ordered[n - 1 - place])


def rank_sum(before: Sequence[float], after: Sequence[float]) -> tuple[float, float]:
    """The chance that a value after is below one before (ties count half), and its normal deviate."""
    both = sorted([(value, 0) for value in before] + [(value, 1) for value in after])
    m, n = len(before), len(after)
    ranks, ties, start = 0.0, 0, 0
    while start < len(both):
        end = start
        while end < len(both) and both[end][0] == both[start][0]:
            end += 1
        same = end - start
        ties += same**3 - same
        ranks += (start + end + 1) / 2 * sum(side for _, side in both[start:end])
        start = end
    below = m * n - (ranks - n * (n + 1) / 2)
    spread = sqrt(m * n / 12 * ((m + n + 1) - ties / ((m + n) * (m + n - 1))))
    return below / (m * n), (below - m * n / 2) / spread if spread else 0.0


_FOUND: dict[Verdict, str] = {"helped": "better", "did-not": "worse", "cannot-tell": "too few to say, or no difference"}


def told(before: Side, after: Side, finding: Verdict) -> str:
    """`before 1 of 9, since 8 of 9: better.`"""
    return f"before {_side(before)}, since {_side(after)}: {_FOUND[finding]}."


def _side(side: Side) -> str:
    if side.some is not None:
        return f"{side.some} of {side.n}"
    return "none" if side.value is None else f"a median of {side.value / 60:,.1f} min (n={side.n})"
