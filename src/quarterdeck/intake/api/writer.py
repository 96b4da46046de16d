"""Group commit: one thread commits all requests that wait in one transaction; then they are answered."""

import asyncio
import threading
from collections import deque
from collections.abc import Sequence

import structlog

from quarterdeck.governance.rules import Permission
from quarterdeck.intake import actions
from quarterdeck.intake.rules import Arrival
from quarterdeck.kernel.principal import Principal
from quarterdeck.record import Record, is_down

log = structlog.get_logger("quarterdeck.intake")

DOOR = Principal("intake", roles=frozenset({"intake"}), scopes=frozenset({str(Permission.INTAKE)}))
"""Who commits a batch. It holds the arrivals of many keys; each signal says itself which key brought it."""


class StoreDown(Exception):
    """The store did not take the batch; nothing of it was kept."""


class NotRecorded(Exception):
    """The store works, but these arrivals could not be recorded; nothing of the request was kept."""


class Ticket:
    """One request's arrivals and the future that is done once they are committed."""

    __slots__ = ("arrivals", "future")

    def __init__(self, arrivals: Sequence[Arrival], future: "asyncio.Future[None]") -> None:
        self.arrivals = arrivals
        self.future = future


class Writer:
    """One thread. It commits whatever waits as soon as the commit before has ended: no timer, no delay when idle."""

    def __init__(self, record: Record, batch: int, waiting: int) -> None:
        self._record = record
        self._batch = batch
        self._most = waiting
        self._queue: deque[Ticket] = deque()
        self._waiting = 0
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None

    def full(self) -> bool:
        """Too much waits already."""
        return self._waiting >= self._most

    def submit(self, arrivals: Sequence[Arrival]) -> "asyncio.Future[None]":
        """Queue a request's arrivals. The future ends with the commit, or with `StoreDown` or `NotRecorded`."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        with self._lock:
            self._waiting += len(arrivals)
        self._queue.append(Ticket(arrivals, future))
        if not self._wake.is_set():
            self._wake.set()
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="intake-writer", daemon=True)
            self._thread.start()
        return future

    def _run(self) -> None:
        while True:
            self._wake.wait()
            self._wake.clear()
            while self._queue:
                self._commit(self._drain())

    def _drain(self) -> list[Ticket]:
        tickets = [self._queue.popleft()]
        size = len(tickets[0].arrivals)
        while self._queue and size + len(self._queue[0].arrivals) <= self._batch:
            ticket = self._queue.popleft()
            tickets.append(ticket)
            size += len(ticket.arrivals)
        with self._lock:
            self._waiting -= size
        return tickets

    def _commit(self, tickets: list[Ticket]) -> None:
        batch = [arrival for ticket in tickets for arrival in ticket.arrivals]
        try:
            self._record.perform(DOOR, lambda tx: actions.accept(tx, batch))
        except Exception as error:
            self._failed(tickets, error)
        else:
            _answer(tickets, None)

    def _failed(self, tickets: list[Ticket], error: Exception) -> None:
        """The store is down: all fail. Else somebody's arrivals are at fault: halve until it stands alone."""
        if is_down(error):
            name = type(getattr(error, "orig", None) or error).__name__
            log.error("the store did not take a batch", error=name, requests=len(tickets))
            _answer(tickets, StoreDown())
        elif len(tickets) == 1:
            log.error("arrivals could not be recorded", exc_info=error)
            _answer(tickets, NotRecorded())
        else:
            half = len(tickets) // 2
            self._commit(tickets[:half])
            self._commit(tickets[half:])


def _answer(tickets: list[Ticket], error: Exception | None) -> None:
    by_loop: dict[asyncio.AbstractEventLoop, list[Ticket]] = {}
    for ticket in tickets:
        by_loop.setdefault(ticket.future.get_loop(), []).append(ticket)
    for loop, theirs in by_loop.items():
        if not loop.is_closed():
            loop.call_soon_threadsafe(_settle, theirs, error)


def _settle(tickets: list[Ticket], error: Exception | None) -> None:
    for ticket in tickets:
        if ticket.future.done():
            continue  # the client went away; what it sent is committed all the same
        if error is None:
            ticket.future.set_result(None)
        else:
            ticket.future.set_exception(error)
