"""Curves that fall from 100 %: what share lasts longer than so long, or loses more than so much."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from quarterdeck.paper.charts.axes import Frame, below, beside, flag, margin
from quarterdeck.paper.charts.chart import Chart, Sheet
from quarterdeck.paper.charts.scales import Scale, duration, linear, logarithmic, number, of_durations

MOST = 400
"""Steps drawn; of more, every so-manieth, which no eye can tell."""


@dataclass(frozen=True)
class Curve:
    """A stair: from each of `at` on, `share` of all lie beyond. `low` and `high`: the band around it, or none."""

    at: Sequence[float]
    share: Sequence[float]
    low: Sequence[float] = ()
    high: Sequence[float] = ()


def survival(
    id: str, title: str, curve: Curve, *, target: float | None = None, said: str, marks: Sequence[float] = ()
) -> Chart:
    """The share still open after so long, in seconds; `marks`: ages of the open ones, ticked on the curve."""
    scale = of_durations([*curve.at, *marks, *([target] if target else [])])
    return _falling(id, title, curve, scale, target, said, "still open after", duration, marks)


def exceedance(
    id: str,
    title: str,
    curve: Curve,
    *,
    target: float | None = None,
    said: str,
    words: Callable[[float], str] = number,
    durations: bool = False,
    log: bool = True,
) -> Chart:
    """The share beyond each value: seconds, or amounts with `words` for the ticks of their axis."""
    values = [*curve.at, *([target] if target else [])]
    scale = of_durations(values) if durations else logarithmic(values, words) if log else linear(values, words)
    return _falling(id, title, curve, scale, target, said, "longer than" if durations else "more than", scale.words, ())


def _falling(
    id: str,
    title: str,
    curve: Curve,
    across: Scale,
    target: float | None,
    said: str,
    beyond: str,
    words: Callable[[float], str],
    marks: Sequence[float],
) -> Chart:
    up = linear([0.0, 1.0], lambda share: f"{share * 100:.0f} %", most=1.0)

    def draw(sheet: Sheet) -> None:
        frame = Frame(margin(up), 24, sheet.width - 12, 24 + 170)
        sheet.height = frame.bottom + 24
        beside(sheet, frame, up)
        below(sheet, frame, across, grid=False)
        if curve.low and curve.high:
            upper = _stair(frame, across, up, curve.at, curve.high)
            sheet.path("band", upper + _stair(frame, across, up, curve.at, curve.low)[::-1], closed=True)
        sheet.path("line", _stair(frame, across, up, curve.at, curve.share))
        for age in marks:
            x, y = frame.x(across, age), frame.y(up, _at(curve, age))
            sheet.line("whisker", x, y - 4, x, y + 4)
        if target:
            x, share = frame.x(across, target), _at(curve, target)
            sheet.line("target", x, frame.top - 10, x, frame.bottom)
            flag(sheet, x, frame.top - 10, f"{share * 100:.0f} % {beyond} {words(target)}")
            sheet.dot("mark", x, frame.y(up, share), 4)

    return Chart(id, title, said, draw)


def _at(curve: Curve, value: float) -> float:
    share = 1.0
    for at, left in zip(curve.at, curve.share, strict=True):
        if at > value:
            break
        share = left
    return share


def _stair(
    frame: Frame, across: Scale, up: Scale, at: Sequence[float], share: Sequence[float]
) -> list[tuple[float, float]]:
    every = max(1, len(at) // MOST)
    points, last = [(frame.left, frame.y(up, 1.0))], frame.y(up, 1.0)
    kept = [i for i in range(len(at)) if i % every == 0 or i == len(at) - 1]
    for i in kept:
        x, y = frame.x(across, at[i]), frame.y(up, share[i])
        points += [(x, last), (x, y)]
        last = y
    return [*points, (frame.right, last)]
