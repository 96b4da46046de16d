"""A real alert becomes a directed, paged, recorded incident: the whole way, on both stores, under a virtual clock."""

from functools import partial
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from quarterdeck.command import actions as command
from quarterdeck.command import views as incidents
from quarterdeck.learning import actions as learning
from quarterdeck.learning import views as reviews
from quarterdeck.oncall import views as oncall
from quarterdeck.record import Record, Tx, schema
from quarterdeck.record.tables import alarm, read
from quarterdeck.record.verify import verify
from tests.cast import ALICE, BOB, CAROL
from tests.conftest import House
from tests.journeys.town import Town, cleared, furnish, raised


@pytest.fixture
def town(house: House) -> Town:
    return Town(house.record, house.clock)


def test_from_the_alert_to_the_review(house: House, town: Town) -> None:
    key = furnish(house.record)
    door = house.client()

    assert _send(door, key, raised()) == 202
    town.settle()
    with house.read() as conn:
        (incident,) = incidents.open_incidents(conn)
        assert (incident.state, incident.service, incident.plan_revision) == ("triage", "checkout", 1)
        assert incidents.tasks(conn, 1), "the procedure's steps are tasks"
    (page,) = town.provider.received()
    assert len(page.short) <= 160
    assert "INC-1" in page.short

    path = urlsplit(page.link).path
    phone = house.client()
    assert phone.get(path).status_code == 200
    town.settle()
    assert house.ask(incidents.incident, 1).acknowledged_at is None, "a GET never acknowledges"
    assert phone.post(path, data={"answer": "ack"}).status_code in (200, 201, 303)
    with house.read() as conn:
        assert incidents.incident(conn, 1).acknowledged_at == town.clock.now()
        found = oncall.escalation(conn, 1)
    assert found is not None
    assert not found.asking

    town.forward(hours=2)
    assert len(town.provider.received()) == 1, "nobody is paged after the acknowledgement"
    with house.read() as conn:
        assert any(task.overdue for task in incidents.tasks(conn, 1)), "deadlines are alarms"
        tasks = incidents.tasks(conn, 1)
    for task in tasks:
        if task.state == "open":
            evidence = "See the dashboard" if task.evidence else None
            house.perform(partial(_complete, task.id, evidence), BOB)

    assert _send(door, key, cleared()) == 202
    town.forward(minutes=30)
    assert house.ask(incidents.incident, 1).resolved_at is not None, "it resolves by itself once every alert is silent"
    review = house.ask(reviews.review, 1)
    assert review is not None
    assert review.due > town.clock.now()
    town.forward(days=30)
    late = house.ask(reviews.review, 1)
    assert late is not None
    assert late.overdue
    house.perform(lambda tx: learning.hold_review(tx, number=1, summary="A bad release.", facilitator="carol"), CAROL)
    house.perform(lambda tx: command.close(tx, number=1), ALICE)
    assert house.ask(incidents.incident, 1).state == "closed"
    assert verify(house.record).faults == ()
    assert_rebuild_equals_live(house.record)


def test_an_unanswered_page_climbs_to_the_senior_manager_who_is_named_in_the_plan(house: House, town: Town) -> None:
    key = furnish(house.record)
    _send(house.client(), key, raised())
    town.forward(hours=2)
    told = [_person(house, message.delivery) for message in town.provider.received()]
    assert told[0] == "bob"
    assert "dana" in told
    first_final = told.index("dana")
    assert set(told[:first_final]) >= {"bob", "alice"}
    assert all(person == "dana" for person in told[first_final:]), (
        "at the end of the path she is asked until she answers"
    )


def test_one_storm_is_one_incident_and_one_page(house: House, town: Town) -> None:
    key = furnish(house.record)
    door = house.client()
    for i in range(60):
        assert _send(door, key, raised(f"k{i}")) == 202
    town.forward(minutes=2)
    assert [row.number for row in house.ask(incidents.open_incidents)] == [1]
    assert len(town.provider.received()) == 1


def _complete(task: str, evidence: str | None, tx: Tx) -> None:
    command.complete_task(tx, number=1, task=task, evidence=evidence)


def _send(door: Any, key: str, body: dict[str, Any]) -> int:
    answer = door.post("/v2/enqueue", json={"routing_key": key, **body})
    return int(answer.status_code)


def _person(house: House, delivery: str) -> str:
    from quarterdeck.notify.rules import DELIVERY

    return house.perform(lambda tx: tx.existing(DELIVERY, delivery).person)


def assert_rebuild_equals_live(record: Record) -> None:
    """Every read table and alarm is the same when made again from the record alone."""
    live = _rows(record)
    schema.rebuild(record)
    rebuilt = _rows(record)
    for name, rows in live.items():
        assert rebuilt[name] == rows, name


def _rows(record: Record) -> dict[str, list[tuple[Any, ...]]]:
    tables = [*read.sorted_tables, alarm]
    columns = {table.name: [c for c in table.columns if c.name not in ("fence", "lease_until")] for table in tables}
    with record.read() as conn:
        return {
            table.name: sorted(
                (
                    tuple(map(str, row))
                    for row in conn.execute(select(*columns[table.name]))
                    if row[0] != "canary/loopback"
                ),
            )
            for table in tables
        }
