"""Two trees of files side by side: which lines stayed, went and came, and which words of a line are others."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Literal

from quarterdeck.plan.rules.matching import SMALL, matched

Kind = Literal["same", "changed", "went", "came", "left-out"]
AROUND = 3
"""Lines that stayed, shown before and after what changed."""
MOST_ROWS = 1_500
"""Rows of one file that are made; what lies beyond is counted."""
LONGEST = 1_000
"""Characters of a line that are shown and compared word by word."""
_ALIKE = 0.4
_WORDS = re.compile(r"\w+|\s+|[^\w\s]")


@dataclass(frozen=True)
class Part:
    """A run of a line. `differs`: it is not in the line on the other side."""

    text: str
    differs: bool = False


@dataclass(frozen=True)
class Line:
    number: int
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Row:
    """Two lines beside each other; of a line that went or came one is None. `left_out`: so many lines that stayed."""

    old: Line | None
    new: Line | None
    left_out: int = 0

    @cached_property
    def kind(self) -> Kind:
        if self.left_out:
            return "left-out"
        if self.old is None or self.new is None:
            return "came" if self.old is None else "went"
        return "changed" if any(part.differs for part in (*self.old.parts, *self.new.parts)) else "same"


@dataclass(frozen=True)
class FileSides:
    """One file that differs. `before`, `after`: whether it is there; `beyond`: rows that were too many to show."""

    name: str
    before: bool
    after: bool
    rows: tuple[Row, ...]
    went: int
    came: int
    beyond: int = 0


def sides(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[FileSides, ...]:
    """Every file that differs, by name. No rows: only line ends differ."""
    names = sorted({*old, *new})
    return tuple(_file(name, old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name))


def _file(name: str, old: str | None, new: str | None) -> FileSides:
    before, after = (old or "").splitlines(), (new or "").splitlines()
    pairs = matched(before, after)
    changed = list(_changes(pairs, len(before), len(after)))
    rows: list[Row] = []
    for index, (a, b, c, d) in enumerate(changed):
        if len(rows) > MOST_ROWS:
            break
        stayed_from = changed[index - 1][1] if index else 0
        rows += _stayed(before, after, (stayed_from, a), c - a, first=not index)
        rows += _beside(before, after, (a, b, c, d))
    else:
        if changed:
            _, b, _, d = changed[-1]
            rows += _stayed(before, after, (b, len(before)), d - b, last=True)
    return FileSides(
        name,
        old is not None,
        new is not None,
        tuple(rows[:MOST_ROWS]),
        went=len(before) - len(pairs),
        came=len(after) - len(pairs),
        beyond=max(len(before), len(after)) - MOST_ROWS if len(rows) > MOST_ROWS else 0,
    )


def _changes(pairs: Sequence[tuple[int, int]], olds: int, news: int) -> Iterator[tuple[int, int, int, int]]:
    """Runs of lines without a match, each as places on both sides."""
    for (i, j), (k, m) in pairwise([(-1, -1), *pairs, (olds, news)]):
        if (i + 1, j + 1) != (k, m):
            yield i + 1, k, j + 1, m


def _stayed(
    before: Sequence[str],
    after: Sequence[str],
    run: tuple[int, int],
    shift: int,
    *,
    first: bool = False,
    last: bool = False,
) -> Iterator[Row]:
    """Lines that stayed, those far from any change left out. `shift`: from old places to new."""
    start, end = run
    head = start if first else min(start + AROUND, end)
    tail = end if last else max(end - AROUND, head)
    if tail - head == 1:  # one line takes no more room than saying that it is left out
        head = tail
    for place in range(start, head):
        yield _row(before, after, place, place + shift)
    if tail > head:
        yield Row(None, None, tail - head)
    for place in range(tail, end):
        yield _row(before, after, place, place + shift)


def _row(before: Sequence[str], after: Sequence[str], i: int | None, j: int | None) -> Row:
    left = None if i is None else _shown(before[i])
    right = None if j is None else _shown(after[j])
    if left is None or right is None or left == right:
        was, becomes = _whole(left), _whole(right)
    else:
        was, becomes = _words(left, right)
    return Row(None if i is None else Line(i + 1, was), None if j is None else Line(j + 1, becomes))


def _whole(line: str | None) -> tuple[Part, ...]:
    return (Part(line),) if line else ()


def _shown(line: str) -> str:
    return line if len(line) <= LONGEST else f"{line[:LONGEST]} … ({len(line) - LONGEST:,} characters more)"


def _beside(before: Sequence[str], after: Sequence[str], run: tuple[int, int, int, int]) -> Iterator[Row]:
    """Lines that changed beside what became of them; first what went, then what came, where nothing is alike."""
    a, b, c, d = run
    i, j = a, c
    for k, m in [*_alike(before, after, run), (b, d)]:
        for place in range(i, k):
            yield _row(before, after, place, None)
        for place in range(j, m):
            yield _row(before, after, None, place)
        if (k, m) != (b, d):
            yield _row(before, after, k, m)
        i, j = k + 1, m + 1


def _alike(before: Sequence[str], after: Sequence[str], run: tuple[int, int, int, int]) -> list[tuple[int, int]]:
    """Pairs of lines, in order, that have the most words in common; in order of place where there are too many."""
    a, b, c, d = run
    rows, columns = b - a, d - c
    if not rows or not columns:
        return []
    if rows * columns > 2_500:
        return [(a + n, c + n) for n in range(min(rows, columns))]
    bags = [[Counter(_WORDS.findall(line[:LONGEST].strip())) for line in side] for side in (before[a:b], after[c:d])]
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    gain = [[_likeness(left, right) for right in bags[1]] for left in bags[0]]
    for i in range(rows - 1, -1, -1):
        for j in range(columns - 1, -1, -1):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], best[i + 1][j + 1] + gain[i][j])
    pairs, i, j = [], 0, 0
    while i < rows and j < columns:
        if gain[i][j] and best[i][j] == best[i + 1][j + 1] + gain[i][j]:
            pairs.append((a + i, c + j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _likeness(left: Counter[str], right: Counter[str]) -> float:
    """Share of words in common, 0 below the least that makes two lines versions of one."""
    n = left.total() + right.total()
    share = 2 * (left & right).total() / n if n else 0.0
    return share if share >= _ALIKE else 0.0


def _words(old: str, new: str) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """Two lines in runs of words that both have and that only one has."""
    left, right = _WORDS.findall(old), _WORDS.findall(new)
    if len(left) * len(right) > SMALL * 4:
        return (Part(old, True),), (Part(new, True),)
    pairs = matched(left, right)
    return _parts(left, {i for i, _ in pairs}), _parts(right, {j for _, j in pairs})


def _parts(words: Sequence[str], kept: set[int]) -> tuple[Part, ...]:
    """Runs of words; a blank between two words that differ differs with them."""
    differs = [place not in kept for place in range(len(words))]
    for place in range(1, len(words) - 1):
        if words[place].isspace() and differs[place - 1] and differs[place + 1]:
            differs[place] = True
    runs: list[Part] = []
    for word, other in zip(words, differs, strict=True):
        if runs and runs[-1].differs == other:
            runs[-1] = Part(runs[-1].text + word, other)
        else:
            runs.append(Part(word, other))
    return tuple(runs)
