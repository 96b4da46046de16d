"""What the record leaves open, in sentences: nobody acknowledged, no impact stated, times that quarrel. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Literal

from quarterdeck.learning.rules.clocks import Moment, contradictions
from quarterdeck.learning.rules.facts import Fact
from quarterdeck.learning.rules.presence import Paged
from quarterdeck.learning.rules.promises import Pace
from quarterdeck.learning.rules.saying import clock, span

Place = Literal["times", "impact", "updates", "pages", "steps", "story", "texts", "factors", "people"]
SILENCE = timedelta(minutes=60)
"""Nothing written down for so long while the incident was open is worth a question."""
LATE = timedelta(minutes=5)
"""Entries written down so long after they occurred are counted."""
_NAMED = 3


@dataclass(frozen=True)
class Gap:
    """`place`: the part of the review that it concerns; `contradicts`: the record says what cannot be."""

    kind: str
    place: Place
    sentence: str
    contradicts: bool = False


def gaps(
    facts: Sequence[Fact],
    moments: Mapping[str, Moment],
    *,
    statement: str,
    paces: Sequence[Pace],
    pages: Sequence[Paged],
    unexplained: Sequence[str],
) -> list[Gap]:
    """Of facts in the order they were recorded. `unexplained`: titles of steps that nobody did and nobody explained."""
    found = [Gap("Contradiction", "times", sentence, True) for sentence in contradictions(moments)]
    found += _times(moments)
    if not statement.strip():
        found.append(Gap("NoImpact", "impact", "Nobody stated the impact: who could not do what, in numbers."))
    found += _pages(pages, moments)
    found += [
        Gap(
            "LateUpdates",
            "updates",
            f"“{pace.title}” heard late or not at all {_often(pace.due - pace.kept)} of {pace.due}, "
            f"at worst by {span(pace.worst)}.",
        )
        for pace in paces
        if pace.kept < pace.due
    ]
    if not paces and moments["F"].occurred_at is not None:
        found.append(Gap("NoUpdates", "updates", "No audience of the communication plan was told anything."))
    found += _steps(unexplained)
    found += _silences(facts, moments)
    if late := sum(fact.recorded_at - fact.occurred_at >= LATE for fact in facts):
        entries = "One entry was" if late == 1 else f"{late} entries were"
        found.append(Gap("LateEntries", "story", f"{entries} written down more than {span(LATE)} after the event."))
    return found


_MISSING = {
    "S": ("NoStart", "Nobody has said when the impact began: time to detect cannot be told."),
    "M": ("NoMitigation", "Nobody recorded when the impact on users ended: time to mitigate cannot be told."),
    "F": ("NoResolution", "It has not been resolved."),
}


def _times(moments: Mapping[str, Moment]) -> list[Gap]:
    return [
        Gap(kind, "times", sentence)
        for letter, (kind, sentence) in _MISSING.items()
        if moments[letter].occurred_at is None
    ]


def _pages(pages: Sequence[Paged], moments: Mapping[str, Moment]) -> list[Gap]:
    found = []
    if moments["A"].occurred_at is None:
        sentence = "Nobody acknowledged it" + (", though people were paged." if pages else ", and nobody was paged.")
        found.append(Gap("NoAcknowledgement", "pages", sentence))
    if failed := [one for one in pages if one.failed]:
        people = "One person" if len(failed) == 1 else f"{len(failed)} people"
        found.append(Gap("PagesFailed", "pages", f"{people} could not be reached by any contact method."))
    return found


def _steps(unexplained: Sequence[str]) -> list[Gap]:
    if not unexplained:
        return []
    named = ", ".join(f"“{title}”" for title in unexplained[:_NAMED])
    rest = len(unexplained) - _NAMED
    steps = "One mandatory step was" if len(unexplained) == 1 else f"{len(unexplained)} mandatory steps were"
    more = f" and {rest} more" if rest > 0 else ""
    return [Gap("Unexplained", "steps", f"{steps} not done, and nobody has said why: {named}{more}.")]


def _silences(facts: Sequence[Fact], moments: Mapping[str, Moment]) -> list[Gap]:
    """The longest stretch, between detection and resolution, in which nothing was written down."""
    begin, end = moments["D"].occurred_at, moments["F"].occurred_at
    if begin is None or end is None:
        return []
    at = sorted({begin, end, *(fact.occurred_at for fact in facts if begin <= fact.occurred_at <= end)})
    longest = max(pairwise(at), key=lambda pair: pair[1] - pair[0], default=None)
    if longest is None or longest[1] - longest[0] < SILENCE:
        return []
    since, until = longest
    return [
        Gap(
            "Silence",
            "story",
            f"Nothing was recorded for {span(until - since)}, from {clock(since)} to {clock(until)}.",
        )
    ]


def _often(n: int) -> str:
    return "once" if n == 1 else f"{n} times"
