"""The engine: three loops of one shape (claim, act, append) over alarms, reactions and leased deliveries."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from sqlalchemy.exc import OperationalError

from quarterdeck.app.reacting import Reactor, retry_parked
from quarterdeck.kernel.principal import ENGINE
from quarterdeck.kernel.time import Instant, monotonic
from quarterdeck.record import Claim, LeaseLost, Reaction, Record, Tx, alarms

log = structlog.get_logger("quarterdeck.engine")

BATCH = 200
LEASE = timedelta(seconds=30)
POLL_SECONDS = 0.1

Performer = Callable[["Record", Claim], Awaitable[None]]
"""Acts outside for one claim, then records the outcome after `alarms.check_fence`, in its own transaction."""


# -- alarms ------------------------------------------------------------------------------------


def wake_due(record: Record, limit: int = BATCH) -> int:
    """Wake every due stream of ordinary lifecycles, one transaction per batch; returns how many were woken."""
    with record.read() as conn:
        soonest = alarms.next_due(conn)
    if soonest is None or soonest > record.clock.now():
        return 0
    try:
        return record.perform(ENGINE, lambda tx: _wake(record, tx, limit))
    except OperationalError:
        raise
    except Exception:
        log.exception("a batch of alarms failed; trying them one by one")
        return _wake_singly(record, limit)


def _wake(record: Record, tx: Tx, limit: int) -> int:
    tx.lock()
    claims = alarms.due_streams(record.store, tx.connection, tx.now, limit)
    appends = []
    by_life: dict[str, list[str]] = {}
    for claim in claims:
        by_life.setdefault(claim.stream.partition("/")[0], []).append(claim.key)
    for name, keys in by_life.items():
        life = record.lifecycles[name]
        for key, state in tx.load_many(life, keys).items():
            events = life.wake(state, tx.now)
            if events:
                appends.append((life, key, events))
            else:
                alarms.set_alarms(record.store, tx.connection, [(life, key, state)])
                _refuse_spinning(life.name, key, life.due(state), tx)
    tx.append_many(appends)
    return len(claims)


def _refuse_spinning(name: str, key: str, due: Any, tx: Tx) -> None:
    """A stream that says it is due and then does nothing would be woken for ever: put it off and say so."""
    if due is not None and due <= tx.now:
        log.error("a due stream did nothing when woken", stream=f"{name}/{key}")
        alarms.put_off(tx.connection, f"{name}/{key}", tx.now + timedelta(minutes=5))


def _wake_singly(record: Record, limit: int) -> int:
    claims = record.perform(ENGINE, lambda tx: alarms.due_streams(record.store, tx.connection, tx.now, limit))
    for claim in claims:
        try:
            record.perform(ENGINE, partial(_wake_one, record, claim))
        except Exception:
            log.exception("an alarm failed; put off for a minute", stream=claim.stream)
            later = record.clock.now() + timedelta(minutes=1)
            record.perform(ENGINE, partial(_put_off, claim.stream, later))
    return len(claims)


def _put_off(stream: str, until: Instant, tx: Tx) -> None:
    alarms.put_off(tx.connection, stream, until)


def _wake_one(record: Record, claim: Claim, tx: Tx) -> None:
    life = record.life_of(claim.stream)
    state = tx.existing(life, claim.key)
    due = life.due(state)
    if due is not None and due <= tx.now:
        tx.append_many([(life, claim.key, life.wake(state, tx.now))])


# -- leased work -------------------------------------------------------------------------------


def lease(record: Record, limit: int) -> list[Claim]:
    """Lease what is due; a look without a lock comes first, so an idle engine does not queue as a writer."""
    with record.read() as conn:
        soonest = alarms.next_leased(conn)
    if soonest is None or soonest > record.clock.now():
        return []
    return record.perform(ENGINE, lambda tx: alarms.lease(record.store, tx.connection, tx.now, tx.now + LEASE, limit))


# -- running -----------------------------------------------------------------------------------


def step(reactor: Reactor) -> int:
    """One round of alarms and reactions; returns how much was done, 0 when there is nothing to do now."""
    record = reactor.record
    return wake_due(record) + reactor.turn() + retry_parked(record, reactor.reactions)


def run_until_idle(reactor: Reactor) -> None:
    """For tests, the demo's history and command-line use: until neither alarm nor reaction is due."""
    while step(reactor):
        pass


