"""What has been exercised, how long that still counts, and what to exercise next. Practice decays; plans change."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from quarterdeck.kernel.time import Instant
from quarterdeck.plan.rules import Plan
from quarterdeck.plan.rules.wording import span

State = Literal["fresh", "ageing", "stale", "never"]
AGEING_FROM = 2 / 3
"""Of the interval: from then on it is time to plan the next one."""
_ORDER: tuple[State, ...] = ("never", "stale", "ageing", "fresh")


@dataclass(frozen=True)
class Tried:
    """An evaluated exercise: of which type, by which team, on which revision, and the titles of what it failed."""

    number: int
    type: str
    team: str | None
    at: Instant
    revision: int
    failed: int = 0

    @property
    def name(self) -> str:
        return f"EX-{self.number}"


@dataclass(frozen=True)
class Cell:
    """How it stands with one type, for one team or for all. `why` is a sentence."""

    state: State
    why: str
    last: Tried | None = None


def interval_of(plan: Plan, type: str) -> int:
    """Days between two exercises of a type: its own, or the plan's."""
    return plan.types[type].exercise_every_days or plan.trying.exercise_every_days


def stands(last: Tried | None, interval_days: int, now: Instant, *, changed_in: int | None) -> Cell:
    """`changed_in`: the revision since then that changed the type or its procedure; None: none did."""
    if last is None:
        return Cell("never", "Never exercised.")
    age, interval = now - last.at, timedelta(days=interval_days)
    days = span(max(1, age.days) * 24 * 60)
    if age > interval:
        return Cell("stale", f"{last.name} was {days} ago; it counts for {interval_days} days.", last)
    if changed_in is not None:
        return Cell("ageing", f"Revision {changed_in} changed what {last.name} had tried on {last.revision}.", last)
    if age > interval * AGEING_FROM:
        return Cell("ageing", f"{last.name} was {days} ago; the next one is due within {interval_days}.", last)
    failed = f", and {last.failed} of its objectives failed" if last.failed else ""
    return Cell("fresh", f"{last.name} was {days} ago{failed}.", last)


@dataclass(frozen=True)
class Next:
    """What to exercise, with the reasons; `incidents`: real ones of the type within a year."""

    type: str
    title: str
    cell: Cell
    incidents: int
    why: str


def worth_exercising(plan: Plan, cells: dict[str, Cell], incidents: dict[str | None, int]) -> tuple[Next, ...]:
    """What wants an exercise: never tried first, then the stalest; of these, what happens most often and hurts most."""
    wanted = [
        Next(type, plan.types[type].title, cell, incidents.get(type, 0), _why(cell, incidents.get(type, 0)))
        for type, cell in cells.items()
        if cell.state != "fresh" or (cell.last is not None and cell.last.failed)
    ]

    def rank(one: Next) -> tuple[int, int, str, str]:
        return (
            _ORDER.index(one.cell.state),
            -one.incidents,
            plan.types[one.type].severity_floor or "SEV9",
            one.type,
        )

    return tuple(sorted(wanted, key=rank))


def _why(cell: Cell, incidents: int) -> str:
    if incidents == 0:
        return cell.why
    times = "once" if incidents == 1 else f"{incidents} times"
    return f"{cell.why} It happened in earnest {times} within a year."


def latest(tried: Iterable[Tried]) -> Tried | None:
    return max(tried, key=lambda one: (one.at, one.number), default=None)
