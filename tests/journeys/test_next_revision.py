"""A revision changes what the next incident does, in paging, steps and updates, and leaves a running one alone."""

import json
from datetime import timedelta
from typing import Any

import pytest

from quarterdeck.command import actions as command
from quarterdeck.command import views as incidents
from quarterdeck.comms import views as comms
from quarterdeck.direction.views import keeping_their_revision
from quarterdeck.intake import actions as intake
from quarterdeck.intake.api.writer import DOOR
from quarterdeck.intake.sources import pagerduty
from quarterdeck.kernel.time import Instant
from quarterdeck.oncall import views as oncall
from quarterdeck.plan import actions as plan
from quarterdeck.plan import views as plans
from quarterdeck.plan.events import Reason
from quarterdeck.record.verify import verify
from tests.cast import ALICE, BOB, CAROL, DANA
from tests.conftest import House
from tests.journeys.test_first_journey import assert_rebuild_equals_live
from tests.journeys.town import Town, furnish, plan_files, raised

CHANGES = {
    "escalation.yaml": (  # the first path of the file is the one of SEV1 and SEV2
        '- notify: ["schedule:primary"]\n        acknowledge_within: 5 min\n',
        '- notify: ["post:head-of-operations"]\n        acknowledge_within: 3 min\n',
    ),
    "procedures/service-outage.yaml": ("        within: 15 min\n", "        within: 25 min\n"),
    "communication.yaml": (
        "        SEV2: { first_within: 5 min, every: 30 min }\n",
        "        SEV2: { first_within: 10 min, every: 45 min }\n",
    ),
}
STEP = "status-page"


def second_plan() -> dict[str, str]:
    files = plan_files()
    for name, (old, new) in CHANGES.items():
        assert old in files[name], (name, old)
        files[name] = files[name].replace(old, new, 1)
    return files


def publish_the_second(house: House) -> None:
    """The whole way: written by Alice, approved by somebody else who may."""

    def write(tx: Any) -> int:
        number = plan.open_draft(tx, title="Operations answer first", files=second_plan(), based_on=1)
        reasons = [Reason(kind="exercise", text="The drill showed that operations answer sooner")]
        plan.submit_draft(tx, draft=number, reasons=reasons)
        return number

    number = house.perform(write, ALICE)
    may = house.ask(plans.draft, number).approvers
    assert may and ALICE.id not in may
    approver = next(one for one in (CAROL, DANA) if one.id in may)
    house.perform(lambda tx: plan.approve_draft(tx, draft=number, seen=1), approver)
    house.perform(lambda tx: plan.publish_draft(tx, draft=number), approver)


def climb(house: House, number: int) -> list[tuple[timedelta, frozenset[str]]]:
    """How long after its beginning each rung had its turn, and who was paged on it."""
    found = house.ask(oncall.escalation, number)
    assert found is not None
    return [
        (min(page.at for page in step.pages) - found.started_at, frozenset(page.person for page in step.pages))
        for step in found.steps
        if step.pages
    ]


def due(house: House, number: int) -> Instant:
    """When the step of the procedure whose deadline was moved falls due."""
    (task,) = [one for one in house.ask(incidents.tasks, number) if one.step == STEP]
    assert task.due is not None
    return task.due


def minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


@pytest.fixture
def town(house: House) -> Town:
    furnish(house.record)
    return Town(house.record, house.clock)


def test_the_next_incident_follows_the_new_revision_and_the_running_one_the_old(house: House, town: Town) -> None:
    def alert(key: str, **labels: str) -> None:
        parsed = pagerduty.parse(json.dumps({"routing_key": "x", **raised(key, **labels)}).encode(), "spare")
        house.record.perform(DOOR, lambda tx: intake.accept(tx, parsed.arrivals))
        town.settle()

    alert("k1")
    town.forward(minutes=1)
    publish_the_second(house)
    alert("k2", service="payments", alertname="PaymentErrors")
    began = {number: house.ask(incidents.incident, number) for number in (1, 2)}
    assert [began[n].plan_revision for n in (1, 2)] == [1, 2]
    assert [began[n].severity for n in (1, 2)] == ["SEV2", "SEV2"]
    assert [row.number for row in house.ask(keeping_their_revision)] == [1, 2]

    town.forward(minutes=12)
    assert climb(house, 1)[:3] == [
        (minutes(0), frozenset({"bob"})),
        (minutes(5), frozenset({"bob", "alice"})),
        (minutes(10), frozenset({"carol"})),
    ], "paged as the plan said when it was declared"
    assert climb(house, 2)[:2] == [(minutes(0), frozenset({"carol"})), (minutes(3), frozenset({"bob", "alice"}))]

    assert due(house, 1) - began[1].declared_at == minutes(15)
    assert due(house, 2) - began[2].declared_at == minutes(25)

    for number in (1, 2):
        house.perform(lambda tx, n=number: command.acknowledge(tx, number=n), BOB)  # type: ignore[misc]  # mypy: a default in a lambda
    town.settle()
    paces = {}
    for number in (1, 2):
        stands = house.ask(comms.communication, number)
        assert stands is not None
        (it,) = [one for one in stands.audiences if one.audience == "it"]
        assert it.due is not None
        paces[number] = (stands.plan_revision, it.due - began[number].declared_at, it.every)
    assert paces == {1: (1, minutes(5), 30), 2: (2, minutes(10), 45)}

    town.forward(minutes=8)  # 21 min after the first was declared, 20 after the second
    overdue = {n: {t.step for t in house.ask(incidents.tasks, n) if t.overdue} for n in (1, 2)}
    assert STEP in overdue[1] and STEP not in overdue[2]
    assert house.ask(incidents.conformance, 1).plan_revision == 1

    house.perform(lambda tx: command.change_severity(tx, number=1, severity="SEV1", reason="Everybody is hit"), ALICE)
    town.settle()
    assert due(house, 1) - began[1].declared_at == minutes(15), "what is raised later still goes by its own revision"
    assert house.ask(incidents.incident, 1).plan_revision == 1
    assert verify(house.record).faults == ()
    assert_rebuild_equals_live(house.record)
