"""How a tracker is performed: tried when somebody asks, else read now and then for what has changed over there.

What is read is not believed on the way: it only says which issues to look at.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import update

from quarterdeck.kernel.principal import ENGINE
from quarterdeck.kernel.time import Instant, micros
from quarterdeck.learning import actions, views
from quarterdeck.learning.kept import tracker_reading
from quarterdeck.learning.outbound import Caller
from quarterdeck.learning.reactions.ticketing import LONGEST, PAUSE, again_at
from quarterdeck.learning.rules import TRACKER, Tracker
from quarterdeck.learning.rules import tracker as life
from quarterdeck.learning.rules.issue import Fault
from quarterdeck.learning.rules.reading import Listed
from quarterdeck.learning.state import Reading, reading_of, tracker_keys
from quarterdeck.notify.rules import NotifySettings
from quarterdeck.record import Claim, Record, Tx, alarms

EVERY = timedelta(minutes=2)
"""How often a tracker is read for what has changed; a webhook makes it sooner."""


@dataclass(frozen=True)
class Task:
    tracker: Tracker
    token: str
    reading: Reading
    now: Instant

    @property
    def tries(self) -> bool:
        return self.tracker.asked_at is not None


async def perform(record: Record, claim: Claim, settings: NotifySettings, adapters: Mapping[str, Any]) -> None:
    """One claim: try the tracker, or read it."""
    task = await asyncio.to_thread(record.perform, ENGINE, lambda tx: begin(tx, claim))
    if task is not None:
        outcome = await acted(task, settings, adapters)
        await asyncio.to_thread(record.perform, ENGINE, lambda tx: settle(tx, claim, task, outcome))


def begin(tx: Tx, claim: Claim) -> Task | None:
    tx.lock()
    alarms.check_fence(tx.connection, claim)
    tracker, keys, reading = tx.existing(TRACKER, claim.key), tracker_keys(tx, claim.key), reading_of(tx, claim.key)
    if tracker.removed or keys is None:
        return None
    if tracker.asked_at is None:
        if reading.paused_until is not None and reading.paused_until > tx.now:
            alarms.put_off(tx.connection, claim.stream, reading.paused_until)
            return None
        if not views.tickets_of(tx.connection, claim.key):
            alarms.put_off(tx.connection, claim.stream, tx.now + EVERY)
            return None
    return Task(tracker, keys.token, reading, tx.now)


async def acted(task: Task, settings: NotifySettings, adapters: Mapping[str, Any]) -> str | Listed | Fault:
    adapter = adapters[task.tracker.kind]
    call = Caller(task.tracker, settings, adapter.headers(task.token, task.tracker))
    try:
        async with asyncio.timeout(LONGEST):
            if task.tries:
                said: str = await adapter.check(call)
                return said
            found: Listed = await adapter.changed(call, task.reading.since, task.reading.etag, task.now)
            return found
    except Fault as fault:
        return fault
    except TimeoutError:
        return Fault(f"{task.tracker.place.title} took longer than {LONGEST} s.")
    except Exception as error:
        # What an adapter did not foresee is a fault like any other: shown, and tried again.
        return Fault(f"{type(error).__name__}: {error}"[:300])


def settle(tx: Tx, claim: Claim, task: Task, outcome: str | Listed | Fault) -> None:
    tx.lock()
    alarms.check_fence(tx.connection, claim)
    again = tx.now + EVERY
    values: dict[str, Any]
    match outcome:
        case Fault():
            until = again_at(outcome, tx.now)
            again = until or tx.now + PAUSE * (5 if outcome.slow else 1)
            values = {"fault": outcome.said, "paused_until": micros(until) if until else None}
        case Listed():
            values = {"fault": "", "since": outcome.since, "etag": outcome.etag, "read_at": micros(tx.now)}
            for number in views.tickets_that_differ(tx.connection, claim.key, outcome.issues):
                actions.look_at_ticket(tx, number=number)
        case _:
            values = {"fault": "", "paused_until": None}
    mine = tracker_reading.c.tracker == claim.key
    tx.connection.execute(update(tracker_reading).where(mine).values(**values))
    tracker = tx.existing(TRACKER, claim.key)
    if task.tries and tracker.asked_at == task.tracker.asked_at:
        said = outcome.said if isinstance(outcome, Fault) else str(outcome)
        tx.append(TRACKER, claim.key, life.tried(tracker, not isinstance(outcome, Fault), said, tx.now))
    if tracker.asked_at is None or tracker.asked_at == task.tracker.asked_at:
        alarms.put_off(tx.connection, claim.stream, again)
