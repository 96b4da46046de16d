"""Every commit point of every scenario is crashed once, just before and just after it, and the story ends right."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import make_url

from quarterdeck.app import wiring
from quarterdeck.kernel.time import ManualClock
from quarterdeck.record import open_store, schema
from quarterdeck.record.stores import Store
from quarterdeck.record.verify import verify
from tests.conftest import MONDAY
from tests.journeys.crash import Moment
from tests.journeys.scenarios import SCENARIOS, Scenario
from tests.journeys.stage import Ending, Stage, times
from tests.journeys.test_first_journey import assert_rebuild_equals_live
from tests.journeys.town import furnish

MOMENTS: tuple[Moment, ...] = ("before", "after")
SAMPLE = 2
"""Commit points of a scenario that are crashed on PostgreSQL in the ordinary run; `-m long` takes them all."""
_RAM = Path("/dev/shm")


Restore = Callable[[], Store]
"""Gives the store with the furnished town in it, as if nothing had happened yet."""


@pytest.fixture(scope="session")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Restore]:
    """One open file, restored for each run; in memory where it can be, since no power is cut."""
    folder = tmp_path_factory.mktemp("every-commit")
    ram = _RAM / f"quarterdeck-{uuid4().hex}" if _RAM.is_dir() else folder / "ram"
    ram.mkdir()
    store = open_store(f"sqlite:///{ram / 'run.db'}")
    _furnish(store)
    with closing(sqlite3.connect(ram / "run.db")) as source, closing(sqlite3.connect(ram / "town.db")) as kept:
        source.backup(kept)

    def restore() -> Store:
        with closing(sqlite3.connect(ram / "town.db")) as kept, closing(sqlite3.connect(ram / "run.db")) as target:
            kept.backup(target)
        return store

    yield restore
    store.close()
    shutil.rmtree(ram)


@pytest.fixture(scope="module")
def on_postgresql(postgres: str) -> Iterator[Restore]:
    """A town as a template database, and a database made from it for each run."""
    with _administrator(postgres) as admin:
        admin.execute("DROP DATABASE IF EXISTS town WITH (FORCE)")
        admin.execute("CREATE DATABASE town")
    store = open_store(_of(postgres, "town"))
    _furnish(store)
    store.close()
    opened: list[Store] = []

    def restore() -> Store:
        while opened:
            opened.pop().close()
        with _administrator(postgres) as admin:
            admin.execute("DROP DATABASE IF EXISTS run WITH (FORCE)")
            admin.execute("CREATE DATABASE run TEMPLATE town")
        opened.append(open_store(_of(postgres, "run")))
        return opened[-1]

    yield restore
    while opened:
        opened.pop().close()


def _furnish(store: Store) -> None:
    record = wiring.house().record(store, ManualClock(MONDAY))
    schema.create(record)
    furnish(record)


def _of(url: str, database: str) -> str:
    return make_url(url).set(database=database).render_as_string(hide_password=False)


def _administrator(url: str) -> Any:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=True)


def told(store: Store, scenario: Scenario, at: int | None, moment: Moment) -> Stage:
    stage = Stage(store, ManualClock(MONDAY), at, moment)
    scenario(stage)
    stage.forward(minutes=1)
    if stage.crashed:
        stage.let_leases_end()
    return stage


def assert_ends_right(stage: Stage, right: Ending, where: str) -> None:
    end = stage.end()
    assert stage.crashed, f"{where}: the house never died"
    assert not end.parked, f"{where}: a reaction is parked"
    for name, rows in right.states.items():
        assert end.states[name] == rows, f"{where}: {name}"
    assert {f"signal/{key}" for key in stage.accepted} <= end.signals, f"{where}: an accepted signal is gone"
    _assert_paged(end, right, where)
    assert verify(stage.record).faults == (), where


def _assert_paged(end: Ending, right: Ending, where: str) -> None:
    """Whoever was paged without a crash is paged; one crash sends one message at most once more, with the same key."""
    for person in set(right.keys.values()):
        wanted = sum(one == person for one in right.keys.values())
        got = sum(one == person for one in end.keys.values())
        assert got == wanted, f"{where}: {person} got {got} messages, not {wanted}"
    twice = [key for key, count in end.sent.items() if count > right.sent.get(key, 1)]
    assert sum(end.sent.values()) - sum(right.sent.values()) <= max(1, len(twice)), where
    assert all(end.sent[key] <= 2 for key in twice), f"{where}: sent more than twice"


def crash_each(restore: Restore, scenario: Scenario, most: int | None = None, *, twice: bool = False) -> int:
    """Crash every commit of the scenario, or `most` of them spread evenly; returns how many commits it has.

    Each is crashed once, just before it or just after it by turns; `twice`: both.
    """
    whole = told(restore(), scenario, None, "before")
    right, commits = whole.end(), whole.store.commits
    assert not right.parked
    points = range(1, commits + 1)
    for at in points if most is None else times(most, points):
        for moment in MOMENTS if twice else MOMENTS[at % 2 :][:1]:
            stage = told(restore(), scenario, at, moment)
            assert_ends_right(stage, right, f"{scenario.__name__}: crashed {moment} commit {at} of {commits}")
    assert_rebuild_equals_live(stage.record)
    return commits


def test_there_are_enough_scenarios() -> None:
    assert len({scenario.__name__ for scenario in SCENARIOS}) == len(SCENARIOS) >= 20


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.__name__)
def test_every_commit_of_a_scenario_may_be_the_last_of_a_process(scenario: Scenario, on_sqlite: Restore) -> None:
    assert crash_each(on_sqlite, scenario) > 2


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.__name__)
def test_so_it_is_on_postgresql(scenario: Scenario, on_postgresql: Restore) -> None:
    assert crash_each(on_postgresql, scenario, SAMPLE) > 2


@pytest.mark.long
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.__name__)
def test_before_and_after_every_commit(scenario: Scenario, on_sqlite: Restore, on_postgresql: Restore) -> None:
    assert crash_each(on_sqlite, scenario, twice=True) > 2
    assert crash_each(on_postgresql, scenario, twice=True) > 2
