"""Tampering is found: a row changed, dropped, reordered or cut off."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from quarterdeck.kernel.principal import ENGINE
from quarterdeck.kernel.time import ManualClock
from quarterdeck.record import Record, chain, schema
from quarterdeck.record.stores import Store
from quarterdeck.record.tables import record as journal
from quarterdeck.record.verify import add_seal, verify
from tests.conftest import MONDAY
from tests.record.counter import COUNTER, Counted, Started, record_of

ROWS = 40


@pytest.fixture
def record(store: Store) -> Record:
    made = record_of(store, ManualClock(MONDAY))
    schema.create(made)
    for i in range(ROWS // 4):
        made.perform(ENGINE, lambda tx, i=i: tx.append(COUNTER, i, [Started(at=tx.now)]))  # type: ignore[misc]  # bound i
        made.perform(ENGINE, lambda tx, i=i: tx.append(COUNTER, i, [Counted(at=tx.now, by=i)] * 3))  # type: ignore[misc]  # bound i
        if i % 4 == 3:
            made.perform(ENGINE, add_seal)
    return made


def test_an_untouched_record_is_whole(record: Record) -> None:
    verdict = verify(record)
    assert (verdict.events, verdict.streams, verdict.seals, verdict.faults) == (ROWS, ROWS // 4, 2, ())


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(position=st.integers(1, ROWS), column=st.sampled_from(["data", "actor", "occurred_at", "type", "cause"]))
def test_any_changed_column_of_any_row_is_found(record: Record, position: int, column: str) -> None:
    value = {"data": "{}", "actor": "nobody", "occurred_at": 1, "type": "record.Started2", "cause": 99}[column]
    mine = journal.c.position == position
    with record.store.writing() as conn:
        before = conn.execute(select(journal).where(mine)).one()._mapping[column]
        conn.execute(update(journal).where(mine).values({column: value}))
    assert any(f"Position {position}:" in fault for fault in verify(record).faults)
    with record.store.writing() as conn:
        conn.execute(update(journal).where(mine).values({column: before}))


@pytest.mark.parametrize("position", [1, 2, 17, 20, ROWS - 1])
def test_a_dropped_row_is_found(record: Record, position: int) -> None:
    with record.store.writing() as conn:
        conn.execute(delete(journal).where(journal.c.position == position))
    assert any(f"Position {position} is missing" in fault for fault in verify(record).faults)


def test_a_record_cut_short_behind_its_last_seal_is_found(record: Record) -> None:
    with record.store.writing() as conn:
        conn.execute(delete(journal).where(journal.c.position >= 30))
    assert verify(record).faults == ("The seal at position 32 has lost its row: the record was cut short.",)


def test_a_cut_after_the_last_seal_shows_in_the_head(record: Record) -> None:
    head = verify(record).head
    with record.store.writing() as conn:
        conn.execute(delete(journal).where(journal.c.position == ROWS))
    verdict = verify(record)
    assert verdict.faults == ()
    assert verdict.head != head


def test_two_rows_that_swap_places_are_found(record: Record) -> None:
    with record.store.writing() as conn:
        for old, new in ((3, -3), (7, 3), (-3, 7)):
            conn.execute(update(journal).where(journal.c.position == old).values(position=new))
    assert verify(record).faults


def test_a_redacted_row_keeps_its_digest_and_stays_whole(record: Record) -> None:
    with record.store.writing() as conn:
        data = conn.execute(select(journal.c.data).where(journal.c.position == 5)).scalar_one()
        scrubbed = f'{{"redacted": "{chain.digest_of(data).hex()}"}}'
        conn.execute(update(journal).where(journal.c.position == 5).values(data=scrubbed))
    assert verify(record).faults == ()
