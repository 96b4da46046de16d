"""What follows what: how often, after how long, and where of all the time until resolution it goes. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from quarterdeck.direction.rules.paths.log import Paths
from quarterdeck.direction.rules.statistics import Counts, Estimate, Flags, Values, percentile

SECOND = 1e6


@dataclass(frozen=True)
class Node:
    """An activity: how many incidents had it, how often it was done, and where on the way, from 0 to 1, on average."""

    key: str
    incidents: int
    times: int
    place: float


@dataclass(frozen=True)
class Edge:
    """`after` came right after `before`. `waits`: in seconds and in order, of those that do not run backwards.

    `total`: seconds of all waits until the last resolution; `share`: of all such seconds. `backwards`: so many have
    times by which the second came before the first; they count as passed, and not as waits.
    """

    before: str
    after: str
    incidents: int
    times: int
    waits: Values = field(repr=False, compare=False)
    total: float
    share: float
    backwards: int

    @cached_property
    def wait(self) -> Estimate:
        """The median of the waits: worked out for those that are shown."""
        return percentile(self.waits, 0.5)


@dataclass(frozen=True)
class Graph:
    """`seconds`: all waits until the last resolution together; `closing`: from there to the end of the path."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    incidents: int
    seconds: float
    closing: Estimate

    def bottlenecks(self, most: int = 8) -> tuple[Edge, ...]:
        """Where most of the time goes, the worst first."""
        found = sorted((edge for edge in self.edges if edge.total > 0), key=lambda edge: -edge.total)
        return tuple(found[:most])


def graph(paths: Paths, cases: Flags) -> Graph:
    """Of the chosen cases."""
    case = paths.case()
    inside = cases[case]
    nodes = tuple(_nodes(paths, case, inside))
    step = np.flatnonzero(inside[:-1] & (case[1:] == case[:-1])) if len(case) else np.zeros(0, dtype=np.int64)
    ends = last_resolved(paths)
    waits = (paths.at[step + 1] - paths.at[step]) / SECOND
    until = step < ends[case[step]]
    edges, seconds = _edges(paths, case[step], step, waits, until)
    return Graph(nodes, edges, int(np.count_nonzero(cases)), seconds, _closing(paths, cases, ends))


def last_resolved(paths: Paths) -> Counts:
    """The row of each case's last resolution; its last row, if it was never resolved."""
    ends = paths.first[1:] - 1
    if "resolved" not in paths.keys:
        return ends
    rows = np.flatnonzero(paths.code == paths.keys.index("resolved"))
    found = ends.copy()
    found[paths.case()[rows]] = rows  # rows ascend, so the last one of a case stays
    return found


def durations(paths: Paths) -> Values:
    """Of each case the seconds from its first activity to the last resolution; below zero if they run backwards."""
    spans: Values = (paths.at[last_resolved(paths)] - paths.at[paths.first[:-1]]) / SECOND
    return spans


def median(spans: Values) -> Estimate:
    """Of durations, those that run backwards left out."""
    return percentile(np.sort(spans[spans >= 0]), 0.5)


def _nodes(paths: Paths, case: Counts, inside: Flags) -> Iterator[Node]:
    """In the order in which they come up on the way, on average."""
    rows = np.flatnonzero(inside)
    code, width = paths.code[rows], len(paths.keys)
    times = np.bincount(code, minlength=width)
    order = _by_kind(code, width)
    sorted_code, sorted_case = code[order], case[rows][order]
    fresh = np.append(True, (sorted_code[1:] != sorted_code[:-1]) | (sorted_case[1:] != sorted_case[:-1]))
    incidents = np.bincount(sorted_code[fresh[: len(code)]], minlength=width)
    lengths = np.maximum(np.diff(paths.first) - 1, 1)[case[rows]]
    place = np.bincount(code, (rows - paths.first[case[rows]]) / lengths, minlength=width)
    found = [
        Node(paths.keys[one], int(incidents[one]), int(times[one]), float(place[one] / times[one]))
        for one in np.flatnonzero(times).tolist()
    ]
    yield from sorted(found, key=lambda node: (node.place, node.key))


def _edges(paths: Paths, case: Counts, step: Counts, waits: Values, until: Flags) -> tuple[tuple[Edge, ...], float]:
    if not len(step):
        return (), 0.0
    width = len(paths.keys)
    pair = paths.code[step] * width + paths.code[step + 1]
    counted = until & (waits > 0)
    seconds = float(waits[counted].sum())
    found, pair = _compact(pair, width * width)
    order = _by_kind(pair, len(found))
    stops = np.cumsum(np.bincount(pair, minlength=len(found)))
    waits, case, counted = waits[order], case[order], counted[order]
    edges = []
    for one, start, stop in zip(found.tolist(), [0, *stops[:-1].tolist()], stops.tolist(), strict=True):
        here, whose = waits[start:stop], case[start:stop]
        total = float(here[counted[start:stop]].sum())
        good = np.sort(here[here >= 0])
        edges.append(
            Edge(
                before=paths.keys[one // width],
                after=paths.keys[one % width],
                incidents=1 + int(np.count_nonzero(whose[1:] != whose[:-1])),
                times=stop - start,
                waits=good,
                total=total,
                share=total / seconds if seconds else 0.0,
                backwards=stop - start - len(good),
            )
        )
    return tuple(sorted(edges, key=lambda edge: -edge.times)), seconds


def _by_kind(code: Counts, kinds: int) -> Counts:
    """The rows kind by kind, those of one in their order. Few kinds sort by their bits: many times faster."""
    order: Counts = np.argsort(code.astype(np.uint16) if kinds <= 1 << 16 else code, kind="stable")
    return order


def _compact(pair: Counts, most: int) -> tuple[Counts, Counts]:
    """Which pairs there are, and of each row the place of its pair among them."""
    if most > 1 << 22:
        found, places = np.unique(pair, return_inverse=True)
        return found, places.reshape(-1)
    there = np.zeros(most, dtype=np.bool_)
    there[pair] = True
    place: Counts = np.cumsum(there) - 1
    return np.flatnonzero(there), place[pair]


def _closing(paths: Paths, cases: Flags, ends: Counts) -> Estimate:
    last = paths.first[1:] - 1
    rows = np.flatnonzero(cases & (last > ends))
    spans = (paths.at[last[rows]] - paths.at[ends[rows]]) / SECOND
    return percentile(np.sort(spans[spans >= 0]), 0.5)
