"""An exercise on the real path: its signal is a drill everywhere, people answer, and the record is the evidence."""

from typing import Any

import pytest

from quarterdeck.command import actions as command
from quarterdeck.command import views as incidents
from quarterdeck.comms import actions as comms
from quarterdeck.intake import views as signals
from quarterdeck.kernel.errors import Refused
from quarterdeck.learning.views import lesson
from quarterdeck.oncall import actions as oncall
from quarterdeck.oncall.views import escalation
from quarterdeck.plan.views import upkeep
from quarterdeck.readiness import actions, views
from tests.cast import ALICE, BOB, CAROL
from tests.journeys.town import Town, furnish
from tests.readiness.scripts import Stage, edited


@pytest.fixture
def town(house: Any) -> Town:
    """The example plan in force, Bob on call, nothing wrong."""
    furnish(house.record)
    found = Town(house.record, house.clock)
    found.settle()
    return found


def respond(stage: Stage) -> int:
    """Bob answers and leads, Alice does what is not hers to do; returns the incident's number."""
    town = stage.town
    town.forward(minutes=2)
    number: int = stage.sheet().state.incidents[0]
    stage.act(BOB, lambda tx: oncall.acknowledge(tx, number=number))
    stage.act(BOB, lambda tx: command.assign_role(tx, number=number, role="scribe", person="alice"))
    town.forward(minutes=8)
    stage.act(ALICE, lambda tx: command.complete_task(tx, number=number, task="scope", evidence="38 % in the EU"))
    town.forward(minutes=15)
    stage.act(BOB, lambda tx: command.mitigate(tx, number=number, how="Rolled back"))
    return number


def test_an_exercise_runs_on_the_real_path_gathers_its_evidence_and_is_judged(town: Town) -> None:
    stage = Stage(town)
    stage.start()
    number = respond(stage)
    sheet = stage.sheet()
    with town.record.read() as conn:
        row = incidents.incident(conn, number)
        raised = signals.signals(conn).items
    assert (row.drill, row.type, row.severity, row.declared_by) == (True, "service-outage", "SEV1", "engine")
    assert {signal.drill for signal in raised} == {"EX-1"}
    assert stage.verdicts() == {"ack": "met", "scribe": "met", "scope": "met", "over": "met"}
    assert [one.suggested.rating for one in sheet.objectives] == ["P", "M"]  # the scope was Bob's to do
    assert "not as the plan says" in sheet.objectives[1].suggested.why
    assert sheet.assembly.took is not None
    assert sheet.assembly.took.total_seconds() == 120
    assert [(one.inject.id, one.state) for one in sheet.injects] == [
        ("alarm", "happened"),
        ("news", "happened"),
        ("clear", "waiting"),
    ]
    ack = sheet.state.met["ack"]
    with town.record.read() as conn:
        told = {entry.position: entry.type for entry in incidents.timeline(conn, number)}
    assert told[ack.position] == "command.IncidentAcknowledged"  # type: ignore[index]  # an expectation met by the record has one
    judge(town, stage)


def judge(town: Town, stage: Stage) -> None:
    """The evaluator rates what the evidence suggests; what failed and what was found is followed up."""
    stage.act(ALICE, lambda tx: actions.end_exercise(tx, number=1))
    finding = "Nobody knew where the call is held."
    stage.act(CAROL, lambda tx: actions.note_finding(tx, number=1, kind="improvement", text=finding))
    (noted,) = stage.sheet().findings
    assert noted.lesson == 1
    with town.record.read() as conn:
        assert (lesson(conn, 1).lesson.source, lesson(conn, 1).lesson.observation) == ("EX-1", finding)
    with pytest.raises(Refused, match="Rate these objectives first"):
        stage.act(CAROL, lambda tx: actions.evaluate_exercise(tx, number=1, summary="Good."))
    with pytest.raises(Refused, match="judged by its evaluator"):
        stage.act(ALICE, lambda tx: actions.rate_objective(tx, number=1, objective="lead", rating="P", text="Good."))
    stage.evaluate(lead="U", fix="S")
    with town.record.read() as conn:
        asked = {row.document: [one.ref for one in row.reviews] for row in upkeep(conn) if row.reviews}
    assert asked == {"procedure:service-outage": ["EX-1"], "plan": ["EX-1"]}
    rated = {one.objective.id: one.rated for one in stage.sheet().objectives}
    assert rated["fix"] is not None
    assert (rated["fix"].rating, rated["fix"].suggested, rated["fix"].by) == ("S", "M", "carol")
    stage.act(CAROL, lambda tx: actions.close_exercise(tx, number=1))
    with town.record.read() as conn:
        (row,), following = views.exercises(conn)
    assert (row.state, row.ratings, row.failed, row.procedure) == (
        "closed",
        {"lead": "U", "fix": "S"},
        ("lead",),
        "service-outage",
    )
    assert following is None


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)  # what is told does not depend on the store
def test_everything_that_is_sent_says_drill_first(town: Town) -> None:
    stage = Stage(town)
    stage.start()
    town.forward(minutes=20)  # nobody answers: the path climbs, updates are overdue, management is told
    number = stage.sheet().state.incidents[0]
    stage.act(BOB, lambda tx: oncall.acknowledge(tx, number=number))
    stage.act(
        ALICE,
        lambda tx: comms.send_update(tx, number=number, fields={"impact": "Nobody can pay."}, by_pace=True),
    )
    stage.act(ALICE, lambda tx: actions.end_exercise(tx, number=stage.number))
    about = {message.purpose for message in town.provider.log}
    assert {"page", "update", "elevation", "reminder", "resolved"} <= about
    silent = [
        (message.purpose, message.subject, message.text)
        for message in town.provider.log
        if not (message.text.startswith("DRILL") and message.subject.startswith("DRILL"))
    ]
    assert silent == []


