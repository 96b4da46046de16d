"""Was the plan followed? Step by step for one incident; as shares with their uncertainty across many."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import sqrt
from typing import Literal

from quarterdeck.kernel.time import Instant

Verdict = Literal["necessary", "mistake", "better-than-the-plan"]
VERDICTS: dict[str, str] = {
    "necessary": "it had to be so this time",
    "mistake": "it should not have been so",
    "better-than-the-plan": "it was better than the plan: the plan should change",
}
State = Literal["done", "late", "out-of-order", "skipped", "open", "overdue", "not-applicable"]
WAIVED = ("declined", "merged", "cancelled")
"""States of incidents whose plan was not to be followed to its end."""
DEVIATIONS: tuple[State, ...] = ("late", "out-of-order", "skipped", "overdue")
_Z = 1.959963984540054
"""The normal deviate of a two-sided 95 % interval."""


@dataclass(frozen=True)
class Facts:
    """What is recorded of one step of an incident. `incident`: the state in which the incident is."""

    mandatory: bool
    state: str
    due: Instant | None
    overdue: bool
    settled_at: Instant | None
    out_of_order: bool
    incident: str


def judged(facts: Facts) -> State:
    """How the step was followed. A step done too late and out of order counts as late: that weighs more."""
    if facts.state == "fallen" or (facts.state == "open" and facts.incident in WAIVED):
        return "not-applicable"
    if facts.state == "skipped" or (facts.state == "open" and facts.incident == "closed"):
        return "skipped"
    if facts.state == "open":
        return "overdue" if facts.overdue else "open"
    if late_by(facts):
        return "late"
    return "out-of-order" if facts.out_of_order else "done"


def late_by(facts: Facts) -> timedelta:
    """How long after its deadline it was settled; zero if in time, or still open."""
    if facts.due is None or facts.settled_at is None:
        return timedelta()
    return max(facts.settled_at - facts.due, timedelta())


def wants_explanation(facts: Facts, state: State, explained: bool) -> bool:
    """A mandatory step that was not executed. A skip brings its reason along; an open step has none."""
    return facts.mandatory and state in ("open", "overdue") and not explained


@dataclass(frozen=True)
class Share:
    """`followed` of `n`, with the limits of its 95 % interval; 0 and 1 when there is nothing to count."""

    followed: int
    n: int
    low: float
    high: float

    @property
    def share(self) -> float | None:
        return self.followed / self.n if self.n else None


def share(states: Sequence[State]) -> Share:
    """Steps done in time and order, of those that applied and are no longer open."""
    counted = [state for state in states if state not in ("not-applicable", "open")]
    return proportion(sum(state == "done" for state in counted), len(counted))


def proportion(followed: int, n: int) -> Share:
    """So many of n, with Wilson's interval (E. B. Wilson, 1927): it keeps its coverage for few and near 0 and 1."""
    if n == 0:
        return Share(0, 0, 0.0, 1.0)
    p, z2 = followed / n, _Z * _Z
    centre = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z / (1 + z2 / n) * sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    # At the ends the limits are 0 and 1 exactly, whatever the arithmetic rounds to.
    return Share(followed, n, 0.0 if followed == 0 else centre - half, 1.0 if followed == n else centre + half)
