"""Decisions, each with what was known when it was taken: judged by hindsight, every decision looks foolish."""

from bisect import bisect_left, insort
from collections.abc import Sequence
from dataclasses import dataclass, replace

from quarterdeck.kernel.time import Instant
from quarterdeck.learning.rules.facts import Fact

DECISIVE = (
    "command.SeverityChanged",
    "command.CommandTransferred",
    "command.TaskSkipped",
    "command.IncidentMitigated",
    "command.IncidentResolved",
    "command.IncidentReopened",
    "command.IncidentDeclined",
    "command.IncidentMerged",
    "command.IncidentCancelled",
    "comms.Elevated",
    "comms.DecisionTaken",
)
"""Facts that are decisions. A finished step is one where it answered a question of the plan."""
_LONGEST = 300
_MOST = 10


@dataclass(frozen=True)
class Known:
    """What the record knew. `update`: what the latest update said (what is being done, what is suspected)."""

    severity: str = ""
    impact: str = ""
    update: str = ""
    note: str = ""
    alerts_cleared: bool = False
    overdue: int = 0
    """Steps of the plan whose deadline had passed."""


@dataclass(frozen=True)
class Later:
    """Had happened before the decision, and was written down only after it."""

    position: int
    occurred_at: Instant
    recorded_at: Instant
    sentence: str


@dataclass(frozen=True)
class Decision:
    position: int
    at: Instant
    recorded_at: Instant
    by: str | None
    sentence: str
    body: str | None
    known: Known
    unknown: tuple[Later, ...] = ()
    """The first of them; `unknown_in_all` says how many there are."""
    unknown_in_all: int = 0


def decisions(facts: Sequence[Fact]) -> list[Decision]:
    """In the order they were taken; of facts in the order they were recorded.

    Known is what had been written down by then: a decision that was entered later is judged by its own instant.
    """
    taken = sorted((fact for fact in facts if _decides(fact)), key=_taken)
    known, snapshots, learned = Known(), list[Known](), 0
    for decision in taken:
        while learned < len(facts) and _recorded(facts[learned]) < _taken(decision):
            known = _learns(known, facts[learned])
            learned += 1
        snapshots.append(known)
    return [
        Decision(
            position=fact.position,
            at=fact.occurred_at,
            recorded_at=fact.recorded_at,
            by=str(fact.data.get("by") or "") or None,
            sentence=fact.sentence,
            body=_short(fact.body),
            known=snapshot,
            unknown=tuple(Later(one.position, one.occurred_at, one.recorded_at, one.sentence) for one in later[:_MOST]),
            unknown_in_all=len(later),
        )
        for fact, snapshot, later in zip(taken, snapshots, _unknown(taken, facts), strict=True)
    ]


def _taken(decision: Fact) -> tuple[Instant, int]:
    return decision.occurred_at, decision.position


def _recorded(fact: Fact) -> tuple[Instant, int]:
    return fact.recorded_at, fact.position


def _unknown(taken: Sequence[Fact], facts: Sequence[Fact]) -> list[list[Fact]]:
    """For each decision what had happened before it and was written down after it, by when it happened.

    Backwards, so that what is still to be written down is always at hand, sorted: this stays fast where all is late.
    """
    ahead: list[tuple[Instant, int, Fact]] = []
    found, place = list[list[Fact]](), len(facts)
    for decision in reversed(taken):
        while place and _recorded(facts[place - 1]) > _taken(decision):
            place -= 1
            insort(ahead, (facts[place].occurred_at, facts[place].position, facts[place]))
        before = bisect_left(ahead, (decision.occurred_at,))
        found.append([fact for _, _, fact in ahead[:before]])
    return found[::-1]


def _decides(fact: Fact) -> bool:
    return fact.type in DECISIVE or (fact.type == "command.TaskDone" and bool(fact.data.get("answer")))


def _learns(known: Known, fact: Fact) -> Known:
    data = fact.data
    match fact.type:
        case "command.IncidentDeclared":
            return replace(known, severity=str(data.get("severity", "")), impact=_said(data.get("summary")))
        case "command.SeverityChanged":
            return replace(known, severity=str(data.get("severity", "")))
        case "command.ImpactStated":
            return replace(known, impact=_said(data.get("statement")))
        case "command.NoteAdded":
            return replace(known, note=_said(data.get("text")))
        case "command.AlertsCleared":
            return replace(known, alerts_cleared=True)
        case "command.AlertsReturned":
            return replace(known, alerts_cleared=False)
        case "command.TaskOverdue":
            return replace(known, overdue=known.overdue + 1)
        case "comms.UpdateSent":
            fields = data.get("fields") or {}
            parts = [str(fields[name]) for name in ("impact", "suspect", "doing") if fields.get(name)]
            return replace(known, update=_short(" ".join(parts)) or known.update)
        case _:
            return known


def _said(value: object) -> str:
    return _short(str(value or "")) or ""


def _short(value: str | None) -> str | None:
    if value is None or len(value) <= _LONGEST:
        return value
    return value[: _LONGEST - 1].rstrip() + "…"
