"""The log of all paths as columns, in the order of their incidents; and the paths of some of them at some detail."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from quarterdeck.direction.rules.measures.columns import Columns, Words
from quarterdeck.direction.rules.paths.activities import DETAILED, KINDS, Detail, key_of
from quarterdeck.direction.rules.statistics import Counts, Flags


@dataclass(frozen=True)
class Log:
    """One row an activity, each incident's together and in the order in which they were recorded.

    `code`: the activity, an index into `keys`; `kinds` and `kind` are the same without what is peculiar to a step or
    stage; `detail`: which team, service or step, where one is said.
    """

    number: Counts
    at: Counts
    code: Counts
    keys: tuple[str, ...]
    kind: Counts
    kinds: tuple[str, ...]
    detail: Words

    def is_(self, *kinds: str) -> Flags:
        codes = [code for code, name in enumerate(self.kinds) if name in kinds]
        found: Flags = np.isin(self.kind, codes)
        return found


def columns_of(rows: Sequence[tuple[int, int, str, str | None]]) -> Columns:
    """Of a few rows: number, at, activity, detail, in the order of the record."""
    numbers = {name: np.array([row[i] for row in rows], dtype=np.int64) for i, name in enumerate(("number", "at"))}
    words = {name: _words([row[i] for row in rows]) for i, name in ((2, "activity"), (3, "detail"))}
    return Columns(numbers, words)


def _words(values: Sequence[str | int | None]) -> Words:
    names = dict.fromkeys(str(one) for one in values if one is not None)
    place = {name: i for i, name in enumerate(names)}
    codes = [-1 if one is None else place[str(one)] for one in values]
    return Words(np.array(codes, dtype=np.int32), tuple(names))


def log_of(columns: Columns) -> Log:
    """From the read table's columns: `number`, `at`, `activity`, `detail`, in the order of the record."""
    order = np.argsort(columns["number"], kind="stable")
    number, at = columns["number"][order], columns["at"][order]
    activity, detail = columns.words["activity"].taken(order), columns.words["detail"].taken(order)
    kinds = (*activity.names, "resumed", "task")
    kind = np.where(_resumed(number, activity), len(kinds) - 2, activity.codes.astype(np.int64))
    kind = np.where(_own_tasks(activity, detail), len(kinds) - 1, kind)
    own = np.isin(kind, [code for code, name in enumerate(kinds) if name in DETAILED])
    whole = kind * (len(detail.names) + 1) + np.where(own, detail.codes.astype(np.int64) + 1, 0)
    found, code = np.unique(whole, return_inverse=True)
    keys = []
    for one in found.tolist():
        of, said = divmod(one, len(detail.names) + 1)
        keys.append(key_of(kinds[of], detail.names[said - 1] if said else None))
    return Log(number, at, code.astype(np.int64), tuple(keys), kind, kinds, detail)


def _resumed(number: Counts, activity: Words) -> Flags:
    """Where another stage comes after one of waiting: the work goes on."""
    found = np.zeros(len(number), dtype=np.bool_)
    waiting, stage = activity.where("waiting"), activity.where("stage")
    rows = np.flatnonzero(waiting | stage)
    if len(rows) > 1:
        after, before = rows[1:], rows[:-1]
        found[after] = (number[after] == number[before]) & stage[after] & waiting[before]
    return found


def _own_tasks(activity: Words, detail: Words) -> Flags:
    """Done, and no step of a procedure: somebody thought of it on the spot."""
    added = np.unique(detail.codes[activity.where("added")])
    found: Flags = activity.where("step") & np.isin(detail.codes, added)
    return found


@dataclass(frozen=True)
class Paths:
    """Some incidents' paths: `first[i]` to `first[i + 1]` are the rows of case i; what follows itself is one.

    `number`: of each case; `variant`: its index into `variants`, the commonest first; `keys` name the codes.
    """

    number: Counts
    first: Counts
    code: Counts
    at: Counts
    keys: tuple[str, ...]
    variant: Counts
    counts: Counts
    variants: tuple[tuple[str, ...], ...]

    def __len__(self) -> int:
        return len(self.number)

    def case(self) -> Counts:
        """Of each row its case."""
        found: Counts = np.repeat(np.arange(len(self)), np.diff(self.first))
        return found


def paths_of(log: Log, wanted: Counts, detail: Detail) -> Paths:
    """Of these incidents (sorted numbers), at this detail."""
    rows = np.flatnonzero(log.is_(*KINDS[detail]) & among(log.number, wanted))
    number, code = log.number[rows], log.code[rows]
    if len(rows):
        fresh = np.append(True, (number[1:] != number[:-1]) | (code[1:] != code[:-1]))
        rows, number, code = rows[fresh], number[fresh], code[fresh]
    cases, first = np.unique(number, return_index=True)
    first = np.append(first, len(number)).astype(np.int64)
    variant, counts, variants = _variants(first, code, log.keys)
    return Paths(cases, first, code, log.at[rows], log.keys, variant, counts, variants)


def among(number: Counts, wanted: Counts) -> Flags:
    """The rows whose number is one of the wanted. Numbers are gapless: a table of them is small."""
    if not len(wanted):
        return np.zeros(len(number), dtype=np.bool_)
    there = np.zeros(max(int(number.max(initial=0)), int(wanted.max())) + 1, dtype=np.bool_)
    there[wanted] = True
    found: Flags = there[number]
    return found


def _variants(first: Counts, code: Counts, keys: tuple[str, ...]) -> tuple[Counts, Counts, tuple[tuple[str, ...], ...]]:
    """Cases alike to the letter get one index; of two that are as common, the one that came up first is first."""
    if len(first) < 2:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), ()
    marks = _marks(first, code, len(keys))
    _, example, inverse, counts = np.unique(marks, return_index=True, return_inverse=True, return_counts=True)
    order = np.lexsort((example, -counts))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    names = tuple(tuple(keys[one] for one in code[first[i] : first[i + 1]].tolist()) for i in example[order].tolist())
    ranked: Counts = rank[inverse.reshape(-1)]
    return ranked, counts[order].astype(np.int64), names


def _marks(first: Counts, code: Counts, kinds: int) -> Counts:
    """A number for each case that only the same path gets: 64 bits of each activity's draw, turned by its place."""
    die = np.random.default_rng(20260301)
    draws = die.integers(1, 2**63, size=kinds, dtype=np.uint64)[code]
    place = (np.arange(len(code)) - np.repeat(first[:-1], np.diff(first))).astype(np.uint64)
    turned = draws * (place * np.uint64(2) + np.uint64(1))
    turned ^= turned >> np.uint64(29)
    turned *= np.uint64(0xBF58476D1CE4E5B9)
    turned ^= turned >> np.uint64(32)
    summed: Counts = np.add.reduceat(turned, first[:-1]).view(np.int64)
    return summed
