"""Incidents follow their alerts, and their alerts follow them: through the real intake, on real stores."""

from typing import Any

import pytest

from quarterdeck.command import actions, views
from quarterdeck.intake import actions as intake
from quarterdeck.intake.views import signals
from tests.cast import ALICE
from tests.intake.plans import MONITOR, arrival, bring_into_force
from tests.people import settle


@pytest.fixture
def watched(house: Any) -> Any:
    """The cast, and intake's small plan: payments clear by themselves, storage does not."""
    settle(house.record)
    house.perform(bring_into_force)
    house.run_until_idle()
    return house


def send(house: Any, *arrivals: Any) -> None:
    house.perform(lambda tx: intake.accept(tx, list(arrivals)), by=MONITOR)
    house.run_until_idle()


STORAGE = {"team": "storage", "alertname": "DiskFull"}


def test_a_group_of_alerts_becomes_one_incident_under_the_plan(watched: Any) -> None:
    send(watched, arrival("db-1"), arrival("db-2"), arrival("db-3"))
    rows = watched.ask(views.incidents).items
    assert len(rows) == 1
    row = rows[0]
    assert (row.title, row.type, row.severity, row.plan_revision) == ("db-1 is slow", "outage", "SEV2", 1)
    assert (row.state, row.commander, row.commander_by_default, row.declared_by) == ("triage", "admin", True, "engine")
    assert {signal.incident for signal in watched.ask(signals).items} == {row.number}


def test_worse_alerts_raise_the_severity_and_milder_ones_never_lower_it(watched: Any) -> None:
    send(watched, arrival("db-1"))
    send(watched, arrival("db-2", severity="critical"))
    assert watched.ask(views.incident, 1).severity == "SEV1"
    told = [entry.sentence for entry in watched.ask(views.timeline, 1) if entry.type == "command.SeverityChanged"]
    assert told == ["Quarterdeck raised the severity from SEV2 to SEV1: alert worsened"]
    send(watched, arrival("db-3", severity="warning"))
    assert watched.ask(views.incident, 1).severity == "SEV1"


def test_an_acknowledgement_at_the_source_ends_triage_and_leaves_command(watched: Any) -> None:
    send(watched, arrival("db-1"))
    send(watched, arrival("db-1", "acknowledge"))
    row = watched.ask(views.incident, 1)
    assert (row.state, row.commander) == ("active", "admin")
    assert row.acknowledged_at is not None


def test_when_all_alerts_have_cleared_the_incident_is_resolved_by_itself(watched: Any) -> None:
    send(watched, arrival("db-1"), arrival("db-2"))
    send(watched, arrival("db-1", "resolve"), arrival("db-2", "resolve"))
    watched.forward(minutes=4)
    assert watched.ask(views.incident, 1).state == "triage"
    watched.forward(minutes=2)
    assert watched.ask(views.incident, 1).state == "resolved"
    assert watched.ask(views.timeline, 1)[0].body == "all alerts cleared"
    send(watched, arrival("db-1"))
    assert len(watched.ask(views.incidents).items) == 2


def test_cleared_alerts_of_a_careful_route_are_noted_and_a_return_too(watched: Any) -> None:
    send(watched, arrival("disk", labels=STORAGE))
    send(watched, arrival("disk", "resolve", labels=STORAGE))
    watched.forward(minutes=6)
    assert watched.ask(views.incident, 1).state == "triage"
    send(watched, arrival("disk", labels=STORAGE))
    types = [entry.type for entry in watched.ask(views.timeline, 1)]
    assert types[0] == "command.AlertsReturned"
    assert "command.AlertsCleared" in types


def test_a_declined_incident_hushes_its_alerts(watched: Any) -> None:
    send(watched, arrival("db-1"))
    watched.perform(lambda tx: actions.decline(tx, number=1, reason="known and harmless"), by=ALICE)
    watched.run_until_idle()
    send(watched, arrival("db-1"))
    assert len(watched.ask(views.incidents).items) == 1


def test_after_a_resolution_an_alert_that_still_fires_is_a_new_incident(watched: Any) -> None:
    send(watched, arrival("db-1"))
    watched.perform(lambda tx: actions.resolve(tx, number=1, reason="restarted"), by=ALICE)
    watched.run_until_idle()
    send(watched, arrival("db-1"))
    assert [row.number for row in watched.ask(views.incidents).items] == [2, 1]


def test_alerts_of_a_merged_incident_go_on_in_its_target(watched: Any) -> None:
    send(watched, arrival("db-1"))
    send(watched, arrival("disk", labels=STORAGE))
    watched.perform(lambda tx: actions.merge(tx, number=1, into=2), by=ALICE)
    watched.run_until_idle()
    first, second = watched.ask(views.incident, 1), watched.ask(views.incident, 2)
    assert (first.state, first.merged_into, second.severity) == ("merged", 2, "SEV3")
    send(watched, arrival("db-2", severity="critical"))
    assert watched.ask(views.incident, 2).severity == "SEV1"
    assert {signal.incident for signal in watched.ask(signals).items} == {2}
    sentences = [entry.sentence for entry in watched.ask(views.timeline, 2)]
    assert "Alice merged INC-1 into this: db-1 is slow" in sentences


def test_an_incident_of_the_plan_that_changed_meanwhile_is_declared_by_its_defaults(watched: Any) -> None:
    watched.perform(lambda tx: intake.accept(tx, [arrival("db-1")]), by=MONITOR)
    from tests.command.situations import furnish

    furnish(watched)
    row = watched.ask(views.incident, 1)
    assert (row.plan_revision, row.type, row.impact) == (2, "unclassified", None)
