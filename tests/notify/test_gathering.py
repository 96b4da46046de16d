"""Writes that share a transaction: one that fails takes no other with it."""

import asyncio
from typing import Any

from quarterdeck.notify.kept import page_told
from quarterdeck.notify.reactions.gathering import gathered
from quarterdeck.record import LeaseLost, Tx
from tests.notify.pager import Killed, Pager


def note(number: int) -> Any:
    def act(tx: Tx) -> int:
        tx.lock()
        tx.connection.execute(page_told.insert().values(person="bob", about=f"incident/{number}", at=number))
        return number

    return act


def broken(error: BaseException) -> Any:
    def act(tx: Tx) -> int:
        tx.lock()
        tx.connection.execute(page_told.insert().values(person="eve", about="incident/0", at=0))
        raise error

    return act


def lost(tx: Tx) -> int:
    raise LeaseLost("somebody else has it")


def together(house: Any, *acts: Any) -> list[Any]:
    async def run() -> list[Any]:
        writes = gathered(house.record)
        return await asyncio.gather(*(writes.perform(act) for act in acts), return_exceptions=True)

    return asyncio.run(run())


def told(house: Any) -> list[tuple[str, int]]:
    with house.read() as conn:
        return sorted((row.person, row.at) for row in conn.execute(page_told.select()))


def test_everybody_gets_his_own_answer(house: Any) -> None:
    assert together(house, *(note(n) for n in range(120))) == list(range(120))
    assert len(told(house)) == 120


def test_a_lost_lease_is_told_to_its_holder_alone(house: Any) -> None:
    first, second, third = together(house, note(1), lost, note(3))
    assert (first, third) == (1, 3)
    assert isinstance(second, LeaseLost)
    assert told(house) == [("bob", 1), ("bob", 3)]


def test_one_that_breaks_is_rolled_back_and_the_others_are_not(house: Any) -> None:
    first, second, third = together(house, note(1), broken(RuntimeError("no")), note(3))
    assert (first, third) == (1, 3)
    assert isinstance(second, RuntimeError)
    assert told(house) == [("bob", 1), ("bob", 3)]


def test_a_death_in_the_transaction_leaves_nothing_of_it(house: Any) -> None:
    outcomes = together(house, note(1), broken(Killed()), note(3))
    assert [type(outcome) for outcome in outcomes] == [Killed] * 3
    assert told(house) == []
    assert together(house, note(4)) == [4]


def test_fifty_deliveries_at_once_are_all_sent_and_recorded(house: Any) -> None:
    pager = Pager(house)
    people = [pager.person(f"p{n}", "demo") for n in range(50)]
    for person in people:
        pager.page(person, 1)

    async def all_of_them() -> None:
        from quarterdeck.notify.reactions.delivering import perform
        from tests.notify.pager import SETTINGS

        await asyncio.gather(*(perform(house.record, claim, SETTINGS, pager.channels) for claim in claims))

    claims = pager.claims()
    assert len(claims) == 50
    asyncio.run(all_of_them())
    assert len(pager.sent()) == 50
    assert pager.work() == 0
