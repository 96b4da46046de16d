"""The record as the house uses it: perform a write, read a snapshot, follow what happened."""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import Any, TypeVar

from sqlalchemy import Connection

from quarterdeck.kernel.errors import Conflict
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.lifecycle import Lifecycle
from quarterdeck.kernel.principal import Principal
from quarterdeck.kernel.time import Clock, SystemClock
from quarterdeck.record.codec import Codec
from quarterdeck.record.recorded import Projections, Projector, Recorded
from quarterdeck.record.refold import Foldable
from quarterdeck.record.stores import Store
from quarterdeck.record.tx import Tx

T = TypeVar("T")
_ATTEMPTS = 3


class _Rehearsed(Exception):  # no error: it only ends the transaction
    """Carries the answer out of a transaction that is not to be kept."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer


class Record:
    """A store, the events it may hold, the read tables they feed, and the lifecycles that are folded from them."""

    def __init__(
        self,
        store: Store,
        codec: Codec,
        projections: Sequence[Projections] = (),
        lifecycles: Iterable[Lifecycle[Any]] = (),
        clock: Clock | None = None,
    ) -> None:
        self.store = store
        self.codec = codec
        self.lifecycles: Mapping[str, Lifecycle[Any]] = {life.name: life for life in lifecycles}
        self.clock: Clock = clock or SystemClock()
        self.moved = threading.Condition()
        self.foldable = tuple(family for family in projections if isinstance(family, Foldable))
        self._projectors = _by_event(projections)
        self._unfolded = _by_event([one.unfolded if isinstance(one, Foldable) else one for one in projections])

    def perform(self, by: Principal, act: Callable[[Tx], T], *, cause: int | None = None) -> T:
        """Run `act` in one transaction; on `Conflict` run it again on fresh state.

        The first try is optimistic; a loser takes the writer lock before it loads, so it cannot starve.
        """
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                with self.store.writing() as conn:
                    tx = Tx(self, conn, by, self.clock.now(), cause)
                    if attempt > 1:
                        tx.lock()
                    result = act(tx)
                break
            except Conflict:
                if attempt == _ATTEMPTS:
                    raise
        with self.moved:
            self.moved.notify_all()
        return result

    def rehearse(self, by: Principal, act: Callable[[Tx], T]) -> T:
        """Run `act` as `perform` would, give its answer, and take back all that it did: for dry runs."""
        try:
            with self.store.writing() as conn:
                raise _Rehearsed(act(Tx(self, conn, by, self.clock.now(), None)))
        except _Rehearsed as done:
            answer: T = done.answer
            return answer

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A snapshot for views."""
        with self.store.reading() as conn:
            yield conn

    def project(self, conn: Connection, recorded: Sequence[Recorded], folded: bool = False) -> None:
        """Feed the read tables, in order, in runs of one event type. `folded`: but not what folders take."""
        every = self._unfolded if folded else self._projectors
        for event, run in groupby(recorded, key=lambda row: type(row.event)):
            projectors = every.get(event)
            if projectors:
                rows = list(run)
                for projector in projectors:
                    projector(conn, rows)

    def life_of(self, stream: str) -> Lifecycle[Any]:
        return self.lifecycles[stream.partition("/")[0]]

    def close(self) -> None:
        self.store.close()


def _by_event(projections: Sequence[Projections]) -> dict[type[Event], list[Projector]]:
    found: dict[type[Event], list[Projector]] = {}
    for family in projections:
        for event, projector in family.items():
            found.setdefault(event, []).append(projector)
    return found