@dataclass
class Engine:
    """The loops of one process. `start` returns at once; `stop` waits for what is under way."""

    record: Record
    reactions: Sequence[Reaction]
    performers: Mapping[str, Performer]
    chores: Sequence[Callable[[], Any]] = ()
    """Called about once a second: store maintenance, seals, canary."""
    concurrency: int = 50

    def __post_init__(self) -> None:
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        if self.record.store.enter_engine():
            self.record.perform(ENGINE, lambda tx: alarms.void_leases(tx.connection, tx.now))
        for loop in (self._steps, self._deliveries, self._chores):
            thread = threading.Thread(target=loop, name=f"engine-{loop.__name__}", daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        self._stopping.set()
        with self.record.moved:
            self.record.moved.notify_all()
        for thread in self._threads:
            thread.join(timeout=15)

    def _steps(self) -> None:
        reactor = Reactor(self.record, self.reactions)
        while not self._stopping.is_set():
            try:
                if not wake_due(self.record) + reactor.turn():
                    self._wait_for_next_alarm()
            except Exception:
                log.exception("the engine's step failed; trying again")
                self._stopping.wait(1)

    def _wait_for_next_alarm(self) -> None:
        with self.record.read() as conn:
            soonest = alarms.next_due(conn)
        left = POLL_SECONDS if soonest is None else (soonest - self.record.clock.now()).total_seconds()
        if left > 0:
            self._wait(min(left, POLL_SECONDS))

    def _wait(self, seconds: float = POLL_SECONDS) -> None:
        """Until something is appended by this process, or time is up: other processes' appends are polled for."""
        with self.record.moved:
            self.record.moved.wait(seconds)

    def _chores(self) -> None:
        while not self._stopping.wait(1):
            for chore in (*self.chores, self.record.store.maintain, self._retry, self._void_bogus_leases):
                try:
                    chore()
                except Exception:
                    log.exception("a chore failed")

    def _retry(self) -> None:
        retry_parked(self.record, self.reactions)

    def _void_bogus_leases(self) -> None:
        with self.record.read() as conn:
            bogus = alarms.bogus_leases(conn, self.record.clock.now())
        if bogus:
            self.record.perform(ENGINE, lambda tx: alarms.void_bogus_leases(tx.connection, tx.now))

    def _deliveries(self) -> None:
        asyncio.run(self._deliver())

    async def _deliver(self) -> None:
        running: set[asyncio.Task[None]] = set()
        while not self._stopping.is_set():
            free = self.concurrency - len(running)
            claims: list[Claim] = []
            try:
                if free:
                    claims = await asyncio.to_thread(lease, self.record, free)
            except Exception:
                log.exception("leasing failed; trying again")
                await asyncio.sleep(1)
            for claim in claims:
                task = asyncio.create_task(self._perform(claim))
                running.add(task)
                task.add_done_callback(running.discard)
            if not claims:
                await asyncio.to_thread(self._wait)
        if running:
            await asyncio.wait(running, timeout=10)

    async def _perform(self, claim: Claim) -> None:
        started = monotonic()
        try:
            await self.performers[claim.stream.partition("/")[0]](self.record, claim)
        except LeaseLost as lost:
            log.warning("a late outcome was refused", stream=claim.stream, reason=str(lost))
        except Exception:
            # The lease stays: after it ends, somebody tries again.
            log.exception("a delivery failed", stream=claim.stream, seconds=round(monotonic() - started, 3))
