"""When it happens: a grid of hours and weekdays, say, darker where there is more; the number stands in its cell."""

from collections.abc import Callable, Sequence

from quarterdeck.paper.charts.chart import Chart, Sheet, wide
from quarterdeck.paper.charts.scales import number

STEPS = 5
_WEAKEST, _STRONGEST = 0.12, 1.0


def heat(
    id: str,
    title: str,
    rows: Sequence[str],
    columns: Sequence[str],
    values: Sequence[Sequence[float]],
    *,
    words: Callable[[float], str] = number,
    said: str,
) -> Chart:
    """`values[row][column]`, from zero. Five steps of ink, so that two that look alike are alike on paper too."""
    most = max((value for row in values for value in row), default=0.0)

    def draw(sheet: Sheet) -> None:
        left = max((wide(name) for name in rows), default=0) + 8
        step = (sheet.width - left) / max(1, len(columns))
        tall = min(26.0, max(16.0, step))
        sheet.height = 20 + tall * len(rows)
        last = -1e9
        for j, name in enumerate(columns):
            x = left + (j + 0.5) * step
            if x - last >= wide(name) + 6:
                sheet.text(name, x, 12, "middle")
                last = x
        for i, name in enumerate(rows):
            y = 20 + i * tall
            sheet.text(name, left - 8, y + tall / 2 + 4, "end")
            for j, value in enumerate(values[i]):
                _cell(sheet, left + j * step, y, step, tall, value, most, words(value) if value else "")

    return Chart(id, title, said, draw)


def _cell(sheet: Sheet, x: float, y: float, width: float, height: float, value: float, most: float, words: str) -> None:
    if value <= 0 or most <= 0:
        sheet.box("none", x + 0.5, y + 0.5, width - 1, height - 1)
        return
    step = min(STEPS, 1 + int(value / most * STEPS * 0.9999))
    ink = _WEAKEST + (_STRONGEST - _WEAKEST) * (step - 1) / (STEPS - 1)
    sheet.add("rect", "cell", x=x + 0.5, y=y + 0.5, width=width - 1, height=height - 1, fill_opacity=f"{ink:.2f}")
    if wide(words) <= width - 2:
        sheet.text(words, x + width / 2, y + height / 2 + 4, "middle", "on" if step >= 4 else "strong")
