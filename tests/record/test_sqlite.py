"""What only the SQLite store has: one writer at a time, and upkeep that does not get in its way."""

import threading
from pathlib import Path

from quarterdeck.record.sqlite import SqliteStore


def test_upkeep_waits_for_the_writer_before_it_renews_the_connection(tmp_path: Path) -> None:
    store = SqliteStore(f"sqlite:///{tmp_path}/kept.db")
    upkeep = threading.Thread(target=store.maintain)
    with store.writing() as conn:
        conn.exec_driver_sql("CREATE TABLE kept (id INTEGER)")
        upkeep.start()
        upkeep.join(0.2)
        assert upkeep.is_alive(), "it took the writers' connection away under a writer"
    upkeep.join(10)
    assert not upkeep.is_alive()
    with store.writing() as conn:
        assert conn.exec_driver_sql("PRAGMA wal_autocheckpoint").scalar() == 0, "the new connection does not checkpoint"
    store.close()
