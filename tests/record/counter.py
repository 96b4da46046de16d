"""A lifecycle small enough to test the record with."""

from dataclasses import dataclass, replace
from datetime import timedelta

from quarterdeck.kernel.events import Event
from quarterdeck.kernel.lifecycle import Lifecycle
from quarterdeck.kernel.time import Clock, Instant
from quarterdeck.record import Codec, Record
from quarterdeck.record.stores import Store


class Started(Event, frozen=True):
    urgency: int = 5


class Counted(Event, frozen=True):
    by: int


@dataclass(frozen=True)
class Counter:
    since: Instant
    urgency: int
    total: int = 0


def evolve(state: Counter | None, event: Event) -> Counter:
    if isinstance(event, Started):
        return Counter(event.at, event.urgency)
    assert state is not None
    assert isinstance(event, Counted)
    return replace(state, total=state.total + event.by)


def due(state: Counter) -> Instant | None:
    return state.since + timedelta(minutes=10) if state.total < 100 else None


COUNTER = Lifecycle("counter", evolve, due, lambda state, now: [Counted(at=now, by=100)])
LEASED = Lifecycle("leased", evolve, due, urgency=lambda state: state.urgency, leased=True)


def record_of(store: Store, clock: Clock) -> Record:
    return Record(store, Codec([Started, Counted]), (), [COUNTER, LEASED], clock)
