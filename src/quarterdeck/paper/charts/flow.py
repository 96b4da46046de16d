"""A flow: boxes from the top down and links between them, as broad as they are frequent; what goes back goes around."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from quarterdeck.paper.charts.chart import Chart, Sheet, fitted, wide
from quarterdeck.paper.charts.layers import Placed, layered

Kind = Literal["plain", "beyond", "broken"]
BOX, GAP = 38.0, 46.0
"""The height of a box and the room between two rows."""
_BEND, _LANE, _APART = 26.0, 15.0, 10.0
_THICKEST = 9.0


@dataclass(frozen=True)
class Box:
    """`under`: a second line in it, such as how many."""

    name: str
    label: str
    under: str = ""
    hollow: bool = False
    """It does not stand in what was counted: foreseen, and not found."""


@dataclass(frozen=True)
class Link:
    """`said` stands on it, if there is room. `kind`: drawn whole, dashed, or dotted and dark: paper has no colours."""

    before: str
    after: str
    weight: float
    said: str = ""
    kind: Kind = "plain"


@dataclass(frozen=True)
class _Spot:
    x: float
    y: float
    width: float


def flow(
    id: str,
    title: str,
    boxes: Sequence[Box],
    links: Sequence[Link],
    *,
    keys: Sequence[tuple[Kind, str]] = (),
    said: str,
) -> Chart:
    """Boxes in the order in which they come up. `keys`: what the kinds of links mean, written below."""
    weights = {(one.before, one.after): one.weight for one in links if one.before != one.after}
    heaviest = max((one.weight for one in links), default=1.0) or 1.0

    def draw(sheet: Sheet) -> None:
        back = [one for one in links if _order(boxes, one.before) >= _order(boxes, one.after)]
        margin = min(sheet.width * 0.22, _LANE * len(back) + 14) if back else 4.0
        placed = layered([box.name for box in boxes], weights, max(1, int((sheet.width - margin) / 190)))
        spots, bends = _spots(placed, boxes, sheet.width - margin, 6.0)
        bottom = max((spot.y for spot in spots.values()), default=0.0) + BOX
        taken = [(s.x - s.width / 2, s.y, s.x + s.width / 2, s.y + BOX) for s in spots.values()]
        back += [one for one in links if one not in back and spots[one.before].y == spots[one.after].y]
        for link in sorted(links, key=lambda one: one.weight):
            if link not in back:
                _forward(sheet, link, spots, bends, heaviest)
        beside = [one for one in back if _beside(one, spots)]
        for link in beside:
            _across(sheet, link, spots, heaviest)
        around = sorted((one for one in back if one not in beside), key=lambda one: _span(one, spots))
        for lane, link in enumerate(around):
            _around(sheet, link, spots, sheet.width - margin + margin * (lane + 0.7) / (len(around) + 0.7), heaviest)
        for box in boxes:
            _box(sheet, box, spots[box.name])
        for link in sorted(links, key=lambda one: -one.weight):
            if link.said and link not in back:
                _label(sheet, link.said, _halfway(_route(link, spots, bends)), taken)
            elif link.said and link in around:
                start = spots[link.before]
                place = (start.x + start.width / 2 + wide(link.said) / 2 + 4, start.y + BOX / 2 - 11)
                _label(sheet, link.said, [place], taken)
        sheet.height = _keys(sheet, keys, bottom + 14)

    return Chart(id, title, said, draw)


def _order(boxes: Sequence[Box], name: str) -> int:
    return next(i for i, box in enumerate(boxes) if box.name == name)


def _spots(
    placed: Placed, boxes: Sequence[Box], width: float, top: float
) -> tuple[dict[str, _Spot], dict[tuple[tuple[str, str], int], float]]:
    """Each box's middle, upper edge and width; and where a long link passes each row."""
    needs = {box.name: min(max(wide(box.label), wide(box.under)) + 22, 210.0) for box in boxes}
    spots: dict[str, _Spot] = {}
    bends: dict[tuple[tuple[str, str], int], float] = {}
    for i, layer in enumerate(placed.layers):
        names = [one for one in layer if isinstance(one, str)]
        room, apart = sum(needs[name] for name in names), _APART * max(0, len(layer) - 1)
        bend = min(_BEND, max(4.0, (width - room - apart) / max(1, len(layer) - len(names))))
        thin = bend * (len(layer) - len(names)) + apart
        shrink = min(1.0, max(0.3, (width - thin) / room)) if room else 1.0
        gap = _APART + max(0.0, width - thin - room * shrink) / (len(layer) + 1)
        x = max(0.0, gap - _APART) if len(layer) > 1 else (width - (room * shrink or bend)) / 2
        y = top + i * (BOX + GAP)
        for one in layer:
            mine = needs[one] * shrink if isinstance(one, str) else bend
            if isinstance(one, str):
                spots[one] = _Spot(x + mine / 2, y, mine)
            else:
                bends[one, i] = x + mine / 2
            x += mine + gap
    return spots, bends


def _route(
    link: Link, spots: Mapping[str, _Spot], bends: Mapping[tuple[tuple[str, str], int], float]
) -> list[tuple[float, float]]:
    """The points through which a link goes: out at the bottom, past each row in between, in at the top."""
    start, end = spots[link.before], spots[link.after]
    points = [(start.x, start.y + BOX)]
    rows = sorted(row for one, row in bends if one == (link.before, link.after))
    for row in rows:
        x, y = bends[(link.before, link.after), row], 6.0 + row * (BOX + GAP)
        points += [(x, y), (x, y + BOX)]
    return [*points, (end.x, end.y)]


