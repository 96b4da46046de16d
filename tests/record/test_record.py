"""The record on both stores: appends, conflicts, alarms, history."""

import threading
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select, update

from quarterdeck.kernel.errors import Conflict, NotFound, Refused
from quarterdeck.kernel.principal import ENGINE, Principal
from quarterdeck.kernel.time import ManualClock
from quarterdeck.record import Claim, LeaseLost, Record, Tx, alarms, open_store, schema
from quarterdeck.record.history import after, head, history
from quarterdeck.record.stores import Store
from quarterdeck.record.tables import alarm
from tests.conftest import MONDAY
from tests.record.counter import COUNTER, LEASED, Counted, Started, record_of

WHO = Principal("person/alice")


@pytest.fixture
def record(store: Store) -> Record:
    made = record_of(store, ManualClock(MONDAY))
    schema.create(made)
    return made


def start(record: Record, key: str = "a") -> None:
    record.perform(WHO, lambda tx: tx.append(COUNTER, key, [Started(at=tx.now)]))


def _start_leased(key: str, urgency: int, tx: Tx) -> None:
    tx.append(LEASED, key, [Started(at=tx.now, urgency=urgency)])


def count(tx: Tx, key: str = "a", by: int = 1) -> None:
    tx.decide(COUNTER, key, lambda state: [Counted(at=tx.now, by=by)])


def test_what_is_appended_is_folded_on_the_next_load(record: Record) -> None:
    start(record)
    record.perform(WHO, lambda tx: count(tx, by=2))
    record.perform(WHO, lambda tx: count(tx, by=3))
    assert record.perform(WHO, lambda tx: tx.existing(COUNTER, "a")).total == 5


def test_positions_are_dense_and_each_row_says_who_and_why(record: Record) -> None:
    start(record)
    record.perform(ENGINE, count, cause=1)
    with record.read() as conn:
        rows = history(conn, record.codec, ["counter/a"])
        assert head(conn) == 2
    assert [(r.position, r.version, r.actor, r.cause) for r in rows] == [(1, 1, WHO.id, None), (2, 2, "engine", 1)]


def test_deciding_on_an_empty_stream_says_that_there_is_none(record: Record) -> None:
    with pytest.raises(NotFound, match="There is no counter nowhere"):
        record.perform(WHO, lambda tx: count(tx, "nowhere"))


def test_a_failed_action_leaves_nothing_behind(record: Record) -> None:
    def fail(tx: Tx) -> None:
        tx.append(COUNTER, "a", [Started(at=tx.now)])
        raise RuntimeError("half way")

    with pytest.raises(RuntimeError):
        record.perform(WHO, fail)
    with record.read() as conn:
        assert head(conn) == 0


def test_two_first_appends_under_one_name_collide(record: Record) -> None:
    start(record)
    with pytest.raises(Conflict):
        record.perform(WHO, lambda tx: tx.append_many([(COUNTER, "a", [Started(at=tx.now)])], fresh=True))


