"""The canary: every minute a message that goes the whole way (alarm, lease, channel, outcome) and comes back."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from sqlalchemy import delete, select, update

from quarterdeck.kernel.principal import ENGINE
from quarterdeck.kernel.time import micros
from quarterdeck.notify.kept import canary, page_link, page_slot, page_told
from quarterdeck.notify.rules import Message, NotifySettings, Outcome
from quarterdeck.record import Claim, Record, Tx, alarms
from quarterdeck.record.tables import alarm

CANARY = "canary"
NAME = "loopback"
STREAM = f"{CANARY}/{NAME}"
EVERY = timedelta(seconds=60)
URGENCY = 2
_FORGET_LINKS, _FORGET_TOLD = timedelta(days=7), timedelta(days=30)


def keep_canary(record: Record) -> None:
    """See that the canary has an alarm; without one (new house, rebuilt alarms) set it going at once."""
    with record.read() as conn:
        there = conn.execute(select(alarm.c.due).where(alarm.c.stream == STREAM)).first()
    if there is None:
        record.perform(ENGINE, _hatch)


def _hatch(tx: Tx) -> None:
    tx.lock()
    if tx.connection.execute(select(alarm.c.due).where(alarm.c.stream == STREAM)).first() is None:
        row = {"stream": STREAM, "due": micros(tx.now), "leased": 1, "urgency": URGENCY}
        tx.connection.execute(alarm.insert().values(row))
    if tx.connection.execute(select(canary.c.name).where(canary.c.name == NAME)).first() is None:
        tx.connection.execute(canary.insert().values(name=NAME))


async def fly(
    record: Record,
    claim: Claim,
    settings: NotifySettings,
    send: Callable[[Message, str, NotifySettings], Awaitable[Outcome]],
) -> None:
    """Perform the canary's claim as a delivery's is performed. Nothing of it is put on the record."""
    await asyncio.to_thread(record.perform, ENGINE, lambda tx: _depart(tx, claim))
    message = Message(
        key=f"{STREAM}-{claim.fence}",
        delivery=STREAM,
        about=STREAM,
        purpose="canary",
        urgency=URGENCY,
        subject="Canary",
        text="Canary",
        short="Canary",
    )
    await send(message, NAME, settings)
    await asyncio.to_thread(record.perform, ENGINE, lambda tx: _return(tx, claim, settings))


def _depart(tx: Tx, claim: Claim) -> None:
    tx.lock()
    alarms.check_fence(tx.connection, claim)
    tx.connection.execute(update(canary).where(canary.c.name == NAME).values(sent_at=micros(tx.now)))


def _return(tx: Tx, claim: Claim, settings: NotifySettings) -> None:
    tx.lock()
    alarms.check_fence(tx.connection, claim)
    again = update(alarm).where(alarm.c.stream == STREAM)
    tx.connection.execute(again.values(due=micros(tx.now + EVERY), lease_until=None))
    _sweep(tx, settings)


def _sweep(tx: Tx, settings: NotifySettings) -> None:
    """Once a minute: forget what no rule looks at any more."""
    window = timedelta(minutes=settings.pace_minutes) * 2
    tx.connection.execute(delete(page_slot).where(page_slot.c.at < micros(tx.now - window)))
    tx.connection.execute(delete(page_link).where(page_link.c.expires_at < micros(tx.now - _FORGET_LINKS)))
    tx.connection.execute(delete(page_told).where(page_told.c.at < micros(tx.now - _FORGET_TOLD)))
