"""What would become of a history: counted and shown without recording anything. Pure."""

from collections.abc import Iterable, Set
from dataclasses import dataclass, field

from quarterdeck.command import events as ev
from quarterdeck.kernel.time import Instant
from quarterdeck.migration.rules.asked import FREE, Asked
from quarterdeck.migration.rules.cells import meanings
from quarterdeck.migration.rules.told import Rejection, Told, facts, with_doubts

MOST_REASONS = 10_000
_FIRST = 20


@dataclass
class Looked:
    """`known`: of the incidents, how many are here already; `reasons`: reason → its first line and how often."""

    incidents: int = 0
    known: int = 0
    facts: int = 0
    doubts: int = 0
    rejected: int = 0
    apart: int = 0
    first: list[Told] = field(default_factory=list)
    reasons: dict[str, tuple[int, int]] = field(default_factory=dict)

    def take(self, some: Iterable[Told | Rejection], now: Instant, known: Set[str]) -> None:
        for one in some:
            if isinstance(one, Rejection):
                self._reject(one)
            else:
                self._take(one, now, one.source in known)

    def _take(self, one: Told, now: Instant, known: bool) -> None:
        self.incidents += 1
        if len(self.first) < _FIRST:
            self.first.append(one)
        if known:
            self.known += 1
            return
        for fact in with_doubts(facts(one, 1), now):
            self.facts += 1
            self.doubts += isinstance(fact, ev.DoubtRaised)

    def _reject(self, one: Rejection) -> None:
        self.apart += one.apart
        self.rejected += not one.apart
        line, count = self.reasons.get(one.reason, (one.line, 0))
        if count or len(self.reasons) < MOST_REASONS:
            self.reasons[one.reason] = (line, count + 1)

    def frequent(self, most: int = 10) -> list[tuple[str, int, int]]:
        """(reason, its first line, how often) of the most frequent reasons."""
        found = sorted(self.reasons.items(), key=lambda pair: -pair[1][1])
        return [(reason, line, count) for reason, (line, count) in found[:most]]


def values_of(asked: Asked, name: str) -> list[tuple[str, int, str]]:
    """(value, how often, what it means) of a field, the most frequent first."""
    assert asked.mapping is not None
    known = meanings(asked.mapping, name)
    found = []
    for value, count in asked.seen.values[name].most_common():
        if value in asked.mapping.missing:
            means = "nothing is said"
        elif known is None or (name in FREE and value.casefold() not in known):
            means = "as it is"
        else:
            means = known.get(value.casefold(), "no meaning: stands as told")
        found.append((value, count, means))
    return found


def outcome_of(told: Told) -> tuple[str, str, str, str, str, int, str]:
    """Number, severity, opened, resolved, closed, facts, title: a row of what would be made of it."""
    ends = {type(step): _minute(step.at) for step in told.steps}
    closed = ends.get(ev.IncidentClosed) or ends.get(ev.IncidentCancelled, "")
    return (
        told.number,
        told.severity,
        _minute(told.at),
        ends.get(ev.IncidentResolved, ""),
        closed,
        len(told.steps) + 1,
        told.title[:60],
    )


def _minute(at: Instant) -> str:
    return f"{at:%Y-%m-%d %H:%M}"
