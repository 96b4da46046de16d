"""Many small writes of deliveries under way share one transaction: a commit each would be most of what they cost."""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from quarterdeck.kernel.principal import ENGINE
from quarterdeck.record import LeaseLost, Record, Tx

T = TypeVar("T")
Act = Callable[[Tx], Any]
MOST = 50
"""Acts in one transaction: it holds the writer's lock, and an acknowledgement may be waiting."""


class Gathered:
    """What is asked for while a transaction runs goes into the next one. Serves one event loop at a time."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._waiting: list[tuple[Act, asyncio.Future[Any]]] = []
        self._working: asyncio.Task[None] | None = None

    async def perform(self, act: Callable[[Tx], T]) -> T:
        """As `record.perform(ENGINE, act)`, awaited. `act` raises `LeaseLost` before it writes, or not at all."""
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((act, future))
        if self._working is None or self._working.done():
            self._working = asyncio.create_task(self._work())
        return await future

    async def _work(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            outcomes = await asyncio.to_thread(self._together, [act for act, _ in batch])
            for (_, future), outcome in zip(batch, outcomes, strict=True):
                if future.done():
                    continue  # whoever asked has gone
                if isinstance(outcome, BaseException):
                    future.set_exception(outcome)
                else:
                    future.set_result(outcome)

    def _together(self, acts: list[Act]) -> list[Any]:
        try:
            return self._record.perform(ENGINE, lambda tx: [_outcome(act, tx) for act in acts])
        except Exception as error:
            # One of them broke and took the transaction with it: each on its own, so that only that one fails.
            return [error] if len(acts) == 1 else [self._together([act])[0] for act in acts]
        except BaseException as death:
            return [death] * len(acts)


def _outcome(act: Act, tx: Tx) -> Any:
    try:
        return act(tx)
    except LeaseLost as lost:
        return lost


_of: "WeakKeyDictionary[Record, Gathered]" = WeakKeyDictionary()


def gathered(record: Record) -> Gathered:
    """The one of this record."""
    if record not in _of:
        _of[record] = Gathered(record)
    return _of[record]
