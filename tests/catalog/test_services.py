"""The catalogue on both stores."""

import threading
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from quarterdeck.catalog import actions, state, views
from quarterdeck.catalog.rules import Entry
from quarterdeck.governance.actions import add_team
from quarterdeck.kernel.errors import Forbidden, Invalid, NotFound, Refused
from quarterdeck.record.schema import rebuild
from quarterdeck.record.tables import read
from tests.cast import ALICE, BOB, CHARLIE, DANA
from tests.conftest import House


@pytest.fixture
def catalogue(house: House) -> House:
    house.perform(lambda tx: add_team(tx, id="web", name="Web"))
    return house


def add(house: House, id: str, *needs: str, **changes: Any) -> None:
    values: dict[str, Any] = {"name": id.title(), "team": "web", "tier": 2, **changes}
    house.perform(lambda tx: actions.add_service(tx, id=id, depends_on=needs, **values), ALICE)


def revise(house: House, id: str, *needs: str) -> None:
    house.perform(
        lambda tx: actions.revise_service(tx, id=id, name=id.title(), team="web", tier=2, depends_on=needs), ALICE
    )


def test_a_service_is_found_with_what_it_needs_and_what_needs_it(catalogue: House) -> None:
    add(catalogue, "database", tier=1)
    add(catalogue, "shop", "database", "database", escalation_path="critical")
    found = catalogue.perform(lambda tx: state.service(tx, "shop"))
    assert found == state.Service("shop", "Shop", "web", 2, ("database",), "critical", True)
    assert [row.id for row in catalogue.ask(views.services)] == ["database", "shop"]
    database = catalogue.ask(views.service, "database")
    assert database is not None
    assert database.needed_by == ("shop",)
    assert catalogue.ask(views.service, "nothing") is None
    assert catalogue.ask(views.services)[0] == database


def test_unknown_teams_and_dependencies_are_all_named(catalogue: House) -> None:
    with pytest.raises(Invalid) as invalid:
        add(catalogue, "shop", "ghost", "phantom", team="nobody")
    text = str(invalid.value)
    assert all(word in text for word in ("'ghost'", "'phantom'", "'nobody'"))
    assert catalogue.ask(views.services) == []


def test_a_circle_is_refused_and_named(catalogue: House) -> None:
    add(catalogue, "a")
    add(catalogue, "b", "a")
    add(catalogue, "c", "b")
    with pytest.raises(Invalid, match="a → c → b → a"):
        revise(catalogue, "a", "c")
    with pytest.raises(Invalid, match="a → a"):
        revise(catalogue, "a", "a")
    a = catalogue.ask(views.service, "a")
    assert a is not None
    assert a.depends_on == ()


def test_two_revisions_at_once_cannot_close_a_circle(catalogue: House) -> None:
    add(catalogue, "a")
    add(catalogue, "b")
    start = threading.Barrier(2)
    outcomes: list[str] = []

    def turn(id: str, needs: str) -> None:
        start.wait()
        try:
            revise(catalogue, id, needs)
            outcomes.append("done")
        except Invalid:
            outcomes.append("refused")

    threads = [threading.Thread(target=turn, args=pair) for pair in (("a", "b"), ("b", "a"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "refused"]


def test_a_retired_service_is_kept_but_nothing_new_may_need_it(catalogue: House) -> None:
    add(catalogue, "database")
    add(catalogue, "shop", "database")
    for _ in range(2):
        catalogue.perform(lambda tx: actions.retire_service(tx, id="database"), ALICE)
    assert [row.id for row in catalogue.ask(views.services)] == ["shop"]
    assert [(row.id, row.active) for row in catalogue.ask(views.services, retired=True)] == [
        ("shop", True),
        ("database", False),
    ]
    with pytest.raises(Invalid, match="no service 'database' in use"):
        add(catalogue, "report", "database")
    with pytest.raises(Refused, match="retired"):
        revise(catalogue, "database")
    add(catalogue, "database")
    assert [row.id for row in catalogue.ask(views.services)] == ["database", "shop"]


def test_a_whole_file_is_applied_in_any_order_or_not_at_all(catalogue: House) -> None:
    entries = {
        "shop": Entry("Shop", "web", 1, ("database",)),
        "database": Entry("Database", "web", 1),
    }
    apply = partial(actions.apply_services, entries=entries)
    assert catalogue.perform(apply, ALICE) == (2, 0)
    assert catalogue.perform(apply, ALICE) == (0, 0)
    broken = {
        "shop": Entry("Store", "web", 1, ("database",)),
        "database": Entry("Database", "ghosts", 1, ("shop",)),
    }
    with pytest.raises(Invalid) as invalid:
        catalogue.perform(partial(actions.apply_services, entries=broken), ALICE)
    assert "shop: depends_on: services would depend on themselves: shop → database → shop" in invalid.value.errors
    assert "database: team: there is no team 'ghosts'; add it first" in invalid.value.errors
    assert [row.name for row in catalogue.ask(views.services)] == ["Database", "Shop"]


@pytest.mark.parametrize("who", [BOB, DANA, CHARLIE], ids=str)
def test_only_those_with_the_permission_touch_the_catalogue(catalogue: House, who: Any) -> None:
    add(catalogue, "shop")
    entry: dict[str, Any] = {"name": "X", "team": "web", "tier": 1}
    for act in (
        partial(actions.add_service, id="x", **entry),
        partial(actions.revise_service, id="shop", **entry),
        partial(actions.retire_service, id="shop"),
        partial(actions.apply_services, entries={}),
    ):
        with pytest.raises(Forbidden):
            catalogue.perform(act, who)


def test_what_is_not_there_cannot_be_revised_or_retired(catalogue: House) -> None:
    with pytest.raises(NotFound):
        revise(catalogue, "ghost")
    with pytest.raises(NotFound):
        catalogue.perform(lambda tx: actions.retire_service(tx, id="ghost"), ALICE)


def test_rebuilding_the_catalogue_changes_nothing(catalogue: House) -> None:
    add(catalogue, "a")
    add(catalogue, "b", "a")
    revise(catalogue, "a")
    revise(catalogue, "b")
    catalogue.perform(lambda tx: actions.retire_service(tx, id="a"), ALICE)
    add(catalogue, "a", "b", tier=4)

    def snapshot() -> list[list[str]]:
        with catalogue.read() as conn:
            tables = (read.tables[name] for name in ("service", "service_dependency"))
            return [sorted(map(str, conn.execute(select(table)))) for table in tables]

    live = snapshot()
    assert all(live)
    rebuild(catalogue.record)
    assert snapshot() == live
