"""How a ticket is performed: leased, a try recorded, sent outside any transaction, then what became of it recorded.

Before an issue is made a second time, the tracker's list is searched for the mark of the first: there is one issue.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from weakref import WeakKeyDictionary

from msgspec import structs
from sqlalchemy import update

from quarterdeck.kernel.principal import ENGINE
from quarterdeck.kernel.time import Instant, micros
from quarterdeck.learning import actions, views
from quarterdeck.learning.events import tracking as ev
from quarterdeck.learning.events.tracking import Said
from quarterdeck.learning.kept import tracker_reading
from quarterdeck.learning.outbound import Caller
from quarterdeck.learning.reactions.drafting import drafted
from quarterdeck.learning.rules import TICKET, TRACKER, Ticket, Tracker
from quarterdeck.learning.rules import ticket as life
from quarterdeck.learning.rules.issue import Change, Draft, Fault, Gone, Issue, base_after, changes
from quarterdeck.learning.state import reading_of, tracker_keys
from quarterdeck.notify.rules import NotifySettings
from quarterdeck.record import Claim, LeaseLost, Record, Tx, alarms

LONGEST = 25
"""Seconds for all requests of one try: within the lease, and within what keeps others off."""
APART = timedelta(seconds=1)
"""Between two tickets of one tracker that would go at once: trackers ask for one request at a time."""
PAUSE = timedelta(minutes=2)
"""For which nothing is asked of a tracker that fails whatever is asked."""


@dataclass(frozen=True)
class Task:
    """One try, decided in the claim's transaction. `writes`: there is something to send."""

    ticket: Ticket
    tracker: Tracker
    token: str
    draft: Draft
    writes: bool


@dataclass(frozen=True)
class Looked:
    """People over there have done something, or we only looked."""

    issue: Issue


@dataclass(frozen=True)
class Opened:
    """`found`: it stood already, from a try whose end nobody knew."""

    issue: Issue
    said: Said
    found: bool


@dataclass(frozen=True)
class Sent:
    change: Change
    issue: Issue


Outcome = Opened | Sent | Looked | Gone | Fault


class Turns:
    """Whose turn it is at a tracker, within this process: one ticket at a time, the others one after another."""

    def __init__(self) -> None:
        self._busy: set[str] = set()
        self._last: dict[str, Instant] = {}

    def take(self, tracker: str, now: Instant) -> Instant | None:
        """None: it is ours, until given back. Otherwise when to come again."""
        if tracker not in self._busy:
            self._busy.add(tracker)
            return None
        self._last[tracker] = max(self._last.get(tracker, now), now) + APART
        return self._last[tracker]

    def give_back(self, tracker: str) -> None:
        self._busy.discard(tracker)


_turns: "WeakKeyDictionary[Record, Turns]" = WeakKeyDictionary()


async def perform(record: Record, claim: Claim, settings: NotifySettings, adapters: Mapping[str, Any]) -> None:
    """One claim, from lease to recorded outcome."""
    turns = _turns.setdefault(record, Turns())
    tracker = await asyncio.to_thread(_tracker_of, record, claim)
    again = turns.take(tracker, record.clock.now())
    if again is not None:
        await asyncio.to_thread(record.perform, ENGINE, lambda tx: _later(tx, claim, again))
        return
    try:
        task = await asyncio.to_thread(record.perform, ENGINE, lambda tx: begin(tx, claim, settings))
        if task is not None:
            outcome = await acted(task, settings, adapters)
            await asyncio.to_thread(record.perform, ENGINE, lambda tx: settle(tx, claim, task, outcome))
    finally:
        turns.give_back(tracker)


def _tracker_of(record: Record, claim: Claim) -> str:
    with record.read() as conn:
        found = views.ticket(conn, int(claim.key))
    return found.tracker if found else ""


