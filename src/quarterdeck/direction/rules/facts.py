"""What a replay reads of a recorded incident, and what it says about it."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal, get_args

from quarterdeck.kernel.time import Instant

Kind = Literal[
    "type",
    "severity",
    "commander",
    "procedure",
    "steps",
    "deadline",
    "escalation",
    "paging",
    "acknowledgement",
    "review",
    "elevation",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""`escalation`: another path, or the same with other rungs; `paging`: how far it climbed before somebody answered."""


@dataclass(frozen=True, slots=True)
class Settled:
    """A step of the procedure as it was worked off. `state`: open, done, skipped or fallen; instants in micros."""

    step: str
    title: str
    state: str
    due: int | None
    settled_at: int | None


@dataclass(frozen=True, slots=True)
class Fact:
    """An incident as recorded, instants in whole microseconds: thousands are read, and few are ever shown."""

    number: int
    title: str
    state: str
    type: str | None
    impact: str | None
    urgency: str | None
    severity: str
    computed_severity: str
    service: str | None
    plan_revision: int | None
    detected_at: int
    declared_at: int
    acknowledged_at: int | None
    mitigated_at: int | None
    resolved_at: int | None
    closed_at: int | None
    steps: tuple[Settled, ...] = ()


@dataclass(frozen=True)
class Deadline:
    """A deadline that the plan would have set otherwise; `step` None: the time to acknowledge.

    `late_was` and `late_would`: by how much it was, and would have been, missed, with what was done when it was done.
    """

    step: str | None
    title: str
    due_was: Instant | None
    due_would: Instant | None
    settled_at: Instant | None
    """None: it was not done while the incident lasted; the delay then counts to its end, or to now."""
    late_was: timedelta
    late_would: timedelta


@dataclass(frozen=True)
class Otherwise:
    """One thing that would have been otherwise, in words. None: nothing."""

    kind: Kind
    was: str | None
    would: str | None


@dataclass(frozen=True)
class Replayed:
    """One incident and what would have been otherwise. `deadlines`: of the kinds deadline and acknowledgement."""

    number: int
    title: str
    severity: str
    revision: int | None
    changes: tuple[Otherwise, ...]
    deadlines: tuple[Deadline, ...] = ()

    @property
    def kinds(self) -> frozenset[Kind]:
        return frozenset(change.kind for change in self.changes)


@dataclass
class Totals:
    """What a replay found, counted. `missed_…`: of the deadlines that differ, those missed then, and by this plan."""

    incidents: int = 0
    otherwise: int = 0
    kinds: dict[Kind, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    """Incidents by what would have been otherwise; one may count under several."""
    deadlines: int = 0
    missed_was: int = 0
    missed_would: int = 0
    newly_missed: int = 0
    spared: int = 0
    """Missed then, kept by this plan."""

    def count(self, one: Replayed | None) -> None:
        self.incidents += 1
        if one is None:
            return
        self.otherwise += 1
        for kind in one.kinds:
            self.kinds[kind] += 1
        for deadline in one.deadlines:
            was, would = bool(deadline.late_was), bool(deadline.late_would)
            self.deadlines += 1
            self.missed_was += was
            self.missed_would += would
            self.newly_missed += would and not was
            self.spared += was and not would
