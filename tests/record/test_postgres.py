"""What only the PostgreSQL store has: many writers, one of which may be stopped in the midst of writing."""

import time
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from quarterdeck.record import postgres as stores
from quarterdeck.record.postgres import PostgresStore
from quarterdeck.record.stores import is_down


def test_who_stands_still_while_writing_is_not_waited_for(postgres: str, monkeypatch: Any) -> None:
    monkeypatch.setattr(stores, "WAITED_FOR_MS", 300)
    stopped, other = PostgresStore(postgres), PostgresStore(postgres)
    with pytest.raises(DBAPIError) as told:
        stand_still(stopped, other)
    assert is_down(told.value), "it comes back and finds that it has written nothing"
    for store in (stopped, other):
        store.close()


def stand_still(stopped: PostgresStore, other: PostgresStore) -> None:
    with stopped.writing() as conn:
        stopped.lock(conn)
        began = time.monotonic()
        with other.writing() as free:
            other.lock(free)
        assert time.monotonic() - began < 20
        conn.exec_driver_sql("SELECT 1")


def test_who_said_that_it_takes_its_time_is_waited_for(postgres: str, monkeypatch: Any) -> None:
    monkeypatch.setattr(stores, "WAITED_FOR_MS", 100)
    store = PostgresStore(postgres)
    with store.writing() as conn:
        store.unhurried(conn)
        time.sleep(0.3)
        assert conn.exec_driver_sql("SELECT 1").scalar() == 1
    with store.reading() as conn:
        time.sleep(0.3)
        assert conn.exec_driver_sql("SELECT 1").scalar() == 1, "a reader holds nothing up"
    store.close()
