"""What became of a figure over time: a point for each period, its interval, and gaps where there is nothing to say."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from quarterdeck.paper.charts.axes import Frame, beside, margin
from quarterdeck.paper.charts.chart import Chart, Sheet, wide
from quarterdeck.paper.charts.scales import Scale, duration, linear, number, of_durations


@dataclass(frozen=True)
class Point:
    """One period. `value` None: nothing happened in it. `low`, `high` None: too few for an interval."""

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    n: int = 0


@dataclass(frozen=True)
class Level:
    """A stretch of periods, first to last, with one rate: drawn as a line through it, so that a change is a step."""

    first: int
    last: int
    value: float


def series(
    id: str,
    title: str,
    points: Sequence[Point],
    *,
    durations: bool = False,
    target: float | None = None,
    levels: Sequence[Level] = (),
    words: Callable[[float], str] = number,
    most: float | None = None,
    said: str,
) -> Chart:
    """Durations in seconds stand on a logarithmic axis, everything else on one that begins at zero.

    `most`: the axis's end, for shares. Below each period stands its label, where there is room.
    """
    every = [value for one in points for value in (one.value, one.low, one.high) if value is not None]
    every += [target] if target else []
    if durations:
        scale = of_durations(every)
    else:
        scale = linear(every, words) if most is None else linear([0.0, most], words, most)
    told = duration if durations else words

    known = [i for i, one in enumerate(points) if one.value is not None]
    last = (known[-1], points[known[-1]].value or 0.0) if known else None
    ends = [*([told(last[1])] if last else []), *([f"target {told(target)}"] if target else [])]
    rated = any(one.low is not None for one in points)

    def draw(sheet: Sheet) -> None:
        frame = Frame(margin(scale), 12, sheet.width - max((wide(words) for words in ends), default=0) - 10, 170)
        sheet.height = frame.bottom + 24
        beside(sheet, frame, scale)
        step = (frame.right - frame.left) / max(1, len(points))
        places = [frame.left + (i + 0.5) * step for i in range(len(points))]
        _labels(sheet, frame, points, places)
        _bands(sheet, frame, scale, points, places, step)
        _lines(sheet, frame, scale, points, places, rated)
        for level in levels:
            y = frame.y(scale, level.value)
            sheet.line("level", places[level.first] - step / 2, y, places[level.last] + step / 2, y)
        radius = min(3.5, max(1.5, step / 2.5))
        for one, x in zip(points, places, strict=True):
            if one.value is not None:
                sure = one.low is not None or not rated
                sheet.dot("mark" if sure else "open", x, frame.y(scale, one.value), radius - (0 if sure else 0.5))
        _ends(sheet, frame, scale, told, target, last[1] if last else None)

    return Chart(id, title, said, draw)


def _labels(sheet: Sheet, frame: Frame, points: Sequence[Point], places: Sequence[float]) -> None:
    last = -1e9
    for one, x in zip(points, places, strict=True):
        if x - last >= wide(one.label) + 8:
            sheet.text(one.label, x, frame.bottom + 17, "middle")
            last = x


def _bands(
    sheet: Sheet, frame: Frame, scale: Scale, points: Sequence[Point], places: Sequence[float], step: float
) -> None:
    """Neighbouring periods with intervals make a band; one that stands alone gets a column of its own."""
    for run in _runs([one.low is not None and one.high is not None for one in points]):
        upper = [(places[i], frame.y(scale, points[i].high or 0.0)) for i in run]
        lower = [(places[i], frame.y(scale, points[i].low or 0.0)) for i in run]
        if len(run) == 1:
            (x, top), (_, bottom) = upper[0], lower[0]
            sheet.box("band", x - min(6, step / 3), top, 2 * min(6, step / 3), bottom - top)
        else:
            sheet.path("band", upper + lower[::-1], closed=True)


def _lines(
    sheet: Sheet, frame: Frame, scale: Scale, points: Sequence[Point], places: Sequence[float], rated: bool
) -> None:
    """Between neighbours; not to a period with too few, which would draw a trend out of noise."""
    for run in _runs([one.value is not None and (one.low is not None or not rated) for one in points]):
        if len(run) > 1:
            sheet.path("line", [(places[i], frame.y(scale, points[i].value or 0.0)) for i in run])


def _ends(
    sheet: Sheet,
    frame: Frame,
    scale: Scale,
    told: Callable[[float], str],
    target: float | None,
    last: float | None,
) -> None:
    """At the right: the last value and the target, in words, kept apart."""
    at = frame.y(scale, last) if last is not None else -1e9
    if last is not None:
        sheet.text(told(last), frame.right + 8, at + 4, kind="strong")
    if target:
        y = frame.y(scale, target)
        sheet.line("target", frame.left, y, frame.right, y)
        apart = y if abs(y - at) >= 15 else at + (15 if y >= at else -15)
        sheet.text(f"target {told(target)}", frame.right + 8, apart + 4)


def _runs(flags: Sequence[bool]) -> Iterator[list[int]]:
    run: list[int] = []
    for i, flag in enumerate(flags):
        if flag:
            run.append(i)
        elif run:
            yield run
            run = []
    if run:
        yield run
