"""Paths in sentences: how many there are, what they cost, and how far they are the plan's."""

from collections.abc import Mapping, Sequence

from quarterdeck.direction.rules.measures.wording import percent
from quarterdeck.direction.rules.paths.activities import words_of
from quarterdeck.direction.rules.paths.against import Kept, Verdict
from quarterdeck.direction.rules.paths.graph import Graph
from quarterdeck.direction.rules.paths.handovers import Handovers
from quarterdeck.direction.rules.statistics import Estimate
from quarterdeck.paper.charts import duration

MOST = 36
"""Characters of an activity among many."""


def path_words(keys: Sequence[str], titles: Mapping[str, str]) -> str:
    """`Declared → Acknowledged → Resolved → Closed`."""
    return " → ".join(short(words_of(key, titles)) for key in keys)


def short(words: str) -> str:
    """A step's title up to its dash, and not too much of it: a path has many."""
    first = words.partition(" - ")[0]
    return first if len(first) <= MOST else f"{first[: MOST - 1].rstrip()}…"


def how_many(n: int, paths: int, drawn: int, covered: int) -> str:
    if not n:
        return "No path has been walked to its end."
    if paths == 1:
        return f"All {n:,} incidents took the same path." if n > 1 else "One incident, and so one path."
    some = f"the {drawn:,} commonest cover" if drawn > 1 else "the commonest covers"
    return f"{n:,} incidents took {paths:,} different paths; {some} {covered / n * 100:.0f} %."


def as_planned(kept: Estimate, planned: int) -> str:
    """Whether anything was left out or turned round."""
    if not kept.n:
        return ""
    without = kept.n - planned
    by = "" if not without else f" {without:,} of them had no plan of ours: held against the course alone."
    by = by if planned else " None of them had a plan of ours: they are held against the course alone."
    return f"In {percent(kept)} of {kept.n:,} nothing that has to be was left out or turned round.{by}"


def waits(found: Graph) -> str:
    worst = found.bottlenecks(3)
    if not worst:
        return "No time passes between these activities."
    share = sum(edge.share for edge in worst) * 100
    where = "One link holds" if len(worst) == 1 else f"{len(worst)} links hold"
    closing = found.closing
    after = f" From there to the end half took {duration(closing.value)} (n {closing.n:,})." if closing.value else ""
    return f"{where} {share:.0f} % of all time until resolution.{after}"


def hand_overs(found: Handovers) -> str:
    if not found.incidents:
        return "Nothing tells which teams had these incidents."
    if not found.handed:
        return f"None of {found.incidents:,} incidents changed teams."
    return (
        f"{found.handed:,} of {found.incidents:,} changed teams;"
        f" {found.returned:,} came back to a team that had them before."
    )


def relation_words(one: Kept, titles: Mapping[str, str]) -> str:
    """`Acknowledged before Resolved: 676 of 2,322 left it out, 5 had it later.`"""
    before, after = words_of(one.relation.before, titles), words_of(one.relation.after, titles)
    out = [f"{one.skipped:,} left it out"] if one.skipped else []
    out += [f"{one.reversed:,} had it only later"] if one.reversed else []
    return f"{before} before {after}: of {one.n:,}, {' and '.join(out) or 'all kept it'}."


def verdict_words(found: Verdict, between: Sequence[str], titles: Mapping[str, str]) -> str:
    match found:
        case "beyond":
            return "no plan speaks of it"
        case "reversed":
            return "the other way round than the plan"
        case "skips":
            return f"passes over {', '.join(words_of(key, titles) for key in between)}"
    return "as the plan foresees"
