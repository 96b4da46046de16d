"""Paths as pictures: what follows what, where the time goes, and who hands to whom; for the console and for paper."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from quarterdeck.direction.rules.paths.activities import words_of
from quarterdeck.direction.rules.paths.against import Relation, Verdict, verdict
from quarterdeck.direction.rules.paths.graph import Edge, Graph, Node
from quarterdeck.direction.rules.paths.handovers import Handovers, matrix
from quarterdeck.direction.rules.paths.wording import path_words, short
from quarterdeck.direction.rules.statistics import Estimate
from quarterdeck.paper.charts import Bar, Box, Chart, Link, bars, duration, flow, heat, time_words

BOXES, LINKS, HOLLOW = 18, 40, 6
"""As many as can be read; what is weaker is in the table."""
_KINDS: Mapping[Verdict, str] = {"foreseen": "plain", "beyond": "beyond", "skips": "broken", "reversed": "broken"}
_KEYS = (
    ("plain", "as the plan foresees"),
    ("beyond", "no plan speaks of it"),
    ("broken", "leaves out or turns round"),
)


def picture(
    found: Graph,
    relations: Collection[Relation],
    titles: Mapping[str, str],
    said: str,
    never: Sequence[str] = (),
) -> Chart | None:
    """None if nothing was walked. `never`: steps foreseen that nobody did; a few are drawn hollow."""
    nodes = sorted(found.nodes, key=lambda node: -node.incidents)[:BOXES]
    there = {node.key for node in nodes}
    edges = [edge for edge in found.edges if edge.before in there and edge.after in there][:LINKS]
    if not nodes:
        return None
    linked = {key for edge in edges for key in (edge.before, edge.after)}
    nodes = [node for node in nodes if node.key in linked] or nodes[:1]
    links = [_link(edge, relations) for edge in edges]
    missing = list(_missing(nodes, relations, never))
    added = {node.key for node in (*nodes, *missing)}
    links += [
        Link(one.before, one.after, 0, "", "broken")
        for one in relations
        if {one.before, one.after} <= added and not {one.before, one.after} <= linked
    ]
    kinds = {link.kind for link in links}
    return flow(
        "paths",
        "The paths that incidents took",
        [
            Box(node.key, short(words_of(node.key, titles)), _count(node), not node.times)
            for node in _in_order(nodes, missing)
        ],
        links,
        keys=[(kind, words) for kind, words in _KEYS if kind in kinds],
        said=said,
    )


def _missing(nodes: Sequence[Node], relations: Collection[Relation], never: Sequence[str]) -> Iterator[Node]:
    """Right behind what they should have followed."""
    place = {node.key: node.place for node in nodes}
    for step in never[:HOLLOW]:
        befores = [place[one.before] for one in relations if one.after == step and one.before in place]
        place[step] = max(befores, default=place.get("acknowledged", 0.0)) + 1e-6
        yield Node(step, 0, 0, place[step])


def _in_order(nodes: Sequence[Node], missing: Sequence[Node]) -> list[Node]:
    return sorted((*nodes, *missing), key=lambda node: (node.place, node.key))


def _count(node: Node) -> str:
    if not node.times:
        return "never done"
    again = f", {node.times:,} times" if node.times > node.incidents else ""
    return f"{node.incidents:,}{again}"


def _link(edge: Edge, relations: Collection[Relation]) -> Link:
    kind = _KINDS[verdict(edge.before, edge.after, relations)[0]]
    wait = f" · {duration(edge.wait.value)}" if edge.wait.value else ""
    return Link(edge.before, edge.after, edge.times, f"{edge.times:,}{wait}", kind)  # type: ignore[arg-type]  # of _KINDS


def waiting(found: Graph, titles: Mapping[str, str]) -> Chart | None:
    """Between which two activities the time until resolution passes."""
    worst = found.bottlenecks()
    if not worst:
        return None
    rows = [Bar(link_words(edge, titles), edge.share * 100, said=f"{edge.share * 100:.0f} %") for edge in worst]
    said = "; ".join(f"{link_words(edge, titles)}: {edge.share * 100:.0f} %" for edge in worst[:4])
    return bars("waiting", "Where the time until resolution goes", rows, said=f"{said} of all waiting.")


def link_words(edge: Edge, titles: Mapping[str, str]) -> str:
    return path_words((edge.before, edge.after), titles)


def handing(found: Handovers) -> Chart | None:
    """Who hands (rows) to whom (columns): the teams with most of it."""
    names, rows, more = matrix(found)
    if not names:
        return None
    first = found.pairs[0]
    others = f" {more} teams with fewer are not shown." if more else ""
    said = f"Most often {first.giver} hands to {first.taker}: {first.times} times.{others}"
    return heat("handing", "From team (row) to team (column)", names, names, rows, said=said)


def lasted(found: Estimate) -> str:
    """`31.9 h (95 %: 22.4 to 27 h)`, or every value is too few to say."""
    if found.value is None:
        return "no time told"
    if found.low is None or found.high is None:
        return f"{duration(found.value)}, n {found.n}: too few to say more"
    return f"{duration(found.value)} (95 %: {time_words(found.low, found.high)})"
