"""Facts as columns: a million incidents as a few arrays, which a measure is computed from in milliseconds."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from quarterdeck.direction.rules.statistics import Counts, Flags

MISSING = -(2**62)
"""In place of a number that is not known."""
Codes = NDArray[np.int32]


@dataclass(frozen=True)
class Words:
    """A column of few different texts: an index into `names` for each row, -1 where there is none."""

    codes: Codes
    names: tuple[str, ...]

    def where(self, name: str | None) -> Flags:
        """The rows that have this text; None: those that have none."""
        code = -1 if name is None else self.names.index(name) if name in self.names else -2
        found: Flags = self.codes == code
        return found

    def taken(self, rows: Counts | slice) -> "Words":
        return Words(self.codes[rows], self.names)

    def named(self, row: int) -> str | None:
        code = int(self.codes[row])
        return None if code < 0 else self.names[code]


V = TypeVar("V")


class _Taken(Mapping[str, V]):
    def __init__(self, source: Mapping[str, V], take: Callable[[V], V]) -> None:
        self._source, self._take = source, take
        self._taken: dict[str, V] = {}

    def __getitem__(self, name: str) -> V:
        if name not in self._taken:
            self._taken[name] = self._take(self._source[name])
        return self._taken[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._source)

    def __len__(self) -> int:
        return len(self._source)


@dataclass(frozen=True)
class Columns:
    """Rows of one kind (incidents, reviews, lessons): whole numbers, instants in microseconds, and texts."""

    numbers: Mapping[str, Counts]
    words: Mapping[str, Words]

    def __len__(self) -> int:
        return len(next(iter(self.numbers.values())))

    def __getitem__(self, name: str) -> Counts:
        return self.numbers[name]

    def taken(self, rows: Counts) -> "Columns":
        """Only these rows; a column is cut out when somebody asks for it, and not copied if they lie together."""
        part = _together(rows)
        return Columns(_Taken(self.numbers, lambda one: one[part]), _Taken(self.words, lambda one: one.taken(part)))

    def known(self, name: str) -> Flags:
        found: Flags = self.numbers[name] != MISSING
        return found

    def first_known(self, names: Sequence[str]) -> Counts:
        """Of each row the first of these that is known."""
        found = self.numbers[names[0]]
        for name in names[1:]:
            found = np.where(found == MISSING, self.numbers[name], found)
        return found


def _together(rows: Counts) -> Counts | slice:
    if not len(rows) or rows[-1] - rows[0] + 1 != len(rows) or np.any(rows[1:] <= rows[:-1]):
        return rows
    return slice(int(rows[0]), int(rows[-1]) + 1)
