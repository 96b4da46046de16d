"""Reactions share transactions, yet each names its own cause, happens once, and fails alone."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event, select
from sqlalchemy.exc import OperationalError

from quarterdeck.app import reacting
from quarterdeck.command import actions as command
from quarterdeck.command.events import IncidentDeclared
from quarterdeck.command.reactions import on_group
from quarterdeck.intake import actions as intake
from quarterdeck.intake.events import GroupOpened
from quarterdeck.kernel.events import Event
from quarterdeck.record import Reaction, Recorded, Tx
from quarterdeck.record.history import after
from quarterdeck.record.tables import cursor
from tests.cast import ALICE
from tests.conftest import House
from tests.intake.plans import MONITOR, arrival, bring_into_force
from tests.people import settle

MANY = 2 * reacting.TOGETHER + 3


def storm(house: House) -> list[Recorded]:
    """Groups of alerts, each about something else: so many `GroupOpened`, in order."""
    settle(house.record)
    house.perform(bring_into_force)
    arrivals = [arrival(f"api-{n}", labels={"service": "payments", "alertname": f"Slow{n}"}) for n in range(MANY)]
    house.perform(lambda tx: intake.accept(tx, arrivals), by=MONITOR)
    return opened(house)


def opened(house: House) -> list[Recorded]:
    with house.read() as conn:
        return after(conn, house.record.codec, 0, [GroupOpened], 1000)


def declared(house: House) -> list[Recorded]:
    with house.read() as conn:
        return after(conn, house.record.codec, 0, [IncidentDeclared], 1000)


def reaction(act: Callable[[Tx, Recorded], None]) -> Reaction:
    return Reaction("command.on_group", (GroupOpened,), act)


def test_every_event_is_reacted_to_once_and_named_as_the_cause(house: House) -> None:
    causes = [row.position for row in storm(house)]
    assert len(causes) == MANY
    assert reacting.react(house.record, reaction(on_group)) == MANY
    assert [row.cause for row in declared(house)] == causes
    assert reacting.react(house.record, reaction(on_group)) == 0
    assert len(declared(house)) == MANY


def test_one_that_fails_is_parked_alone_and_made_up_for_later(house: House) -> None:
    bad = storm(house)[4].position
    broken = True

    def act(tx: Tx, recorded: Recorded) -> None:
        on_group(tx, recorded)
        if broken and recorded.position == bad:
            raise RuntimeError("broken")

    reacting.react(house.record, reaction(act))
    assert [row.cause for row in declared(house)] == [row.position for row in opened(house) if row.position != bad]
    assert [entry[1] for entry in house.ask(reacting.parked_reactions)] == [bad]
    broken = False
    house.clock.forward(seconds=6)
    reacting.retry_parked(house.record, [reaction(act)])
    assert len(declared(house)) == MANY
    assert declared(house)[-1].cause == bad
    assert house.ask(reacting.parked_reactions) == []


def test_another_engine_that_was_faster_leaves_only_the_rest(house: House) -> None:
    storm(house)
    slow = reaction(on_group)

    def overtaken(tx: Tx, recorded: Recorded) -> None:
        raise AssertionError("the faster engine has done this")

    with house.read() as conn:
        rows = after(conn, house.record.codec, 0, slow.events, 5)
    reacting.react(house.record, slow, limit=5)
    house.perform(lambda tx: reacting._react(reaction(overtaken), rows, tx))
    with house.read() as conn:
        number = conn.execute(select(cursor.c.position)).scalar_one()
    assert number == rows[-1].position
    assert len(declared(house)) == 5


def test_a_turn_asks_only_what_is_concerned_and_goes_on_until_it_is_through(house: House) -> None:
    told: list[str] = []

    def tells(name: str, *events: type[Event]) -> Reaction:
        return Reaction(name, events, lambda tx, recorded: told.append(name))

    reactor = reacting.Reactor(house.record, [tells("groups", GroupOpened), tells("incidents", IncidentDeclared)])
    assert reactor.turn() == 0
    storm(house)
    with statements() as asked:
        assert reactor.turn() == MANY
        assert not [one for one in asked if "command.IncidentDeclared" in one], "nothing of it was recorded"
    house.perform(lambda tx: command.declare(tx, title="By hand"), by=ALICE)
    assert (reactor.turn(), reactor.turn()) == (1, 0)
    assert told == [*["groups"] * MANY, "incidents"]
    with statements() as asked:
        assert reactor.turn() == 0
    assert sum(one.startswith("SELECT") for one in asked) == 1, "idle: only where the record ends"


def test_what_could_not_be_done_is_asked_again(house: House) -> None:
    storm(house)
    away = True

    def act(tx: Tx, recorded: Recorded) -> None:
        if away:
            raise OperationalError("SELECT 1", None, Exception("the database is away"))

    reactor = reacting.Reactor(house.record, [reaction(act)])
    with pytest.raises(OperationalError):
        reactor.turn()
    away = False
    assert (reactor.turn(), reactor.turn()) == (MANY, 0)


@contextmanager
def statements() -> Iterator[list[str]]:
    """What is sent to any store, with its values, while this is open."""
    sent: list[str] = []

    def keep(conn: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        sent.append(f"{statement} {parameters}")

    event.listen(Engine, "before_cursor_execute", keep)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", keep)
