"""Scenarios cut from what happened, and outlined from the plan: sound, fitting, and without anybody's name."""

from datetime import timedelta
from typing import Any

import pytest

from quarterdeck.command import actions as command
from quarterdeck.kernel.errors import Refused
from quarterdeck.plan.rules.checking import check
from quarterdeck.plan.sources.example import example_files
from quarterdeck.readiness import views
from quarterdeck.readiness.rules.cutting import History, Note, Signal, cut, outline
from quarterdeck.readiness.rules.fitting import check_against
from quarterdeck.readiness.rules.scenario import Scenario
from tests.cast import ALICE, BOB
from tests.conftest import MONDAY
from tests.journeys.town import Town, cleared, furnish, raised
from tests.readiness.scripts import Stage

PLAN = check(example_files()).sound()
MINUTE = timedelta(minutes=1)


def sound(text: str) -> Scenario:
    found = check_against(text, PLAN)
    assert [str(fault) for fault in found.faults] == [], text
    assert found.scenario is not None
    return found.scenario


def history(**changes: Any) -> History:
    facts: dict[str, Any] = {
        "number": 7,
        "title": "Checkout fails, says Bob",
        "type": "service-outage",
        "severity": "SEV1",
        "service": "checkout",
        "impact": "extensive",
        "urgency": "high",
        "declared_at": MONDAY,
        "acknowledged_at": MONDAY + 3 * MINUTE,
        "mitigated_at": MONDAY + 40 * MINUTE,
        "ended_at": MONDAY + 60 * MINUTE,
        "signals": (
            Signal(
                "5xx on checkout", "critical", {"alertname": "Errors", "owner": "bob"}, MONDAY, MONDAY + 41 * MINUTE
            ),
            Signal("5xx on checkout", "critical", {"alertname": "Errors", "9": "x"}, MONDAY + 5 * MINUTE),
        ),
        "notes": (Note(MONDAY + 12 * MINUTE, "@bob and Alice Adams looked at release 812; bobbing is no name."),),
        "names": {"bob": "a colleague", "Bob": "a colleague", "Alice": "the commander", "Adams": "the commander"},
    }
    return History(**(facts | changes))


def test_signals_and_notes_become_injects_and_the_plan_becomes_what_is_expected() -> None:
    scenario = sound(cut(history(), PLAN))
    assert (scenario.cut_from, scenario.type, scenario.kind, scenario.minutes) == (
        "INC-7",
        "service-outage",
        "functional",
        55,
    )
    assert [(one.id, one.at) for one in scenario.injects] == [
        ("raise-errors", 0),
        ("raise-errors-2", 5),
        ("fact-1", 12),
        ("clear-errors", 41),
    ]
    expected = {one.id: one.within for one in scenario.expected}
    assert expected["acknowledged"] == 5, "the plan's time for a SEV1"
    assert expected["over"] == 40, "as fast as then"
    assert expected["step-scope"] == 10
    assert {"tell-management", "elevate-sev1", "command"} <= set(expected)
    assert "step-verify" not in expected, "due after two hours, and the exercise lasts 55 minutes"


def test_nobody_is_named() -> None:
    text = cut(history(), PLAN)
    assert "a colleague and the commander the commander looked at release 812; bobbing is no name." in text
    body = text.partition("\ntitle")[2]
    assert not {"bob ", "Bob", "Alice", "Adams", "@"} & set(body.split(" ")) and "owner: a colleague" in body


def test_what_lasted_for_days_is_told_in_hours() -> None:
    late = MONDAY + timedelta(days=2)
    scenario = sound(cut(history(mitigated_at=late, ended_at=late, notes=(Note(late - MINUTE, "Still here."),)), PLAN))
    assert scenario.minutes <= 260
    assert max(one.at for one in scenario.injects) < scenario.minutes
    assert "It lasted 2895 minutes" in (scenario.purpose or "")


def test_without_signals_somebody_reports_it_and_an_unknown_type_falls_back() -> None:
    scenario = sound(cut(history(signals=(), notes=(), type="gone", mitigated_at=None, impact=None), PLAN))
    assert [one.happening for one in scenario.injects] == ["declare"]
    assert scenario.type == "unclassified"
    assert "over" not in {one.id for one in scenario.expected}


@pytest.mark.parametrize("type", sorted(PLAN.types))
def test_an_outline_fits_the_plan_it_was_made_from(type: str) -> None:
    for severity in ("SEV1", "SEV2", "SEV5"):
        assert sound(outline(PLAN, type, severity)).type == type


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)  # it does not depend on the store
def test_a_scenario_is_cut_from_the_record_and_can_be_planned(house: Any) -> None:
    furnish(house.record)
    town = Town(house.record, house.clock)
    with house.client() as door:
        key = {"routing_key": _intake_key(house)}
        assert door.post("/v2/enqueue", json=raised(title="Checkout returns errors") | key).status_code == 202
        town.forward(minutes=10)
        town.record.perform(BOB, lambda tx: command.note(tx, number=1, text="Bob asked Carol: release 812?"))
        town.record.perform(BOB, lambda tx: command.mitigate(tx, number=1, how="Rolled back"))
        assert door.post("/v2/enqueue", json=cleared() | key).status_code == 202
        town.forward(minutes=10)
    with town.record.read() as conn:
        text = views.scenario_cut_from(conn, 1)
    assert "a colleague asked a colleague: release 812?" in text
    stage = Stage(town, text, evaluator="carol")
    stage.start()
    with town.record.read() as conn, pytest.raises(Refused, match="is a drill itself"):
        views.scenario_cut_from(conn, stage.sheet().state.incidents[0])


def _intake_key(house: Any) -> str:
    from quarterdeck.governance import actions as governance

    return str(
        house.perform(
            lambda tx: governance.issue_key(tx, label="Cut", roles=("intake",)),
            ALICE.__class__("local", frozenset({"administrator"})),
        )
    )
