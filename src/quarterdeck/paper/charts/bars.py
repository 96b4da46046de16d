"""Bars with their words beside them, by service, team or factor; as a Pareto, what most of it comes from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from quarterdeck.paper.charts.axes import Frame
from quarterdeck.paper.charts.chart import Chart, Sheet, fitted, wide
from quarterdeck.paper.charts.scales import Scale, linear, logarithmic, number

ROW, ABOVE = 24, 18
"""Pixels that a bar takes, and a name above it."""


@dataclass(frozen=True)
class Bar:
    """`value` None: too few to say, which is written in the bar's place. `said`: instead of the value in words."""

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    said: str = ""


def bars(
    id: str,
    title: str,
    rows: Sequence[Bar],
    *,
    words: Callable[[float], str] = number,
    log: bool = False,
    pareto: bool = False,
    target: float | None = None,
    said: str,
) -> Chart:
    """In the order given. `pareto`: how much of the whole this row and those above it make stands at the right.

    Names that would be cut beside their bars stand above them. On a logarithmic axis a bar would have no beginning:
    there the value is a dot.
    """
    every = [value for row in rows for value in (row.value, row.low, row.high) if value is not None]
    every += [target] if target else []
    scale = logarithmic(every, words) if log else linear(every, words)
    whole = sum(row.value or 0.0 for row in rows)
    apart = bool(target) or any(row.low is not None for row in rows)

    def draw(sheet: Sheet) -> None:
        longest = max((wide(row.label) for row in rows), default=0) + 10
        above = longest > sheet.width * 0.36
        names, step = (1.0, ROW + ABOVE) if above else (longest, ROW)
        right = max([wide(_words(row, words)) for row in rows] + [30]) + 12 + (44 if pareto else 0)
        frame = Frame(names, 4, max(names + 40, sheet.width - right), 4 + step * len(rows))
        sheet.height = frame.bottom + (22 if target or pareto else 6)
        sheet.line("axis", frame.left, frame.top, frame.left, frame.bottom)
        if target:
            x = frame.x(scale, target)
            sheet.line("target", x, frame.top - 2, x, frame.bottom + 4)
            sheet.text(f"target {words(target)}", x, frame.bottom + 17, "middle", "strong")
        so_far = 0.0
        for i, row in enumerate(rows):
            y = frame.top + step * (i + 1) - ROW / 2
            if above:
                sheet.text(fitted(row.label, sheet.width - 8), frame.left + 6, y - 12)
            else:
                sheet.text(row.label, frame.left - 8, y + 4, "end")
            far = _row(sheet, frame, scale, row, y)
            at = frame.right if apart else far
            sheet.text(_words(row, words), at + 8, y + 4, kind="strong" if row.value is not None else "")
            if pareto and whole:
                so_far += row.value or 0.0
                sheet.text(f"{so_far / whole * 100:.0f} %", sheet.width, y + 4, "end")
        if pareto and rows:
            sheet.text("of all, so far", sheet.width, frame.bottom + 16, "end")

    return Chart(id, title, said, draw)


def _row(sheet: Sheet, frame: Frame, scale: Scale, row: Bar, y: float) -> float:
    """The bar and its interval; says where the bar ends."""
    if row.value is None:
        return frame.left
    end = frame.x(scale, row.value)
    sure = row.low is not None and row.high is not None
    if scale.log:
        sheet.dot("mark" if sure else "open", end, y, 4)
    else:
        sheet.box("bar" if sure else "mark", frame.left, y - 6, end - frame.left, 12)
    if row.low is not None and row.high is not None:
        low, high = frame.x(scale, row.low), frame.x(scale, row.high)
        sheet.line("whisker", low, y, high, y)
        for at in (low, high):
            sheet.line("whisker", at, y - 4, at, y + 4)
    return end


def _words(row: Bar, words: Callable[[float], str]) -> str:
    return row.said or ("too few to say" if row.value is None else words(row.value))
