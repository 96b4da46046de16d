"""What came up more than once, in words; and the monthly look at it. Pure."""

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from quarterdeck.governance.rules.words import refuse_faults
from quarterdeck.kernel.errors import NotFound
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.lifecycle import Lifecycle
from quarterdeck.kernel.time import Instant
from quarterdeck.learning.events import recurring as ev

KEY = "main"
Kind = Literal["alert", "change", "factor", "type-on-service", "service", "type"]
KINDS: dict[Kind, str] = {
    "alert": "the same alert",
    "change": "the same kind of change",
    "factor": "the same factor",
    "type-on-service": "the same type on the same service",
    "service": "the same service",
    "type": "the same type",
}
"""The most telling first."""
LEAST: Mapping[Kind, int] = {"alert": 2, "change": 2, "factor": 2, "type-on-service": 2, "service": 3, "type": 3}
"""So often within the time looked at, and it is said."""
WINDOW_MONTHS = 6
"""What NIS2 2024/2690 Art. 4 and DORA 2024/1772 Art. 8 look back on."""
_HOUR = 6
"""UTC, on the first day of the next month."""
_ORDINALS = ("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


@dataclass(frozen=True)
class Seen:
    """That something came up in an incident."""

    kind: Kind
    key: str
    words: str
    number: int
    at: Instant


@dataclass(frozen=True)
class Cluster:
    """Incidents with something in common, oldest first."""

    kind: Kind
    key: str
    words: str
    numbers: tuple[int, ...]
    first: Instant
    last: Instant

    @property
    def count(self) -> int:
        return len(self.numbers)


def clusters(seen: Iterable[Seen]) -> list[Cluster]:
    """What came up often enough, the most telling kind first, then the most frequent. `seen` oldest first."""
    gathered: dict[tuple[Kind, str], dict[int, Seen]] = {}
    for one in seen:
        gathered.setdefault((one.kind, one.key), {})[one.number] = one
    found = []
    for (kind, key), by_number in gathered.items():
        if len(by_number) >= LEAST[kind]:
            times = [one.at for one in by_number.values()]
            words = next(reversed(by_number.values())).words
            found.append(Cluster(kind, key, words, tuple(by_number), min(times), max(times)))
    order = list(KINDS)
    return sorted(found, key=lambda one: (order.index(one.kind), -one.count, -one.last.timestamp(), one.key))


def sentence(cluster: Cluster, number: int) -> str:
    """`This is the third time since March: the same factor, A release of software.` Of an incident in the cluster."""
    place = cluster.numbers.index(number) + 1
    nth = _ORDINALS[place] if place < len(_ORDINALS) else f"{place:,}th"
    since = f"{cluster.first:%B}" if cluster.first.year == cluster.last.year else f"{cluster.first:%B %Y}"
    return f"This is the {nth} time since {since}: {KINDS[cluster.kind]}, {cluster.words}."


def sort_of(title: str) -> str:
    """What a change is called without its numbers: release 812 and release 813 are of one sort."""
    return re.sub(r"\b(?=[a-f]*\d)[0-9a-f]{7,40}\b|\d[\d.]*", "#", " ".join(title.split()))[:200]


# -- the monthly look --------------------------------------------------------------------------


@dataclass(frozen=True)
class Check:
    month: str
    state: Literal["due", "checked", "assessed"] = "due"


@dataclass(frozen=True)
class Recurrence:
    """`next_month`: the month that is looked at when it is over."""

    next_month: Instant
    checks: Mapping[str, Check] = field(default_factory=dict)


def evolve(state: Recurrence | None, event: Event) -> Recurrence:
    if isinstance(event, ev.RecurrenceBegun):
        return state or Recurrence(_month(event.at))
    assert state is not None
    match event:
        case ev.RecurrenceCheckDue():
            following = _next(_month(event.until - timedelta(seconds=1)))
            return replace(state, next_month=following, checks={**state.checks, event.month: Check(event.month)})
        case ev.RecurrenceChecked():
            return replace(state, checks={**state.checks, event.month: Check(event.month, "checked")})
        case ev.RecurrenceAssessed():
            return replace(state, checks={**state.checks, event.month: Check(event.month, "assessed")})
    return state


def begin(state: Recurrence | None, now: Instant) -> list[Event]:
    return [] if state is not None else [ev.RecurrenceBegun(at=now)]


def due(state: Recurrence) -> Instant:
    return _next(state.next_month) + timedelta(hours=_HOUR)


def wake(state: Recurrence, now: Instant) -> list[Event]:
    """Each month that is over, however late somebody looks; after a long sleep no more than the window's."""
    events: list[Event] = []
    while (when := due(state)) <= now:
        until = _next(state.next_month)
        month = f"{state.next_month:%Y-%m}"
        since = _back(until, WINDOW_MONTHS)
        events.append(ev.RecurrenceCheckDue(at=when, month=month, since=since, until=until))
        state = evolve(state, events[-1])
    return events


def checked(
    state: Recurrence, now: Instant, *, due: ev.RecurrenceCheckDue, incidents: int, found: Iterable[Cluster]
) -> list[Event]:
    check = state.checks.get(due.month)
    if check is None or check.state != "due":
        return []
    told = tuple(
        ev.Recurred(kind=one.kind, key=one.key, words=one.words, numbers=one.numbers[-20:], count=one.count)
        for one in found
    )
    return [
        ev.RecurrenceChecked(
            at=now, month=due.month, since=due.since, until=due.until, incidents=incidents, found=told[:200]
        )
    ]


def assess(state: Recurrence, by: str, now: Instant, *, month: str, text: str) -> list[Event]:
    check = state.checks.get(month)
    if check is None or check.state == "due":
        raise NotFound(f"recurrence check of {month[:20]}")
    faults = [
        None if text.strip() else "text: say what follows from it",
        "text: at most 10,000 characters, without NUL" if len(text) > 10_000 or "\x00" in text else None,
    ]
    refuse_faults("The assessment is not right.", faults)
    return [ev.RecurrenceAssessed(at=now, month=month, by=by, text=text.strip())]


def _month(at: Instant) -> datetime:
    return at.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _next(month: datetime) -> datetime:
    return month + timedelta(days=monthrange(month.year, month.month)[1])


def _back(month: datetime, months: int) -> datetime:
    total = month.year * 12 + month.month - 1 - months
    return month.replace(year=total // 12, month=total % 12 + 1)


RECURRENCE: Lifecycle[Recurrence] = Lifecycle("recurrence", evolve, due, wake)