def _forward(
    sheet: Sheet,
    link: Link,
    spots: Mapping[str, _Spot],
    bends: Mapping[tuple[tuple[str, str], int], float],
    heaviest: float,
) -> None:
    points = _route(link, spots, bends)
    steps = [f"M{points[0][0]:.1f} {points[0][1]:.1f}"]
    last_x, last_y = points[-1]
    for (x1, y1), (x2, y2) in zip(points, [*points[1:-1], (last_x, last_y - 7)], strict=False):
        half = (y2 - y1) / 2
        steps.append(f"C{x1:.1f} {y1 + half:.1f} {x2:.1f} {y2 - half:.1f} {x2:.1f} {y2:.1f}")
    _stroke(sheet, link, "".join(steps), heaviest)
    sheet.path(f"tip-{link.kind}", [(last_x - 5, last_y - 8), (last_x + 5, last_y - 8), (last_x, last_y)], closed=True)


def _around(sheet: Sheet, link: Link, spots: Mapping[str, _Spot], lane: float, heaviest: float) -> None:
    """Back to a row above, or to the same: out at the right, up along the margin, in at the right."""
    start, end = spots[link.before], spots[link.after]
    x1, y1 = start.x + start.width / 2, start.y + BOX * (0.5 if link.before != link.after else 0.75)
    x2, y2 = end.x + end.width / 2, end.y + BOX * (0.5 if link.before != link.after else 0.25)
    bend = min(16.0, max(1.0, abs(y1 - y2) / 2))
    middle = f"L{lane - bend:.1f} {y1:.1f}Q{lane:.1f} {y1:.1f} {lane:.1f} {y1 - bend:.1f}"
    upward = f"L{lane:.1f} {y2 + bend:.1f}Q{lane:.1f} {y2:.1f} {lane - bend:.1f} {y2:.1f}L{x2 + 7:.1f} {y2:.1f}"
    _stroke(sheet, link, f"M{x1:.1f} {y1:.1f}{middle}{upward}", heaviest)
    sheet.path(f"tip-{link.kind}", [(x2 + 8, y2 - 5), (x2 + 8, y2 + 5), (x2, y2)], closed=True)


def _beside(link: Link, spots: Mapping[str, _Spot]) -> bool:
    """Two in one row with nothing between them."""
    start, end = spots[link.before], spots[link.after]
    if start is end or start.y != end.y:
        return False
    low, high = sorted((start.x, end.x))
    return not any(one.y == start.y and low < one.x < high for one in spots.values())


def _across(sheet: Sheet, link: Link, spots: Mapping[str, _Spot], heaviest: float) -> None:
    """To the neighbour in the row; there and back on two lines."""
    start, end = spots[link.before], spots[link.after]
    side = 1 if end.x > start.x else -1
    y = start.y + BOX / 2 + 7 * side
    x1, x2 = start.x + side * start.width / 2, end.x - side * end.width / 2
    _stroke(sheet, link, f"M{x1:.1f} {y:.1f}L{x2 - side * 7:.1f} {y:.1f}", heaviest)
    tip = x2 - side * 8
    sheet.path(f"tip-{link.kind}", [(tip, y - 5), (tip, y + 5), (x2, y)], closed=True)


def _span(link: Link, spots: Mapping[str, _Spot]) -> float:
    return abs(spots[link.before].y - spots[link.after].y)


def _stroke(sheet: Sheet, link: Link, d: str, heaviest: float) -> None:
    thick = max(1.2, _THICKEST * link.weight / heaviest)
    sheet.add("path", f"flow-{link.kind}", d=d, stroke_width=f"{thick:.1f}")


def _box(sheet: Sheet, box: Box, spot: _Spot) -> None:
    kind = "box-hollow" if box.hollow else "box"
    sheet.box(kind, spot.x - spot.width / 2, spot.y, spot.width, BOX, rx=4)
    room = spot.width - 8
    sheet.text(fitted(box.label, room), spot.x, spot.y + (16 if box.under else 23), "middle", "strong")
    if box.under:
        sheet.text(fitted(box.under, room), spot.x, spot.y + 31, "middle")


def _halfway(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Where a link's words may stand: between two rows, in the middle or a little off it."""
    legs = zip(points[::2], points[1::2], strict=False)
    return [(x1 + (x2 - x1) * at, y1 + (y2 - y1) * at) for (x1, y1), (x2, y2) in legs for at in (0.5, 0.36, 0.64)]


def _label(
    sheet: Sheet,
    said: str,
    places: Sequence[tuple[float, float]],
    taken: list[tuple[float, float, float, float]],
) -> None:
    """At the first place where it covers nothing; if there is none, it is left to the table."""
    half = wide(said) / 2 * 0.95 + 3
    for x, y in places:
        x = min(max(x, half), sheet.width - half)
        mine = (x - half, y - 7, x + half, y + 7)
        if all(mine[2] < a or mine[0] > c or mine[3] < b or mine[1] > d for a, b, c, d in taken):
            taken.append(mine)
            sheet.text(said, x, y + 4, "middle", "halo")
            return


def _keys(sheet: Sheet, keys: Sequence[tuple[Kind, str]], top: float) -> float:
    for kind, words in keys:
        sheet.add("path", f"flow-{kind}", d=f"M4 {top:.1f}L34 {top:.1f}", stroke_width="3")
        sheet.text(fitted(words, sheet.width - 46), 42, top + 4)
        top += 20
    return top