def test_a_real_incident_ends_the_exercise_at_once_and_withdraws_its_pages(town: Town) -> None:
    stage = Stage(town, edited(("minutes: 60", "minutes: 90")))
    stage.start()
    town.forward(minutes=1)
    number = stage.sheet().state.incidents[0]
    town.record.perform(BOB, lambda tx: actions.end_exercise(tx, number=1, reason="a real one", real=True))
    with town.record.read() as conn:  # in the same transaction, before any reaction has run
        assert incidents.incident(conn, number).state == "cancelled"
        stopped = escalation(conn, number)
        assert stopped is not None
        assert stopped.status == "stopped"
        assert {one.state for one in signals.signals(conn).items} == {"resolved"}
    pages = len(town.provider.received())
    town.forward(hours=3)
    assert len(town.provider.received()) == pages
    sheet = stage.sheet()
    assert (sheet.row.state, sheet.row.real, sheet.ended_because) == ("ended", True, "a real one")
    assert {one.state for one in sheet.injects} == {"happened", "dropped"}
    with pytest.raises(Refused, match="is ended"):
        stage.act(ALICE, lambda tx: actions.end_exercise(tx, number=1))


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)  # what is told does not depend on the store
def test_an_exercise_that_nobody_ends_ends_itself_and_its_incident(town: Town) -> None:
    stage = Stage(town)
    stage.start()
    town.forward(minutes=59)
    assert stage.sheet().row.state == "running"
    town.forward(minutes=2)
    sheet = stage.sheet()
    assert (sheet.row.state, sheet.ended_because) == ("ended", "its time was over")
    assert sheet.incidents[0].over or sheet.incidents[0].state == "resolved"
    assert set(stage.verdicts().values()) == {"unmet"}
    assert [one.suggested.rating for one in sheet.objectives] == ["U", "U"]


def test_a_drill_that_a_participant_declares_joins_the_exercise_and_a_real_one_never(town: Town) -> None:
    stage = Stage(town, edited(("at: 0 min", "at: 5 min")))
    stage.start()
    real = stage.act(BOB, lambda tx: command.declare(tx, title="Checkout returns errors"))
    drill = stage.act(BOB, lambda tx: command.declare(tx, title="Checkout returns errors", drill=True))
    assert stage.sheet().state.incidents == (drill,)
    with town.record.read() as conn:
        assert views.exercise_of_incident(conn, real) is None
        assert [row.number for row in incidents.similar(conn, "Checkout returns errors")] == [real]
    with pytest.raises(Refused, match="kept apart"):
        stage.act(ALICE, lambda tx: command.merge(tx, number=drill, into=real))
    town.forward(minutes=6)
    assert len(stage.sheet().state.incidents) == 2
    stage.act(ALICE, lambda tx: actions.end_exercise(tx, number=1))
    with town.record.read() as conn:
        assert incidents.incident(conn, real).open
        assert not [row for row in incidents.open_incidents(conn) if row.drill]


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)  # what is told does not depend on the store
def test_a_tabletop_sends_nothing_and_is_judged_by_people(town: Town) -> None:
    stage = Stage(town, edited(("kind: drill", "kind: tabletop")))
    stage.start()
    town.forward(minutes=15)
    assert [one.how for one in stage.sheet().injects if one.state == "happened"] == ["To be told at the table"] * 2
    with town.record.read() as conn:
        assert incidents.open_incidents(conn) == []
    assert town.provider.log == []
    stage.act(CAROL, lambda tx: actions.judge_expectation(tx, number=1, expectation="ack", met=True, note="At once."))
    with pytest.raises(Refused, match="leave its judgement"):
        stage.act(BOB_AS_MANAGER, lambda tx: actions.judge_expectation(tx, number=1, expectation="scope", met=True))
    assert stage.verdicts()["ack"] == "met"


BOB_AS_MANAGER = type(ALICE)("person/bob", roles=frozenset({"manager"}))
