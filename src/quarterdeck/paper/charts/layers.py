"""Where the boxes of a flow stand: in layers from the top down, neighbours near each other. Pure, for small graphs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Weights = Mapping[tuple[str, str], float]
_SWEEPS = 8


@dataclass(frozen=True)
class Placed:
    """`layers[i]`: what stands in row i from left to right: boxes by their names, and links that pass through it."""

    layers: tuple[tuple[str | tuple[str, str], ...], ...]
    row: Mapping[str, int]


def layered(names: Sequence[str], links: Weights, most: int) -> Placed:
    """`names` in the order in which they come up, at most so many in a row. Links against that order are left alone."""
    place = {name: i for i, name in enumerate(names)}
    forward = {link: weight for link, weight in links.items() if place[link[0]] < place[link[1]]}
    row = _rows(names, forward, most)
    layers: list[list[str | tuple[str, str]]] = [[] for _ in range(max(row.values(), default=-1) + 1)]
    for name in names:
        layers[row[name]].append(name)
    for link in forward:
        for between in range(row[link[0]] + 1, row[link[1]]):
            layers[between].append(link)
    _ordered(layers, forward, row)
    return Placed(tuple(tuple(layer) for layer in layers), row)


def _rows(names: Sequence[str], forward: Weights, most: int) -> dict[str, int]:
    """Each below what it follows most often and above what most often follows it; rows that are full push down."""
    backbone: set[tuple[str, str]] = set()
    for side in (0, 1):
        best: dict[str, tuple[str, str]] = {}
        for link, weight in forward.items():
            known = best.get(link[side])
            if known is None or weight > forward[known]:
                best[link[side]] = link
        backbone |= set(best.values())
    row: dict[str, int] = {}
    full: dict[int, int] = {}
    last = 0
    for name in names:
        last = at = max((row[one] + 1 for one, other in backbone if other == name), default=last)
        while full.get(at, 0) >= most:
            at += 1
        row[name] = at
        full[at] = full.get(at, 0) + 1
    used = {at: i for i, at in enumerate(sorted(set(row.values())))}
    return {name: used[at] for name, at in row.items()}


def _ordered(layers: list[list[str | tuple[str, str]]], forward: Weights, row: Mapping[str, int]) -> None:
    """Sorted by where their neighbours stand, down and up again, so that few links cross."""
    for sweep in range(_SWEEPS):
        downward = sweep % 2 == 0
        order = range(1, len(layers)) if downward else range(len(layers) - 2, -1, -1)
        for i in order:
            beside = layers[i - 1 if downward else i + 1]
            at = {one: (place + 0.5) / len(beside) for place, one in enumerate(beside)}
            found = ((one, _middle(one, i, downward, at, forward, row)) for one in layers[i])
            weighed = {one: middle for one, middle in found if middle is not None}
            now = {one: (place + 0.5) / len(layers[i]) for place, one in enumerate(layers[i])}
            now.update(weighed)
            layers[i].sort(key=now.__getitem__)


def _middle(
    one: str | tuple[str, str],
    i: int,
    downward: bool,
    at: Mapping[str | tuple[str, str], float],
    forward: Weights,
    row: Mapping[str, int],
) -> float | None:
    total = weight = 0.0
    for link, heavy in forward.items():
        here = link if isinstance(one, tuple) else link[1 if downward else 0]
        if here != one:
            continue
        other = link[0 if downward else 1]
        neighbour = other if row[other] == (i - 1 if downward else i + 1) else link
        if neighbour in at:
            total, weight = total + heavy * at[neighbour], weight + heavy
    return total / weight if weight else None
