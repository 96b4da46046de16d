"""Which lines of two texts are the same lines: anchored on lines that stand once in each, in bounded time.

Patience matching (lines unique on both sides, in the same order, then what lies between them) reads better on files of
a structure than the longest match, and stays fast on texts made to be slow; only small gaps are given to `difflib`.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

SMALL = 40_000
"""Lines on one side times lines on the other that are compared each with each."""
_DEEPEST = 24

Pair = tuple[int, int]
Gap = tuple[int, int, int, int]
"""From and to on the old side, from and to on the new."""


def matched(old: Sequence[str], new: Sequence[str]) -> list[Pair]:
    """Places of equal items, old and new, in order; every other item went or came."""
    pairs: list[Pair] = []
    waiting: list[tuple[Gap, int]] = [((0, len(old), 0, len(new)), 0)]
    while waiting:
        (a, b, c, d), depth = waiting.pop()
        while a < b and c < d and old[a] == new[c]:
            pairs.append((a, c))
            a, c = a + 1, c + 1
        while a < b and c < d and old[b - 1] == new[d - 1]:
            b, d = b - 1, d - 1
            pairs.append((b, d))
        if a == b or c == d:
            continue
        anchors = _anchors(old[a:b], new[c:d]) if depth < _DEEPEST else []
        if anchors:
            found = [(a + i, c + j) for i, j in anchors]
            pairs += found
            waiting += [(gap, depth + 1) for gap in _between(found, (a, b, c, d))]
        elif (b - a) * (d - c) <= SMALL:
            blocks = SequenceMatcher(None, old[a:b], new[c:d], autojunk=False).get_matching_blocks()
            pairs += [(a + one.a + n, c + one.b + n) for one in blocks for n in range(one.size)]
    return sorted(pairs)


def _between(anchors: Sequence[Pair], gap: Gap) -> Iterator[Gap]:
    a, b, c, d = gap
    for i, j in (*anchors, (b, d)):
        if a < i and c < j:
            yield a, i, c, j
        a, c = i + 1, j + 1


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[Pair]:
    """Items that stand once on each side, as many as keep their order."""
    once = {item for item, count in Counter(old).items() if count == 1}
    counted = Counter(new)
    place = {item: j for j, item in enumerate(new) if item in once and counted[item] == 1}
    return _longest_rising([(i, place[item]) for i, item in enumerate(old) if item in place])


def _longest_rising(pairs: Sequence[Pair]) -> list[Pair]:
    """The longest run of pairs that rises on the new side too."""
    tops: list[int] = []
    last: list[int] = []
    before: list[int | None] = []
    for n, (_, j) in enumerate(pairs):
        at = bisect_left(tops, j)
        before.append(last[at - 1] if at else None)
        if at == len(tops):
            tops.append(j)
            last.append(n)
        else:
            tops[at], last[at] = j, n
    chosen: list[Pair] = []
    here: int | None = last[-1] if last else None
    while here is not None:
        chosen.append(pairs[here])
        here = before[here]
    return chosen[::-1]
