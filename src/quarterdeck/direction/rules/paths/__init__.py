"""The paths that incidents really take: what follows what, after how long, and the plan's beside them. Pure."""

from quarterdeck.direction.rules.paths.activities import (
    BEYOND,
    DETAILS,
    KINDS,
    OVER,
    SAYS,
    Detail,
    kind_of,
    words_of,
)
from quarterdeck.direction.rules.paths.against import (
    Against,
    Expected,
    Kept,
    StepUse,
    Verdict,
    against,
    expected,
    verdict,
)
from quarterdeck.direction.rules.paths.graph import Edge, Graph, Node, durations, graph, median
from quarterdeck.direction.rules.paths.handovers import Handover, Handovers, Held, handovers, matrix
from quarterdeck.direction.rules.paths.log import Log, Paths, columns_of, log_of, paths_of

__all__ = [
    "BEYOND",
    "DETAILS",
    "KINDS",
    "OVER",
    "SAYS",
    "Against",
    "Detail",
    "Edge",
    "Expected",
    "Graph",
    "Handover",
    "Handovers",
    "Held",
    "Kept",
    "Log",
    "Node",
    "Paths",
    "StepUse",
    "Verdict",
    "against",
    "columns_of",
    "durations",
    "expected",
    "graph",
    "handovers",
    "kind_of",
    "log_of",
    "matrix",
    "median",
    "paths_of",
    "verdict",
    "words_of",
]
