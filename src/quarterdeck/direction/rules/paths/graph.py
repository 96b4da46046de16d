"""What follows what: how often, after how long, and where of all the time until resolution it goes. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

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
    """`after` came right after `before`. `wait`: its median in seconds, of those that do not run backwards.

    `total`: seconds of all waits until the last resolution; `share`: of all such seconds. `backwards`: so many have
    times by which the second came before the first; they count as passed, and not as waits.
    """

    before: str
    after: str
    incidents: int
    times: int
    wait: Estimate
    total: float
    share: float
    backwards: int


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


def durations(paths: Paths, cases: Flags) -> tuple[Values, int]:
    """Seconds from the first activity to the last resolution, in order; and how many run backwards by their times."""
    ends = last_resolved(paths)[cases]
    spans = (paths.at[ends] - paths.at[paths.first[:-1][cases]]) / SECOND
    good = spans >= 0
    return np.sort(spans[good]), int(np.count_nonzero(~good))


def _nodes(paths: Paths, case: Counts, inside: Flags) -> Iterator[Node]:
    """In the order in which they come up on the way, on average."""
    rows = np.flatnonzero(inside)
    code, width = paths.code[rows], len(paths.keys)
    times = np.bincount(code, minlength=width)
    incidents = np.bincount(np.unique(case[rows] * width + code) % width, minlength=width) if width else times
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
    order = np.lexsort((waits, pair))
    pair, waits, case, counted = pair[order], waits[order], case[order], counted[order]
    found, starts = np.unique(pair, return_index=True)
    stops = np.append(starts[1:], len(pair))
    edges = []
    for one, start, stop in zip(found.tolist(), starts.tolist(), stops.tolist(), strict=True):
        here = waits[start:stop]
        backwards = int(np.searchsorted(here, 0.0))
        total = float(here[counted[start:stop]].sum())
        edges.append(
            Edge(
                paths.keys[one // width],
                paths.keys[one % width],
                len(np.unique(case[start:stop])),
                stop - start,
                percentile(here[backwards:], 0.5),
                total,
                total / seconds if seconds else 0.0,
                backwards,
            )
        )
    return tuple(sorted(edges, key=lambda edge: -edge.times)), seconds


def _closing(paths: Paths, cases: Flags, ends: Counts) -> Estimate:
    last = paths.first[1:] - 1
    rows = np.flatnonzero(cases & (last > ends))
    spans = (paths.at[last[rows]] - paths.at[ends[rows]]) / SECOND
    return percentile(np.sort(spans[spans >= 0]), 0.5)