def _later(tx: Tx, claim: Claim, until: Instant) -> None:
    tx.lock()
    alarms.check_fence(tx.connection, claim)
    alarms.put_off(tx.connection, claim.stream, until)


# -- the claim -----------------------------------------------------------------------------------


def begin(tx: Tx, claim: Claim, settings: NotifySettings) -> Task | None:
    """Decide what is to be done and record the try; None when there is nothing to do now."""
    tx.lock()
    alarms.check_fence(tx.connection, claim)
    ticket = tx.existing(TICKET, claim.key)
    when = life.due(ticket)
    if when is None:
        return None
    if when > tx.now:
        alarms.put_off(tx.connection, claim.stream, when)
        return None
    tracker, keys = tx.load(TRACKER, ticket.tracker), tracker_keys(tx, ticket.tracker)
    if tracker is None or tracker.removed or keys is None:
        tx.append(TICKET, claim.key, life.stop(ticket, None, tx.now))
        return None
    paused = reading_of(tx, tracker.id).paused_until
    if paused is not None and paused > tx.now:
        alarms.put_off(tx.connection, claim.stream, paused + (ticket.action % 60) * APART)
        return None
    draft = drafted(tx.connection, ticket, tracker, settings.base_url)
    if ticket.state == "waiting" and ticket.unsure_since is None and draft.phase == "over":
        tx.append(TICKET, claim.key, life.stop(ticket, None, tx.now))
        return None
    writes = ticket.state == "waiting" or draft.said() != ticket.said
    if writes:
        tx.append(TICKET, claim.key, [ev.TicketTried(at=tx.now)])
    return Task(ticket, tracker, keys.token, draft, writes)


# -- outside -------------------------------------------------------------------------------------


async def acted(task: Task, settings: NotifySettings, adapters: Mapping[str, Any]) -> Outcome:
    adapter = adapters[task.tracker.kind]
    call = Caller(task.tracker, settings, adapter.headers(task.token, task.tracker))
    try:
        async with asyncio.timeout(LONGEST):
            return await (
                _opened(task, adapter, call) if task.ticket.state == "waiting" else _brought(task, adapter, call)
            )
    except Fault as fault:
        return fault
    except TimeoutError:
        return Fault(f"{task.tracker.place.title} took longer than {LONGEST} s.", unsure=True)
    except Exception as error:
        # What an adapter did not foresee is a failed try like any other: recorded, and tried again.
        return Fault(f"{type(error).__name__}: {error}"[:300], unsure=True, everywhere=False)


async def _opened(task: Task, adapter: Any, call: Caller) -> Outcome:
    """Make the issue, unless one stands from a try whose end nobody knows."""
    since, draft = task.ticket.unsure_since, task.draft
    found: Issue | None = await adapter.find(call, draft, since - life.SKEW) if since is not None else None
    if found is not None:
        # What stands there is as it was when it was first tried: everything is compared once more.
        return Opened(found, Said(title=found.seen.title, body="", due=found.seen.due, phase="todo"), found=True)
    issue: Issue = await adapter.create(call, draft)
    return Opened(issue, structs.replace(draft.said(), phase="todo"), found=False)


async def _brought(task: Task, adapter: Any, call: Caller) -> Outcome:
    """Look first: what people did over there comes before what we would write."""
    ticket, draft, since = task.ticket, task.draft, task.ticket.unsure_since
    found: Issue | Gone = await adapter.read(call, ticket.id)
    if isinstance(found, Gone):
        return found
    issue = found
    assert ticket.said is not None and ticket.base is not None and ticket.seen is not None, "an open ticket was sent"
    ours = since is not None and issue.seen.open == draft.open
    if not task.writes or (issue.seen.open != ticket.seen.open and not ours):
        return Looked(issue)
    change = changes(draft, ticket.said, ticket.base, issue.seen, unsure=since is not None)
    if change.writes:
        issue = await adapter.write(call, issue, draft, change)
    if change.comment:
        try:
            await adapter.comment(call, issue, change.comment, since - life.SKEW if since is not None else None)
        except Fault as fault:
            fault.unsure = fault.unsure or change.writes
            raise
    return Sent(change, issue)


