"""The weekly note on what is overdue: when it goes out, and what it says to whom. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from quarterdeck.direction.events import owing as ev
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.lifecycle import Lifecycle
from quarterdeck.kernel.time import Instant

KEY = "main"
HOUR = 7
"""UTC, on Mondays."""
TOLD = 10
"""Of each owner's things so many are named."""


@dataclass(frozen=True)
class Debt:
    """`next_at`: when the next note is due; `waiting`: the week whose note has not gone out yet."""

    next_at: Instant
    waiting: str | None = None


@dataclass(frozen=True)
class Item:
    """One thing overdue, as the note needs it."""

    ref: str
    title: str
    owner: str | None
    due: Instant


def evolve(state: Debt | None, event: Event) -> Debt:
    if isinstance(event, ev.DebtNotesBegun):
        return state or Debt(monday_after(event.at))
    assert state is not None
    match event:
        case ev.DebtNoteDue():
            return replace(state, next_at=monday_after(event.at), waiting=event.week)
        case ev.DebtTold():
            return replace(state, waiting=None)
    return state


def begin(state: Debt | None, now: Instant) -> list[Event]:
    return [] if state is not None else [ev.DebtNotesBegun(at=now)]


def due(state: Debt) -> Instant:
    return state.next_at


def wake(state: Debt, now: Instant) -> list[Event]:
    """After a long sleep one note, not one for each week that was missed."""
    if state.next_at > now:
        return []
    at = monday_after(now) - timedelta(days=7)
    return [ev.DebtNoteDue(at=max(at, state.next_at), week=week_of(max(at, state.next_at)))]


def told(state: Debt, now: Instant, *, week: str, items: Sequence[Item]) -> list[Event]:
    if state.waiting != week:
        return []
    parts = [
        ev.DebtOf(owner=owner, count=len(mine), oldest_days=max((now - one.due).days for one in mine))
        for owner, mine in by_owner(items).items()
    ]
    parts.sort(key=lambda one: (-one.count, one.owner or ""))
    return [ev.DebtTold(at=now, week=week, count=len(items), owners=tuple(parts[:500]))]


def by_owner(items: Iterable[Item]) -> dict[str | None, list[Item]]:
    """Each owner's, the longest overdue first."""
    found: dict[str | None, list[Item]] = {}
    for one in sorted(items, key=lambda one: (one.due, one.ref)):
        found.setdefault(one.owner, []).append(one)
    return found


def note(items: Sequence[Item], now: Instant) -> str:
    """What an owner reads: one line for each, the longest overdue first."""
    lines = [f"{one.ref}, {_days(now - one.due)} overdue: {one.title[:120]}" for one in items[:TOLD]]
    more = f"and {len(items) - TOLD} more" if len(items) > TOLD else ""
    return "\n".join([*lines, *([more] if more else [])])


def summary(items: Sequence[Item], names: Mapping[str, str], now: Instant) -> str:
    """What the plan's owner reads: whose how much is, and since when the oldest."""
    lines = []
    for owner, mine in sorted(by_owner(items).items(), key=lambda pair: -len(pair[1])):
        who = "nobody" if owner is None else names.get(owner, owner)
        lines.append(f"{who}: {len(mine)}, the oldest {_days(now - mine[0].due)} overdue")
    return "\n".join(lines[:30])


def monday_after(at: Instant) -> Instant:
    """The first Monday at seven after an instant."""
    monday = (at - timedelta(days=at.weekday())).replace(hour=HOUR, minute=0, second=0, microsecond=0)
    return monday if monday > at else monday + timedelta(days=7)


def week_of(at: Instant) -> str:
    year, week, _ = at.isocalendar()
    return f"{year}-W{week:02d}"


def _days(length: timedelta) -> str:
    return "today" if length.days < 1 else "1 day" if length.days == 1 else f"{length.days:,} days"


DEBT: Lifecycle[Debt] = Lifecycle("debt", evolve, due, wake)
