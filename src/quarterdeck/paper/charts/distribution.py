"""How long it took, each time: every incident a dot while there are few, a histogram when there are many."""

from collections import Counter

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quarterdeck.paper.charts.axes import Frame, below, flag
from quarterdeck.paper.charts.chart import Chart, Sheet
from quarterdeck.paper.charts.scales import Scale, duration, of_durations, time_words

Values = NDArray[np.float64]
DOTS = 300
"""Up to so many, each is shown; more would be a blot."""


def distribution(
    id: str,
    title: str,
    values: ArrayLike,
    *,
    still_open: ArrayLike = (),
    median: tuple[float, float | None, float | None] | None = None,
    target: float | None = None,
    said: str = "",
) -> Chart:
    """Durations in seconds above zero on a logarithmic axis.

    `still_open`: ages of what has not ended, shown hollow. `median`: with its interval, or None for ends unknown.
    """
    whole, ages = _above_zero(values), _above_zero(still_open)
    scale = of_durations([*_ends(whole), *_ends(ages), *([target] if target else [])])

    def draw(sheet: Sheet) -> None:
        if len(whole) + len(ages) <= DOTS:
            frame = _dots(sheet, scale, whole, ages, target)
        else:
            frame = _bars(sheet, scale, whole, ages, target)
        if median is not None:
            _median(sheet, frame, scale, *median)

    return Chart(id, title, said or _said(len(whole), len(ages), median, target), draw)


def _above_zero(values: ArrayLike) -> Values:
    given = np.asarray(values, dtype=np.float64)
    return given[given > 0]


def _ends(values: Values) -> list[float]:
    finite = values[np.isfinite(values)]
    return [float(finite.min()), float(finite.max())] if len(finite) else []


def _said(n: int, n_open: int, median: tuple[float, float | None, float | None] | None, target: float | None) -> str:
    words = [f"{n} ended" + (f", {n_open} still open" if n_open else "")]
    if median is not None:
        value, low, high = median
        interval = "" if low is None or high is None else f" (95 % interval {time_words(low, high)})"
        words.append(f"median {duration(value)}{interval}")
    if target:
        words.append(f"target {duration(target)}")
    return "; ".join(words) + "."


def _dots(sheet: Sheet, scale: Scale, whole: Values, ages: Values, target: float | None) -> Frame:
    inner = sheet.width - 20
    radius = 4.0
    while True:
        columns = max(1, int(inner / (2 * radius)))
        place = [(min(columns - 1, int(scale.share(v) * columns)), hollow) for v, hollow in _all(whole, ages)]
        tallest = max(Counter(column for column, _ in place).values(), default=0)
        if tallest * 2 * radius <= 170 or radius <= 1.5:
            break
        radius -= 0.5
    height = max(36.0, tallest * 2 * radius)
    frame = Frame(10, 22, sheet.width - 10, 22 + height)
    sheet.height = frame.bottom + 22
    below(sheet, frame, scale)
    _target(sheet, frame, scale, target)
    stacked: Counter[int] = Counter()
    for column, hollow in sorted(place):
        x = frame.left + (column + 0.5) * inner / columns
        y = frame.bottom - radius * (2 * stacked[column] + 1)
        stacked[column] += 1
        sheet.dot("open" if hollow else "mark", x, y, radius - (1.1 if hollow else 0.4))
    return frame


def _all(whole: Values, ages: Values) -> list[tuple[float, bool]]:
    return [(value, False) for value in whole.tolist()] + [(age, True) for age in ages.tolist()]


def _bars(sheet: Sheet, scale: Scale, whole: Values, ages: Values, target: float | None) -> Frame:
    frame = Frame(10, 22, sheet.width - 10, 22 + 150)
    sheet.height = frame.bottom + 22
    below(sheet, frame, scale)
    count = max(8, min(60, int(sheet.width / 11)))
    ended, hollow = (
        np.bincount(np.minimum(count - 1, (scale.shares(some) * count).astype(np.int64)), minlength=count).tolist()
        for some in (whole, ages)
    )
    most = max(ended[i] + hollow[i] for i in range(count))
    step, per = (frame.right - frame.left) / count, (frame.bottom - frame.top) / most
    for i in range(count):
        x, top = frame.left + i * step, frame.bottom - ended[i] * per
        if ended[i]:
            sheet.box("mark", x + 0.5, top, step - 1, ended[i] * per)
        if hollow[i]:
            sheet.box("open", x + 1.2, top - hollow[i] * per + 0.7, step - 2.4, hollow[i] * per - 1.4)
    _target(sheet, frame, scale, target)
    return frame


def _target(sheet: Sheet, frame: Frame, scale: Scale, target: float | None) -> None:
    if target:
        x = frame.x(scale, target)
        sheet.line("target", x, frame.top - 8, x, frame.bottom)
        flag(sheet, x, frame.top - 10, f"target {duration(target)}")


def _median(sheet: Sheet, frame: Frame, scale: Scale, value: float, low: float | None, high: float | None) -> None:
    """A line of its own below the axis: the interval as a bar, the median as a mark on it, both in words."""
    y = sheet.height + 8
    x = frame.x(scale, value)
    words = f"median {duration(value)}"
    left = right = x
    if low is not None and high is not None:
        left, right = frame.x(scale, low), frame.x(scale, high)
        sheet.line("whisker", left, y, right, y)
        for end in (left, right):
            sheet.line("whisker", end, y - 4, end, y + 4)
        words += f" ({time_words(low, high)})"
    sheet.path("mark", [(x, y - 6), (x + 5, y), (x, y + 6), (x - 5, y)], closed=True)
    if right + 10 + 6.6 * len(words) <= sheet.width:
        sheet.text(words, right + 10, y + 4, kind="strong")
    elif left - 10 - 6.6 * len(words) >= 0:
        sheet.text(words, left - 10, y + 4, "end", "strong")
    else:
        sheet.text(words, sheet.width / 2, y + 20, "middle", "strong")
        sheet.height += 16
    sheet.height += 18
