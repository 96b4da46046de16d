"""Is the target met? Met, missed, or cannot tell yet; and about how many more cases it takes until it can be told."""

from dataclasses import dataclass
from math import ceil, isfinite, log
from typing import Literal

from quarterdeck.direction.rules.measures.figures import Figure
from quarterdeck.direction.rules.statistics import Estimate, fewest, rate, share, smallest_n
from quarterdeck.paper.charts.scales import duration, number, time_words
from quarterdeck.plan.rules import Measure as Kpi
from quarterdeck.plan.rules.measurable import UNITS

Verdict = Literal["met", "missed", "cannot tell yet"]
_PERCENTILES = {"median": 0.5, "p90": 0.9, "p95": 0.95}
FARTHEST = 100_000
"""So many more cases are as good as never."""


@dataclass(frozen=True)
class Standing:
    """`actual` and `target` in the unit of the figure: seconds, a share, or a number.

    `more`: about how many more cases until it can be told, if they are like those so far; None: it can be told, or so
    many will not come.
    """

    verdict: Verdict
    actual: Estimate
    target: float
    sentence: str
    more: int | None = None


def standing(kpi: Kpi, figure: Figure) -> Standing:
    """The verdict rests on the interval: met or missed only where all of it lies on one side of the target.

    A target of all, or of none, is judged case by case: no interval ever excludes the last exception.
    """
    actual, target = _actual(kpi, figure), _target(kpi)
    if figure.n < kpi.minimum_n:
        missing = kpi.minimum_n - figure.n
        words = f"{_said(kpi, figure, actual)} A verdict needs {kpi.minimum_n}, so {_cases(missing)} more."
        return Standing("cannot tell yet", actual, target, words, missing)
    verdict = _verdict(kpi, figure, actual, target)
    words = f"{_said(kpi, figure, actual)} The target is {_words(kpi, target)}"
    if verdict != "cannot tell yet":
        return Standing(verdict, actual, target, f"{words}: {verdict}.")
    more = _more(kpi, figure, actual, target)
    if more is None:
        return Standing(verdict, actual, target, f"{words}, which is too near to be told apart.")
    likely = f"about {_cases(_rounded(more))} more would tell, if they are like these"
    return Standing(verdict, actual, target, f"{words}; {likely}.", more)


def _rounded(count: int) -> int:
    """To two figures: more would claim to know the future."""
    unit = int(10 ** max(0, len(str(count)) - 2))
    return -(-count // unit) * unit


def _cases(count: int) -> str:
    return "1 case" if count == 1 else f"{count:,} cases"


def _actual(kpi: Kpi, figure: Figure) -> Estimate:
    found = {"median": figure.median, "p90": figure.p90, "p95": figure.p95, "share": figure.share}.get(kpi.statistic)
    if found is not None:
        return found
    return rate(figure.n) if kpi.statistic == "count" else figure.main


def _target(kpi: Kpi) -> float:
    return kpi.target * UNITS.get(kpi.unit, 1.0) if kpi.statistic in _PERCENTILES else kpi.target


def _verdict(kpi: Kpi, figure: Figure, actual: Estimate, target: float) -> Verdict:
    if kpi.statistic == "share" and target in (0.0, 1.0):
        every = figure.some == (figure.n if target else 0)
        return "met" if every else "missed"
    if actual.low is None or actual.high is None:
        return "cannot tell yet"
    below, above = actual.high <= target, actual.low >= target
    if kpi.better == "lower":
        return "met" if below else "missed" if actual.low > target else "cannot tell yet"
    return "met" if above else "missed" if actual.high < target else "cannot tell yet"


def _more(kpi: Kpi, figure: Figure, actual: Estimate, target: float) -> int | None:
    """How many more until the interval lies on one side, were they like those so far."""
    of = _PERCENTILES.get(kpi.statistic)
    if actual.value is None or not isfinite(actual.value):
        return None
    if of is not None:
        least = max(0, (fewest(of) if figure.still_open else smallest_n(of)) - figure.n)
        end = actual.low if actual.value > target else actual.high
        if end is None or not isfinite(end):
            return least or None
        if min(actual.value, target, end) <= 0 or actual.value == target:
            return None
        # An interval narrows with the square root of n; on logarithms, since durations spread in ratios.
        wide, apart = abs(log(end / actual.value)), abs(log(target / actual.value))
        wanted = ceil(figure.n * (wide / apart) ** 2) - figure.n
        return max(1, wanted) if wanted <= FARTHEST else None
    return _searched(kpi, figure, target)


def _searched(kpi: Kpi, figure: Figure, target: float) -> int | None:
    """Shares and counts: the first number of cases, doubling and then halving, at which the interval tells."""
    if figure.n == 0:
        return None

    def tells(n: int) -> bool:
        part = n / figure.n
        if kpi.statistic == "share":
            found = share(round(figure.some * part), n)
        else:
            wide = rate(n)
            scale = (figure.main.value or 0.0) / figure.n if kpi.statistic == "rate" else 1.0
            low, high = ((end or 0.0) * scale / part for end in (wide.low, wide.high))
            found = Estimate(None, low, high, n)
        assert found.low is not None and found.high is not None
        return found.high < target or found.low > target

    n = max(2, figure.n)
    while not tells(n):
        n *= 2
        if n > FARTHEST:
            return None
    low, high = figure.n, n
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if tells(middle) else (middle, high)
    return max(1, high - figure.n)


def _said(kpi: Kpi, figure: Figure, actual: Estimate) -> str:
    of = f"of {_cases(figure.n)}" if kpi.statistic in ("median", "p90", "p95", "share") else "in the window"
    if actual.value is None:
        return "Nothing to measure yet."
    if not isfinite(actual.value):
        return f"Most {of} have not ended yet."
    value = _words(kpi, actual.value)
    if actual.low is None or actual.high is None:
        return f"{value} {of}, too few for an interval."
    ends = (
        time_words(actual.low, actual.high)
        if kpi.statistic in _PERCENTILES
        else f"{_words(kpi, actual.low)} to {_words(kpi, actual.high)}"
    )
    return f"{value} {of} (95 %: {ends})."


def told(kpi: Kpi, found: Standing) -> str:
    """In one plain sentence: `Restored within the hour: 62 %; the target is 80 % (n 140).`"""
    if found.actual.value is None or not isfinite(found.actual.value):
        return f"{kpi.title}: nothing to measure yet; the target is {_words(kpi, found.target)}."
    target = _words(kpi, found.target)
    return f"{kpi.title}: {_words(kpi, found.actual.value)}; the target is {target} (n {found.actual.n:,})."


def _words(kpi: Kpi, value: float) -> str:
    if kpi.statistic in _PERCENTILES:
        return duration(value)
    return f"{value * 100:.0f} %" if kpi.statistic == "share" else number(value)


def together(verdicts: list[Verdict]) -> Verdict:
    """Of an objective: missed if any is, met if all are."""
    if "missed" in verdicts:
        return "missed"
    return "met" if verdicts and all(one == "met" for one in verdicts) else "cannot tell yet"
