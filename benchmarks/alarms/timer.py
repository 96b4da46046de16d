"""The smallest lifecycle with an alarm: armed once, fires once."""

from dataclasses import dataclass

from quarterdeck.kernel.events import Event
from quarterdeck.kernel.lifecycle import Lifecycle
from quarterdeck.kernel.time import Clock, Instant
from quarterdeck.record import Codec, Record
from quarterdeck.record.stores import Store


class Armed(Event, frozen=True):
    due: Instant


class Fired(Event, frozen=True):
    due: Instant


@dataclass(frozen=True)
class Timer:
    due: Instant | None


def evolve(state: Timer | None, event: Event) -> Timer:
    return Timer(event.due if isinstance(event, Armed) else None)


def wake(state: Timer, now: Instant) -> list[Event]:
    return [Fired(at=now, due=state.due)] if state.due else []


TIMER = Lifecycle("timer", evolve, lambda state: state.due, wake)


def record_of(store: Store, clock: Clock) -> Record:
    return Record(store, Codec([Armed, Fired]), (), [TIMER], clock)
