"""The frame of a chart: where the drawing lies on its sheet, its ticks and what they say."""

from dataclasses import dataclass

from quarterdeck.paper.charts.chart import Sheet, wide
from quarterdeck.paper.charts.scales import Scale, thinned


@dataclass(frozen=True)
class Frame:
    """The part of the sheet inside the axes, in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    def x(self, scale: Scale, value: float) -> float:
        return self.left + (self.right - self.left) * scale.share(value)

    def y(self, scale: Scale, value: float) -> float:
        return self.bottom - (self.bottom - self.top) * scale.share(value)


def below(sheet: Sheet, frame: Frame, scale: Scale, grid: bool = True) -> None:
    """A horizontal axis with its ticks."""
    places = [frame.x(scale, value) for value, _ in scale.ticks]
    kept = thinned(scale.ticks, places, max((wide(words) for _, words in scale.ticks), default=0) + 10)
    for value, words in kept:
        x = frame.x(scale, value)
        if grid:
            sheet.line("grid", x, frame.top, x, frame.bottom)
        sheet.text(words, *_inside(sheet, x, words, frame.bottom + 16))
    sheet.line("axis", frame.left, frame.bottom, frame.right, frame.bottom)


def _inside(sheet: Sheet, x: float, words: str, y: float) -> tuple[float, float, str]:
    """Centred on x, or set flush where it would leave the sheet."""
    half = wide(words) / 2
    if x - half < 0:
        return 0.0, y, "start"
    return (sheet.width, y, "end") if x + half > sheet.width else (x, y, "middle")


def beside(sheet: Sheet, frame: Frame, scale: Scale) -> None:
    """A vertical axis: the words stand left of the frame, hairlines run through it."""
    places = [frame.y(scale, value) for value, _ in scale.ticks]
    for value, words in thinned(scale.ticks, [-place for place in places], 18):
        y = frame.y(scale, value)
        sheet.line("grid" if value != scale.low or scale.log else "axis", frame.left, y, frame.right, y)
        sheet.text(words, frame.left - 6, y + 4, "end")


def margin(scale: Scale) -> float:
    """So much room the words of a vertical axis need."""
    return max((wide(words) for _, words in scale.ticks), default=0) + 8


def flag(sheet: Sheet, x: float, y: float, words: str, kind: str = "strong") -> None:
    """A label at a vertical line: right of it, or left where the sheet ends."""
    if x + 6 + wide(words) > sheet.width:
        sheet.text(words, x - 5, y, "end", kind)
    else:
        sheet.text(words, x + 5, y, kind=kind)
