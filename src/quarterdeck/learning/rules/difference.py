"""What one text says otherwise than another, line by line; bounded for any input. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

_MOST_COMPARED = 200
"""Lines that are compared one by one; longer stretches are shown as gone and come, whole."""
_MOST_SHOWN = 400


@dataclass(frozen=True)
class Line:
    """`gone`: only the first text has it; `come`: only the second; `same`: both; `cut`: how much is not shown."""

    kind: Literal["gone", "come", "same", "cut"]
    text: str


def difference(first: str, second: str) -> list[Line]:
    """The lines that differ, each with a line of what stands around it."""
    one, other = first.splitlines(), second.splitlines()
    head = _alike(one, other)
    tail = _alike(one[head:][::-1], other[head:][::-1])
    middle = list(_compared(one[head : len(one) - tail], other[head : len(other) - tail]))
    before = [Line("same", line) for line in one[max(head - 1, 0) : head]]
    after = [Line("same", line) for line in one[len(one) - tail :][:1]]
    shown = [*before, *middle, *after]
    if len(shown) > _MOST_SHOWN:
        return [*shown[:_MOST_SHOWN], Line("cut", f"{len(shown) - _MOST_SHOWN:,} more lines")]
    return shown if middle else []


def _alike(one: list[str], other: list[str]) -> int:
    """How many lines are the same from the beginning."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _compared(one: list[str], other: list[str]) -> Iterator[Line]:
    if len(one) > _MOST_COMPARED or len(other) > _MOST_COMPARED:
        yield from (Line("gone", line) for line in one)
        yield from (Line("come", line) for line in other)
        return
    for tag, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from (Line("same", line) for line in one[a:b])
        else:
            yield from (Line("gone", line) for line in one[a:b])
            yield from (Line("come", line) for line in other[c:d])
