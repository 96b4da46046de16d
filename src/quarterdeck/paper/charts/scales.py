"""From values to pixels: linear, logarithmic, and durations, with ticks that people say ("10 min", "1 h", "1 d")."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, floor, inf, isfinite, log, log10

import numpy as np
from numpy.typing import NDArray

_MINUTE, _HOUR, _DAY = 60.0, 3600.0, 86_400.0
_WEEK, _MONTH, _YEAR = 7 * _DAY, 30 * _DAY, 365 * _DAY
_TIMES = (
    (1.0, "1 s"),
    (10.0, "10 s"),
    (_MINUTE, "1 min"),
    (5 * _MINUTE, "5 min"),
    (15 * _MINUTE, "15 min"),
    (_HOUR, "1 h"),
    (4 * _HOUR, "4 h"),
    (_DAY, "1 d"),
    (3 * _DAY, "3 d"),
    (_WEEK, "1 week"),
    (_MONTH, "1 month"),
    (6 * _MONTH, "6 months"),
    (_YEAR, "1 year"),
    (10 * _YEAR, "10 years"),
)
_UNITS = ((_YEAR, "years"), (_DAY, "d"), (_HOUR, "h"), (_MINUTE, "min"))


def duration(seconds: float) -> str:
    """`45 s`, `12 min`, `19.7 h`, `2.1 d`, `1.5 years`: the figures that count, and a unit."""
    if not isfinite(seconds):
        return "no end yet" if seconds > 0 else "none"
    size = abs(seconds)
    for unit, name in _UNITS:
        # "80 min" and "30 h" are said; "90 min" is 1.5 h. A whole one is always said: "1 h", "1 d".
        if size >= unit * (1.5 if name != "min" else 1) or size == unit:
            return f"{_figures(seconds / unit, 9.95 if name == 'min' else 99.5)} {name}"
    return f"{_figures(seconds)} s"


def time_words(low: float, high: float) -> str:
    """`12 to 40 min`, `50 min to 3.4 h`: an interval; a unit that both have is said once."""
    first, last = duration(low), duration(high)
    number, _, unit = first.partition(" ")
    return f"{number} to {last}" if unit and last.endswith(f" {unit}") and isfinite(high) else f"{first} to {last}"


def _figures(value: float, fine: float = 9.95) -> str:
    return f"{value:.1f}".removesuffix(".0") if abs(value) < fine else f"{value:,.0f}"


def number(value: float) -> str:
    """`0.34`, `7.5`, `1,240`, `3.2 M`."""
    if not isfinite(value):
        return "no end"
    size = abs(value)
    for unit, name in ((1e9, " G"), (1e6, " M"), (1e5, " k")):
        if size >= unit:
            return _figures(value / (1e3 if name == " k" else unit)) + name
    if size and size < 1:
        return f"{value:.2g}"
    return _figures(value)


@dataclass(frozen=True)
class Scale:
    """Values from `low` to `high`; `share` puts one between 0 and 1, what lies beyond at the edge."""

    low: float
    high: float
    log: bool
    ticks: tuple[tuple[float, str], ...]
    words: Callable[[float], str]

    def share(self, value: float) -> float:
        if self.log:
            if value <= 0:
                return 0.0
            low, high, value = log(self.low), log(self.high), log(min(value, 1e300))
        else:
            low, high = self.low, self.high
        return min(1.0, max(0.0, (value - low) / (high - low))) if high > low else 0.5

    def shares(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """The same of many at once."""
        if self.high <= self.low:
            return np.full(len(values), 0.5)
        low, high = self.low, self.high
        if self.log:
            low, high = log(low), log(high)
            values = np.log(np.clip(values, self.low, 1e300))
        return np.clip((values - low) / (high - low), 0.0, 1.0)


def of_durations(values: Sequence[float]) -> Scale:
    """Seconds on a logarithmic axis, from the tick below the smallest to the one above the largest."""
    shown = [value for value in values if value > 0 and isfinite(value)]
    low, high = (min(shown), max(shown)) if shown else (_MINUTE, _HOUR)
    marks = [mark for mark, _ in _TIMES]
    first = max((mark for mark in marks if mark <= low), default=low)
    last = min((mark for mark in marks if mark >= high), default=high)
    if first == last:
        i = marks.index(first) if first in marks else 0
        first, last = marks[max(0, i - 1)], marks[min(len(marks) - 1, i + 1)]
    return Scale(first, last, True, tuple((m, w) for m, w in _TIMES if first <= m <= last), duration)


def logarithmic(values: Sequence[float], words: Callable[[float], str] = number) -> Scale:
    """Powers of ten around the values above zero."""
    shown = [value for value in values if value > 0 and isfinite(value)]
    low, high = (floor(log10(min(shown))), ceil(log10(max(shown)))) if shown else (0, 1)
    high = max(high, low + 1)
    ticks = tuple((10.0**power, words(10.0**power)) for power in range(low, high + 1))
    return Scale(10.0**low, 10.0**high, True, ticks, words)


def linear(values: Sequence[float], words: Callable[[float], str] = number, most: float = inf) -> Scale:
    """From zero, or from below it where values are, to a round number above the largest; `most` caps it."""
    shown = [value for value in values if isfinite(value)] or [1.0]
    low, high = min(0.0, *shown), min(most, max(0.0, *shown))
    if high == low:
        high = low + 1
    step = _round_step((high - low) / 4)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    ticks = tuple((step * i, words(step * i)) for i in range(first, last + 1) if step * i <= most)
    return Scale(step * first, min(most, step * last), False, ticks, words)


def _round_step(about: float) -> float:
    power = 10.0 ** floor(log10(about))
    return next(power * step for step in (1, 2, 5, 10) if power * step >= about * 0.999)


def thinned(ticks: Sequence[tuple[float, str]], places: Sequence[float], gap: float) -> list[tuple[float, str]]:
    """Those ticks whose words do not run into one another: the first, then each that is far enough from the last."""
    kept, last = list[tuple[float, str]](), -inf
    for (value, words), place in zip(ticks, places, strict=True):
        if place - last >= gap:
            kept.append((value, words))
            last = place
    return kept
