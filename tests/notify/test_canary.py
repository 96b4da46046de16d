"""The canary goes the whole way, and stays away when any part of it does not work."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from quarterdeck.kernel.principal import ENGINE
from quarterdeck.notify import views
from quarterdeck.notify.channels.loopback import Loopback
from quarterdeck.notify.reactions import PERFORMERS, chores
from quarterdeck.notify.reactions.canary import CANARY, fly, keep_canary
from quarterdeck.notify.rules import Message, NotifySettings, Outcome
from quarterdeck.record import Claim, LeaseLost, alarms, schema

SETTINGS = NotifySettings()


def claims(house: Any) -> list[Claim]:
    until = house.clock.now() + timedelta(seconds=30)
    found: list[Claim] = house.record.perform(
        ENGINE, lambda tx: alarms.lease(house.record.store, tx.connection, tx.now, until, 10)
    )
    return found


def performed(house: Any) -> int:
    found = claims(house)
    for claim in found:
        asyncio.run(PERFORMERS[CANARY](house.record, claim))
    return len(found)


def test_a_canary_comes_back_every_minute(house: Any) -> None:
    for chore in chores(house.record, SETTINGS):
        chore()
    assert house.ask(views.canary).arrived_at is None
    for _ in range(3):
        assert performed(house) == 1
        assert house.ask(views.canary).arrived_at == house.clock.now()
        assert performed(house) == 0
        house.clock.forward(seconds=60)


def test_hatching_twice_makes_one_canary(house: Any) -> None:
    keep_canary(house.record)
    keep_canary(house.record)
    assert len(claims(house)) == 1


def test_a_canary_lives_on_after_a_rebuild(house: Any) -> None:
    keep_canary(house.record)
    schema.rebuild(house.record)
    keep_canary(house.record)
    assert performed(house) == 1


def test_a_canary_whose_channel_is_silent_does_not_arrive(house: Any) -> None:
    async def silent(message: Message, address: str, settings: NotifySettings) -> Outcome:
        raise ConnectionError("no way out")

    keep_canary(house.record)
    [claim] = claims(house)
    with pytest.raises(ConnectionError):
        asyncio.run(fly(house.record, claim, SETTINGS, silent))
    seen = house.ask(views.canary)
    assert seen.sent_at is not None
    assert seen.arrived_at is None
    house.clock.forward(seconds=31)
    assert performed(house) == 1, "its lease has ended; it is tried again"
    assert house.ask(views.canary).arrived_at == house.clock.now()


def test_a_canary_is_not_on_the_record(house: Any) -> None:
    from quarterdeck.record.tables import record as journal

    keep_canary(house.record)
    performed(house)
    with house.read() as conn:
        assert conn.execute(journal.select()).all() == []


def test_a_canary_of_a_lost_lease_is_refused(house: Any) -> None:
    keep_canary(house.record)
    [old] = claims(house)
    house.clock.forward(seconds=31)
    assert len(claims(house)) == 1
    with pytest.raises(LeaseLost):
        asyncio.run(fly(house.record, old, SETTINGS, Loopback(house.record).send))
