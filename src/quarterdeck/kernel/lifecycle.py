"""A lifecycle: how a stream's state is folded, when it wants to be looked at again, and what happens then."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import Instant

S = TypeVar("S")


def never(state: object) -> Instant | None:
    return None


def _nothing(state: object, now: Instant) -> Sequence[Event]:
    return ()


def _ordinary(state: object) -> int:
    return 5


@dataclass(frozen=True)
class Lifecycle(Generic[S]):
    """Four pure functions over a state `S`; a stream is named `{name}/{key}`.

    `evolve(None, first_event)` makes the first state. `due` is the one instant at which the stream wants
    attention (None: never); `wake` says what has happened once that instant has come.
    A lifecycle with `leased=True` acts on the outside world: the engine leases its alarm to a performer
    instead of calling `wake`. `urgency` orders a backlog: 0 first.
    """

    name: str
    evolve: Callable[[S | None, Event], S]
    due: Callable[[S], Instant | None] = never
    wake: Callable[[S, Instant], Sequence[Event]] = _nothing
    urgency: Callable[[S], int] = _ordinary
    leased: bool = False

    def stream(self, key: str | int) -> str:
        return f"{self.name}/{key}"

    def fold(self, events: Iterable[Event], state: S | None = None) -> S | None:
        for event in events:
            state = self.evolve(state, event)
        return state