# -- the outcome ---------------------------------------------------------------------------------


def settle(tx: Tx, claim: Claim, task: Task, outcome: Outcome) -> None:
    """Record what became of the try, unless the lease has passed to another engine (`LeaseLost`)."""
    tx.lock()
    alarms.check_fence(tx.connection, claim)
    ticket = tx.existing(TICKET, claim.key)
    if ticket.state != task.ticket.state or ticket.mark != task.ticket.mark:
        raise LeaseLost(f"{claim.stream} is {ticket.state} by now")
    match outcome:
        case Looked():
            _looked(tx, claim, ticket, task, outcome.issue)
        case Gone():
            tx.append(TICKET, claim.key, [ev.TicketLost(at=tx.now, how=outcome.how)])
            actions.tell_of_lost_ticket(tx, number=ticket.action, tracker=task.tracker, how=outcome.how)
        case Fault():
            _failed(tx, claim, ticket, task.tracker, outcome)
        case Opened():
            _opened_at(tx, claim, task, outcome)
        case Sent():
            assert ticket.base is not None, "an open ticket was sent"
            seen = outcome.issue.seen
            base = base_after(outcome.change, ticket.base, seen)
            sent = ev.TicketSent(at=tx.now, what=outcome.change.what, said=task.draft.said(), seen=seen, base=base)
            tx.append(TICKET, claim.key, [sent])


def _opened_at(tx: Tx, claim: Claim, task: Task, outcome: Opened) -> None:
    issue = outcome.issue
    opened = ev.TicketOpened(at=tx.now, id=issue.id, said=outcome.said, seen=issue.seen, found=outcome.found)
    after = tx.append(TICKET, claim.key, [opened])
    if outcome.said != task.draft.said():
        tx.append(TICKET, claim.key, life.outdate(after, tx.now))


def _looked(tx: Tx, claim: Claim, ticket: Ticket, task: Task, issue: Issue) -> None:
    before = ticket.seen
    if issue.seen == before and ticket.look_at is None and ticket.tried_at is None and not ticket.error:
        alarms.put_off(tx.connection, claim.stream, tx.now + life.LOOK_EVERY)
        return
    after = tx.append(TICKET, claim.key, [ev.TicketSeen(at=tx.now, seen=issue.seen)])
    if before is not None:
        actions.follow_tracker(tx, number=ticket.action, tracker=task.tracker, before=before, seen=issue.seen)
    if task.writes:
        tx.append(TICKET, claim.key, life.outdate(after, tx.now))


def _failed(tx: Tx, claim: Claim, ticket: Ticket, tracker: Tracker, fault: Fault) -> None:
    until = again_at(fault, tx.now)
    events = life.failed(ticket, fault.said, until=until, slow=fault.slow, unsure=fault.unsure, now=tx.now)
    tx.append(TICKET, claim.key, events)
    if fault.everywhere:
        pause(tx, tracker.id, until or tx.now + PAUSE * (5 if fault.slow else 1))


def again_at(fault: Fault, now: Instant) -> Instant | None:
    """When the tracker says to come again, within a day; None: it does not say."""
    if fault.wait is not None:
        return now + timedelta(seconds=min(fault.wait, life.LONGEST_WAIT.total_seconds()))
    if fault.reset is not None:
        ahead = fault.reset - micros(now) / 1e6
        return now + timedelta(seconds=min(max(ahead, 1.0), life.LONGEST_WAIT.total_seconds()))
    return None


def pause(tx: Tx, tracker: str, until: Instant) -> None:
    mine = tracker_reading.c.tracker == tracker
    tx.connection.execute(update(tracker_reading).where(mine).values(paused_until=micros(until)))