def test_of_four_racers_each_decides_on_what_the_others_did(record: Record) -> None:
    start(record)
    barrier = threading.Barrier(4)

    def race() -> None:
        barrier.wait()
        for _ in range(10):
            record.perform(WHO, count)

    threads = [threading.Thread(target=race) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert record.perform(WHO, lambda tx: tx.existing(COUNTER, "a")).total == 40
    with record.read() as conn:
        assert [r.position for r in after(conn, record.codec, 0, [Started, Counted], 100)] == list(range(1, 42))


def test_numbers_are_gapless_even_when_an_action_fails(record: Record) -> None:
    def fail(tx: Tx) -> None:
        tx.next_number("incident")
        raise RuntimeError

    assert record.perform(WHO, lambda tx: tx.next_number("incident")) == 1
    with pytest.raises(RuntimeError):
        record.perform(WHO, fail)
    assert record.perform(WHO, lambda tx: tx.next_number("incident")) == 2


def test_the_alarm_follows_due_and_goes_when_nothing_is_due(record: Record) -> None:
    start(record)
    with record.read() as conn:
        assert alarms.next_due(conn) == MONDAY + timedelta(minutes=10)
    record.perform(WHO, lambda tx: count(tx, by=100))
    with record.read() as conn:
        assert alarms.next_due(conn) is None


def test_a_lease_that_ends_comes_due_again_and_the_late_holder_is_refused(record: Record) -> None:
    record.perform(WHO, lambda tx: tx.append(LEASED, "a", [Started(at=tx.now)]))
    record.clock.forward(minutes=10)  # type: ignore[attr-defined]  # the fixture's clock is manual

    def lease() -> list[Claim]:
        until = timedelta(seconds=30)
        return record.perform(ENGINE, lambda tx: alarms.lease(record.store, tx.connection, tx.now, tx.now + until, 10))

    (first,) = lease()
    assert lease() == []
    record.clock.forward(seconds=31)  # type: ignore[attr-defined]  # as above
    (second,) = lease()
    assert (first.fence, second.fence) == (1, 2)
    record.perform(ENGINE, lambda tx: alarms.check_fence(tx.connection, second))
    with pytest.raises(LeaseLost):
        record.perform(ENGINE, lambda tx: alarms.check_fence(tx.connection, first))


def test_a_lease_taken_under_a_clock_that_was_set_back_does_not_hold(record: Record) -> None:
    record.perform(WHO, lambda tx: tx.append(LEASED, "a", [Started(at=tx.now)]))
    far = record.clock.now() + timedelta(days=1)
    record.perform(ENGINE, lambda tx: alarms.lease(record.store, tx.connection, far, far + timedelta(seconds=30), 10))
    record.perform(ENGINE, lambda tx: alarms.void_bogus_leases(tx.connection, tx.now))
    with record.read() as conn:
        assert alarms.next_leased(conn) == record.clock.now()


def test_the_most_urgent_alarm_is_claimed_first_whatever_came_due_before(record: Record) -> None:
    for key, urgency in (("low", 4), ("high", 0), ("middle", 2)):
        record.perform(WHO, partial(_start_leased, key, urgency))
    late = record.clock.now() + timedelta(hours=1)
    claims = record.perform(ENGINE, lambda tx: alarms.lease(record.store, tx.connection, late, late, 10))
    assert [claim.key for claim in claims] == ["high", "middle", "low"]


def test_rebuilding_gives_the_same_alarms(record: Record) -> None:
    for key in "abc":
        start(record, key)
    record.perform(WHO, lambda tx: count(tx, "b", 100))

    def rows() -> list[tuple[object, ...]]:
        with record.read() as conn:
            return [tuple(row) for row in conn.execute(select(alarm).order_by(alarm.c.stream))]

    before = rows()
    with record.store.writing() as conn:
        conn.execute(update(alarm).values(due=1))
    assert schema.rebuild(record) == 4
    assert rows() == before


def test_an_engine_that_is_alone_takes_over_what_its_dead_predecessor_had_leased(record: Record) -> None:
    record.perform(WHO, lambda tx: tx.append(LEASED, "a", [Started(at=tx.now)]))
    late = record.clock.now() + timedelta(hours=1)
    record.perform(ENGINE, lambda tx: alarms.lease(record.store, tx.connection, late, late, 10))
    alone = record.store.enter_engine()
    assert alone == record.store.url.startswith("sqlite")
    record.perform(ENGINE, lambda tx: alarms.void_leases(tx.connection, tx.now))
    with record.read() as conn:
        assert alarms.next_leased(conn) == record.clock.now()


def test_a_second_engine_on_one_sqlite_file_is_refused(tmp_path: Path) -> None:
    first, second = (open_store(f"sqlite:///{tmp_path / 'q.db'}") for _ in range(2))
    first.enter_engine()
    with pytest.raises(Refused, match="use PostgreSQL"):
        second.enter_engine()
    first.close()
    assert second.enter_engine()
    second.close()
