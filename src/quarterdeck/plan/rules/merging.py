"""Three versions of a plan's files made one: line by line, what only one side changed is taken, the rest is named.

The lines that two versions share are found by those that occur once in both (patience), since texts come from outside
and must not cost more than their length warrants.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

Choice = Literal["mine", "theirs", "both"]
CHOICES: tuple[Choice, ...] = ("mine", "theirs", "both")
_DEEPEST = 12
Lines = Sequence[str]


@dataclass(frozen=True)
class Clash:
    """Lines that both sides changed, each in its own way. None: that side has the file no longer."""

    id: str
    """The file's name and which clash of it this is: `plan.yaml:1`."""
    file: str
    line: int
    """Where it begins in my text."""
    mine: str | None
    theirs: str | None


@dataclass(frozen=True)
class Merged:
    """`files` hold my lines wherever a clash is still open."""

    files: dict[str, str]
    open: tuple[Clash, ...]
    settled: tuple[Clash, ...]


def merged(
    base: Mapping[str, str],
    mine: Mapping[str, str],
    theirs: Mapping[str, str],
    chosen: Mapping[str, Choice] | None = None,
) -> Merged:
    """What both sides made of `base`, in one. `chosen`: clash id → whose lines stand there."""
    files: dict[str, str] = {}
    open_: list[Clash] = []
    settled: list[Clash] = []
    for name in sorted({*base, *mine, *theirs}):
        text, clashes = _file(name, base.get(name), mine.get(name), theirs.get(name), chosen or {})
        if text is not None:
            files[name] = text
        for clash in clashes:
            (settled if clash.id in (chosen or {}) else open_).append(clash)
    return Merged(files, tuple(open_), tuple(settled))


def _file(
    name: str, base: str | None, mine: str | None, theirs: str | None, chosen: Mapping[str, Choice]
) -> tuple[str | None, list[Clash]]:
    if mine == theirs or theirs == base:
        return mine, []
    if mine == base:
        return theirs, []
    if mine is None or theirs is None:
        clash = Clash(f"{name}:1", name, 1, mine, theirs)
        kept = theirs if chosen.get(clash.id) == "theirs" else mine
        return kept if chosen.get(clash.id) != "both" else mine or theirs, [clash]
    clashes: list[Clash] = []
    parts: list[str] = []
    line = 1
    for ours, other in _pieces(_lines(base or ""), _lines(mine), _lines(theirs)):
        if other is None:
            parts += ours
        else:
            clash = Clash(f"{name}:{len(clashes) + 1}", name, line, "".join(ours), "".join(other))
            clashes.append(clash)
            parts += _chosen(chosen.get(clash.id, "mine"), ours, other)
        line += sum(one.endswith("\n") for one in ours)
    return "".join(parts), clashes


def _chosen(choice: Choice, mine: Lines, theirs: Lines) -> Lines:
    if choice == "both":
        ended = [one if one.endswith("\n") else one + "\n" for one in mine]
        return [*ended, *theirs]
    return mine if choice == "mine" else theirs


def _lines(text: str) -> list[str]:
    return [part + "\n" for part in text.split("\n")[:-1]] + ([last] if (last := text.rpartition("\n")[2]) else [])


def _pieces(base: Lines, mine: Lines, theirs: Lines) -> Iterator[tuple[Lines, Lines | None]]:
    """Runs of lines in order: those to take, or, with a second side, those that clash."""
    ours, other = dict(_shared(base, mine)), dict(_shared(base, theirs))
    b = m = t = 0
    for at in [*(line for line in sorted(ours) if line in other), len(base)]:
        end = at == len(base)
        to_mine, to_theirs = (len(mine), len(theirs)) if end else (ours[at], other[at])
        was, my, their = base[b:at], mine[m:to_mine], theirs[t:to_theirs]
        if list(my) == list(their) or list(their) == list(was):
            yield my, None
        elif list(my) == list(was):
            yield their, None
        else:
            yield my, their
        if not end:
            yield base[at : at + 1], None
        b, m, t = at + 1, to_mine + 1, to_theirs + 1


def _shared(old: Lines, new: Lines) -> Iterator[tuple[int, int]]:
    """Pairs of places of equal lines, both rising."""
    todo = [(0, len(old), 0, len(new), 0)]
    while todo:
        a, a_end, b, b_end, depth = todo.pop()
        while a < a_end and b < b_end and old[a] == new[b]:
            yield a, b
            a, b = a + 1, b + 1
        while a < a_end and b < b_end and old[a_end - 1] == new[b_end - 1]:
            a_end, b_end = a_end - 1, b_end - 1
            yield a_end, b_end
        if a == a_end or b == b_end or depth == _DEEPEST:
            continue
        anchors = _anchors(old, new, a, a_end, b, b_end)
        yield from anchors
        corners = [(a - 1, b - 1), *anchors, (a_end, b_end)] if anchors else []
        todo += [(x + 1, to_x, y + 1, to_y, depth + 1) for (x, y), (to_x, to_y) in pairwise(corners)]


def _anchors(old: Lines, new: Lines, a: int, a_end: int, b: int, b_end: int) -> list[tuple[int, int]]:
    """The longest rising run of lines that occur once on either side."""
    counts, others = Counter(old[a:a_end]), Counter(new[b:b_end])
    where = {new[y]: y for y in range(b, b_end) if others[new[y]] == 1}
    pairs = [(x, where[old[x]]) for x in range(a, a_end) if counts[old[x]] == 1 and old[x] in where]
    tops: list[int] = []
    links: list[tuple[int, int]] = []
    back: list[int | None] = []
    ends: list[int] = []
    for index, (x, y) in enumerate(pairs):
        place = bisect_left(tops, y)
        back.append(ends[place - 1] if place else None)
        tops[place : place + 1], ends[place : place + 1] = [y], [index]
        links.append((x, y))
    found: list[tuple[int, int]] = []
    here = ends[-1] if ends else None
    while here is not None:
        found.append(links[here])
        here = back[here]
    return found[::-1]
