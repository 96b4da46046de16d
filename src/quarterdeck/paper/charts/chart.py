"""What every chart is: a drawing that can be made at any width, its title, and a sentence that says what it shows.

In the console a chart is drawn twice, for wide and for narrow screens, so that its letters are always as large as the
page's; the style sheet shows one of them and colours it by the theme. On paper it carries its colours along.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape

from quarterdeck.paper.document import Figure

WIDE, NARROW, PRINTED = 640, 336, 640
"""Widths in pixels; a printed letter is as large as the text around it at two thirds of a page's width."""

# The same names and weights as app/static/charts.css, without a theme: what paper shows.
_INK = """
text{font-family:Inter,sans-serif;font-size:12px;fill:#4a5058}
.c-strong{fill:#1a1d21;font-weight:560} .c-on{fill:#fff;font-weight:560}
.c-grid{stroke:#e2e0d9;stroke-width:1} .c-axis{stroke:#8a8d90;stroke-width:1}
.c-mark,.c-cell{fill:#0b5788} .c-bar{fill:#0b5788;fill-opacity:.45} .c-none{fill:#f2f1ec}
.c-open{fill:#fff;stroke:#0b5788;stroke-width:1.5}
.c-line{fill:none;stroke:#0b5788;stroke-width:2} .c-band{fill:#0b5788;fill-opacity:.16}
.c-whisker,.c-level{fill:none;stroke:#1a1d21;stroke-width:1.5}
.c-target{fill:none;stroke:#1a1d21;stroke-width:1.5;stroke-dasharray:5 3}
.c-flow-plain{fill:none;stroke:#0b5788;stroke-opacity:.55} .c-flow-beyond{fill:none;stroke:#8a8d90;stroke-dasharray:7 4}
.c-flow-broken{fill:none;stroke:#1a1d21;stroke-dasharray:2 3} .c-tip-plain{fill:#0b5788} .c-tip-beyond{fill:#8a8d90}
.c-tip-broken{fill:#1a1d21} .c-box{fill:#fff;stroke:#1a1d21;stroke-width:1.2}
.c-box-hollow{fill:#fff;stroke:#8a8d90;stroke-width:1.2;stroke-dasharray:3 3}
.c-halo{fill:#1a1d21;stroke:#fff;stroke-width:5px;paint-order:stroke}
"""


@dataclass
class Sheet:
    """Where a chart is drawn: elements in order. Coordinates are pixels from the upper left corner."""

    width: float
    height: float = 0.0
    parts: list[str] = field(default_factory=list)

    def add(self, tag: str, kind: str, **attributes: float | str) -> None:
        said = "".join(f' {name.replace("_", "-")}="{_value(value)}"' for name, value in attributes.items())
        self.parts.append(f'<{tag} class="c-{kind}"{said}/>')

    def line(self, kind: str, x1: float, y1: float, x2: float, y2: float) -> None:
        self.add("line", kind, x1=x1, y1=y1, x2=x2, y2=y2)

    def box(self, kind: str, x: float, y: float, width: float, height: float, **more: float) -> None:
        self.add("rect", kind, x=x, y=y, width=max(0.0, width), height=max(0.0, height), **more)

    def dot(self, kind: str, x: float, y: float, r: float) -> None:
        self.add("circle", kind, cx=x, cy=y, r=r)

    def path(self, kind: str, points: list[tuple[float, float]], closed: bool = False) -> None:
        if points:
            steps = "L".join(f"{_value(x)} {_value(y)}" for x, y in points)
            self.add("path", kind, d=f"M{steps}{'Z' if closed else ''}")

    def text(self, words: str, x: float, y: float, anchor: str = "start", kind: str = "") -> None:
        shown = f' class="c-{kind}"' if kind else ""
        place = f' text-anchor="{anchor}"' if anchor != "start" else ""
        self.parts.append(f'<text{shown} x="{_value(x)}" y="{_value(y)}"{place}>{escape(words)}</text>')


def _value(value: float | str) -> str:
    return escape(value) if isinstance(value, str) else f"{value:.1f}".removesuffix(".0")


def wide(words: str) -> float:
    """About how wide a text of 12 px is: Inter's letters are near 6.6 px on average."""
    return 6.6 * len(words)


def fitted(words: str, room: float) -> str:
    """The text, cut where it would be wider than so many pixels."""
    most = max(1, int(room / 6.6))
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


@dataclass(frozen=True)
class Chart:
    """`id` is its own on the page. `said` is read out in place of the drawing: what it shows, with its n."""

    id: str
    title: str
    said: str
    draw: Callable[[Sheet], None]
    """Draws on a sheet of any width and sets its height."""

    def svg(self, width: float = WIDE, kind: str = "wide", style: str = "") -> str:
        sheet = Sheet(width)
        self.draw(sheet)
        name = re.sub(r"[^a-z0-9]+", "-", f"{self.id}-{kind}".lower()).strip("-")
        box = f"0 0 {_value(width)} {_value(sheet.height)}"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="{kind}" viewBox="{box}" width="{_value(width)}"'
            f' height="{_value(sheet.height)}" role="img" aria-labelledby="{name}-t {name}-d">'
            f'<title id="{name}-t">{escape(self.title)}</title><desc id="{name}-d">{escape(self.said)}</desc>'
            f"{style}{''.join(sheet.parts)}</svg>"
        )

    def __html__(self) -> str:
        """For templates, which do not escape it again: every text in it is escaped here."""
        return f'<div class="chart">{self.svg(WIDE, "wide")}{self.svg(NARROW, "narrow")}</div>'

    def figure(self, caption: str = "", width: float = 1.0) -> Figure:
        """For a document; `width` is a share of the column's on paper."""
        drawn = self.svg(PRINTED * max(width, 0.5), "printed", f"<style>{_INK}</style>")
        return Figure(drawn, f"{self.title}. {self.said}", caption, width, self.title, self.__html__())
