"""What a measure is: an exact definition with a version, so that two people who ask get the same figure."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Literal

from quarterdeck.direction.rules.measures.columns import Columns
from quarterdeck.direction.rules.statistics import Counts, Flags

Clock = Literal["occurred", "recorded"]
"""`occurred`: when it happened, as people say; `recorded`: when it was written down, which nobody can move."""
Of = Literal["incidents", "reviews", "lessons", "improvements", "queues"]
BOTH: tuple[Clock, ...] = ("occurred", "recorded")


@dataclass(frozen=True, kw_only=True)
class Measure:
    """`letters`: the instants it is made of. Drills, and what was no incident after all, are left out of every one."""

    id: str
    name: str
    definition: str
    letters: str = ""
    of: Of = "incidents"
    better: Literal["lower", "higher"] = "lower"
    needs: tuple[Literal["promised", "recurs", "came_back"], ...] = ()
    """Columns that are worked out only for who asks."""
    version: int = 1
    """Counts up when the definition changes: figures of different versions are not compared."""


@dataclass(frozen=True, kw_only=True)
class Duration(Measure):
    """From `start` to the first of `ends` that is known: columns of instants. Data give it in minutes."""

    start: str
    ends: tuple[str, ...]
    unknown: str = ""
    """Why a row has none whose start is not known."""
    never: str = "ended without it"
    """Why a row has none that can have no end any more, since one of `halts` has come."""
    halts: tuple[str, ...] = ("resolved", "closed")
    done: str
    """As in "half of 47 were … within 38 min"."""
    clocks: ClassVar[tuple[Clock, ...]] = BOTH
    unit: ClassVar[str] = "minutes"


@dataclass(frozen=True, kw_only=True)
class Share(Measure):
    """`counted(columns, now)`: of each row how many of how many. Incidents count once; steps as many as there are."""

    counted: Callable[[Columns, int], tuple[Counts, Counts]]
    what: str
    """As in "41 of 50 …"."""
    clocks: ClassVar[tuple[Clock, ...]] = ("occurred",)
    unit: ClassVar[str] = "share"


@dataclass(frozen=True, kw_only=True)
class Count(Measure):
    """How many rows are so, and so how many in 30 days."""

    counted: Callable[[Columns], Flags]
    what: str
    """As in "12 incidents"."""
    clocks: ClassVar[tuple[Clock, ...]] = ("occurred",)
    unit: ClassVar[str] = "in 30 days"


AnyMeasure = Duration | Share | Count
