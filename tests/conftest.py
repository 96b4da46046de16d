"""The house under test: every room wired, on a real SQLite file and on a real PostgreSQL, under our own clock."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import Connection, Table, exists, literal, select, union_all

from quarterdeck.app import engine, wiring
from quarterdeck.app.reacting import Reactor
from quarterdeck.kernel.principal import Principal
from quarterdeck.kernel.time import ManualClock
from quarterdeck.record import Record, Tx, alarms, open_store, schema
from quarterdeck.record.stores import Store
from quarterdeck.record.tables import journal, kept, read
from tests.cast import ADMIN
from tests.house.postgres import Server, start_postgres

T = TypeVar("T")
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class House:
    """A wired house: perform as somebody, let the engine work, move the clock."""

    def __init__(self, store: Store, home: Path) -> None:
        self.home = home
        self.clock = ManualClock(MONDAY)
        self.wired = wiring.house()
        self.record: Record = self.wired.record(store, self.clock)
        schema.create(self.record)
        self._reactor = Reactor(self.record, self.wired.reactions)

    def perform(self, act: Callable[[Tx], T], by: Principal = ADMIN) -> T:
        return self.record.perform(by, act)

    def read(self) -> Any:
        return self.record.read()

    def ask(self, view: Callable[..., T], *args: Any, **named: Any) -> T:
        """Call a view on a fresh snapshot."""
        with self.record.read() as conn:
            return view(conn, *args, **named)

    def run_until_idle(self) -> None:
        """Reactions and due alarms; leased deliveries wait for a test that performs them."""
        engine.run_until_idle(self._reactor)

    def forward(self, **delta: float) -> None:
        """Move the clock by `timedelta(**delta)`, stopping at every alarm on the way as a real engine would."""
        self.run_until_idle()
        goal = ManualClock(self.clock.now()).forward(**delta)
        while True:
            with self.record.read() as conn:
                due = alarms.next_due(conn)
            if due is None or due > goal:
                break
            self.clock.set(max(due, self.clock.now()))
            self.run_until_idle()
        self.clock.set(goal)
        self.run_until_idle()

    def client(self, who: Principal | None = None) -> Any:
        """A web client signed in as `who` (None: nobody)."""
        from tests.web import client

        return client(self, who)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    server = start_postgres()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def postgres(postgres_server: Server) -> str:
    return postgres_server.url


def _tables() -> list[Table]:
    return [table for family in (journal, kept, read) for table in family.sorted_tables]


def _empty(conn: Connection) -> None:
    """Truncating a hundred tables takes ten times as long as finding the few that hold anything."""
    asked = union_all(*(select(literal(table.name)).where(exists(select(1).select_from(table))) for table in _tables()))
    if full := conn.execute(asked).scalars().all():
        conn.exec_driver_sql("TRUNCATE " + ", ".join(f'"{name}"' for name in full))


_postgres_stores: dict[str, Store] = {}


@pytest.fixture(scope="session")
def every_table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with every table in it: copying it takes a tenth of making them."""
    path = tmp_path_factory.mktemp("every-table") / "quarterdeck.db"
    made = open_store(f"sqlite:///{path}")
    schema.create(wiring.house().record(made, ManualClock(MONDAY)))
    made.close()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Both stores, always: an empty SQLite file, and the session's PostgreSQL emptied."""
    if request.param == "sqlite":
        shutil.copyfile(request.getfixturevalue("every_table"), tmp_path / "quarterdeck.db")
        opened = open_store(f"sqlite:///{tmp_path / 'quarterdeck.db'}")
        yield opened
        opened.close()
        return
    url = request.getfixturevalue("postgres")
    wiring.house()
    if url not in _postgres_stores:
        _postgres_stores[url] = open_store(url)
        with _postgres_stores[url].writing() as conn:
            for family in (journal, kept, read):
                family.create_all(conn)
    with _postgres_stores[url].writing() as conn:
        _empty(conn)
    yield _postgres_stores[url]


@pytest.fixture
def house(store: Store, tmp_path: Path) -> House:
    return House(store, tmp_path)
