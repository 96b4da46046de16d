"""Declaring on real stores: the plan is pinned, the severity computed, the commander found, the tasks laid out."""

from datetime import timedelta
from typing import Any

import pytest

from quarterdeck.command import actions, views
from quarterdeck.command.rules import INCIDENT
from quarterdeck.command.state import incident
from quarterdeck.kernel.errors import Forbidden, Invalid, NotFound, Refused
from quarterdeck.kernel.principal import ENGINE
from quarterdeck.plan import actions as plan
from tests.cast import ADMIN, ALICE, BOB, CHARLIE, DANA
from tests.command.situations import example_plan, furnish


@pytest.fixture
def furnished(house: Any) -> Any:
    furnish(house)
    return house


def declare(house: Any, by: Any = ALICE, **facts: Any) -> int:
    number: int = house.perform(lambda tx: actions.declare(tx, **{"title": "Card payments fail", **facts}), by=by)
    return number


def test_a_title_is_enough_and_the_plan_says_the_rest(furnished: Any) -> None:
    number = declare(furnished)
    row = furnished.ask(views.incident, number)
    assert (row.number, row.state, row.type, row.severity) == (1, "triage", "unclassified", "SEV3")
    assert (row.plan_revision, row.commander, row.commander_by_default) == (1, "alice", False)
    assert not row.assessed
    assert row.tasks_open > 0


def test_without_a_plan_an_incident_can_be_declared_all_the_same(house: Any) -> None:
    number = declare(house, by=ADMIN)
    row = house.ask(views.incident, number)
    assert (row.plan_revision, row.severity, row.tasks_open, row.commander) == (None, "SEV3", 0, "admin")


def test_severity_comes_from_impact_and_urgency(furnished: Any) -> None:
    number = declare(furnished, impact="extensive", urgency="high")
    row = furnished.ask(views.incident, number)
    assert (row.severity, row.computed_severity, row.severity_reason) == ("SEV1", "SEV1", None)


def test_an_override_keeps_the_computed_severity_and_wants_a_reason(furnished: Any) -> None:
    with pytest.raises(Invalid, match="SEV1"):
        declare(furnished, impact="extensive", urgency="high", severity="SEV3")
    number = declare(
        furnished, impact="extensive", urgency="high", severity="SEV3", severity_reason="only the test system"
    )
    row = furnished.ask(views.incident, number)
    assert (row.severity, row.computed_severity, row.severity_reason) == ("SEV3", "SEV1", "only the test system")


def test_nobody_goes_below_the_floor_of_the_type(furnished: Any) -> None:
    number = declare(furnished, type="ransomware", impact="minor", urgency="low")
    assert furnished.ask(views.incident, number).severity == "SEV1"
    with pytest.raises(Refused) as refusal:
        declare(furnished, type="ransomware", severity="SEV2", severity_reason="small")
    assert refusal.value.reason == "BelowFloor"


def test_every_fault_is_named_at_once(furnished: Any) -> None:
    with pytest.raises(Invalid) as fault:
        declare(furnished, type="alien", impact="cosmic", urgency="never", service="ghost")
    assert [error.partition(":")[0] for error in fault.value.errors] == ["type", "impact", "urgency", "service"]


@pytest.mark.parametrize("who", [CHARLIE, DANA], ids=["no roles", "viewer"])
def test_who_may_not_declare_is_refused(furnished: Any, who: Any) -> None:
    with pytest.raises(Forbidden):
        declare(furnished, by=who)


def test_an_alert_is_commanded_by_the_holder_of_the_types_post(furnished: Any) -> None:
    row = furnished.ask(views.incident, declare(furnished, by=ENGINE))
    assert (row.commander, row.commander_by_default) == ("alice", True)


def test_without_a_plan_the_first_administrator_commands_what_nobody_declared(house: Any) -> None:
    from tests.people import settle

    settle(house.record)
    assert house.ask(views.incident, declare(house, by=ENGINE)).commander == "admin"


def test_with_nobody_to_command_nothing_is_declared(house: Any) -> None:
    with pytest.raises(Refused) as refusal:
        declare(house, by=ENGINE)
    assert refusal.value.reason == "NobodyToCommand"
    with pytest.raises(NotFound):
        house.ask(views.incident, 1)


def test_who_acknowledges_first_takes_over_from_the_default(furnished: Any) -> None:
    number = declare(furnished, by=ENGINE)
    furnished.perform(lambda tx: actions.acknowledge(tx, number=number, by="bob"), by=ENGINE)
    row = furnished.ask(views.incident, number)
    assert (row.state, row.commander, row.commander_by_default) == ("active", "bob", False)


def test_a_viewer_who_acknowledges_does_not_take_command(furnished: Any) -> None:
    number = declare(furnished, by=ENGINE)
    furnished.perform(lambda tx: actions.acknowledge(tx, number=number, by="dana"), by=ENGINE)
    assert furnished.ask(views.incident, number).commander == "alice"


def test_command_is_given_only_to_people_who_may_command(furnished: Any) -> None:
    with pytest.raises(Invalid):
        declare(furnished, commander="dana")
    with pytest.raises(Invalid):
        declare(furnished, commander="nobody-of-that-name")


def test_the_revision_stays_pinned_when_the_plan_changes(furnished: Any) -> None:
    number = declare(furnished)
    files = example_plan()
    files["severity.yaml"] = files["severity.yaml"].replace("SEV1, medium: SEV2", "SEV1, medium: SEV1")
    furnished.perform(lambda tx: plan.adopt(tx, files=files, reason="stricter"), by=ADMIN)
    furnished.perform(
        lambda tx: actions.change_severity(tx, number=number, impact="extensive", urgency="medium", reason="seen"),
        by=ALICE,
    )
    row = furnished.ask(views.incident, number)
    assert (row.plan_revision, row.severity) == (1, "SEV2")
    assert furnished.ask(views.incident, declare(furnished, impact="extensive", urgency="medium")).severity == "SEV1"


def test_a_rising_severity_adds_the_steps_that_now_apply_due_from_now(furnished: Any) -> None:
    number = declare(furnished, severity="SEV4", severity_reason="small", type="service-outage")
    before = {task.id for task in furnished.ask(views.tasks, number)}
    furnished.forward(hours=5)
    furnished.perform(lambda tx: actions.change_severity(tx, number=number, severity="SEV1", reason="grew"), by=ALICE)
    added = [task for task in furnished.ask(views.tasks, number) if task.id not in before]
    assert added
    assert all(task.due is None or task.due > furnished.clock.now() for task in added)
    furnished.perform(lambda tx: actions.change_severity(tx, number=number, severity="SEV3", reason="less"), by=ALICE)
    assert before < {task.id for task in furnished.ask(views.tasks, number)}


def test_reclassifying_raises_the_severity_to_the_new_floor(furnished: Any) -> None:
    number = declare(furnished, impact="minor", urgency="low")
    furnished.perform(lambda tx: actions.classify(tx, number=number, type="personal-data-breach"), by=ALICE)
    row = furnished.ask(views.incident, number)
    assert (row.type, row.severity) == ("personal-data-breach", "SEV2")


def test_deadlines_pass_once_each_while_the_clock_runs(furnished: Any) -> None:
    number = declare(furnished, type="service-outage", impact="significant", urgency="high")
    furnished.forward(minutes=59)
    overdue = [task for task in furnished.ask(views.tasks, number) if task.overdue]
    assert overdue
    assert all(task.due is not None and task.due <= furnished.clock.now() for task in overdue)
    told = [entry for entry in furnished.ask(views.timeline, number) if entry.type == "command.TaskOverdue"]
    assert len(told) == len(overdue)
    assert {entry.occurred_at for entry in told} == {task.due for task in overdue}


def test_due_tasks_are_the_commanders_unless_given_away(furnished: Any) -> None:
    number = declare(furnished, type="service-outage")
    mine = furnished.ask(views.due_tasks, "alice")
    assert {task.number for task in mine} == {number}
    role = next(task.role for task in mine if task.role not in (None, "incident-commander"))
    furnished.perform(lambda tx: actions.assign_role(tx, number=number, role=role, person="bob"), by=ALICE)
    assert {task.role for task in furnished.ask(views.due_tasks, "bob")} == {role}
    assert role not in {task.role for task in furnished.ask(views.due_tasks, "alice")}


def test_an_idempotency_key_declares_once_a_day(furnished: Any) -> None:
    def once(key: str, title: str) -> int | None:
        def act(tx: Any) -> int | None:
            before = actions.answered(tx, key=key, fingerprint=title)
            if before is not None:
                return before
            number = actions.declare(tx, title=title)
            actions.remember_answer(tx, key=key, fingerprint=title, number=number)
            return number

        found: int | None = furnished.perform(act, by=BOB)
        return found

    assert once("k1", "Down") == once("k1", "Down") == 1
    with pytest.raises(Refused) as refusal:
        once("k1", "Something else")
    assert refusal.value.reason == "IdempotencyKeyReused"
    furnished.clock.forward(hours=25)
    assert once("k1", "Something else") == 2


def test_what_was_folded_agrees_with_the_read_table(furnished: Any) -> None:
    number = declare(furnished, impact="extensive", urgency="high", type="service-outage")
    furnished.perform(lambda tx: actions.acknowledge(tx, number=number), by=BOB)
    furnished.perform(lambda tx: actions.mitigate(tx, number=number), by=BOB)
    furnished.forward(minutes=3)
    furnished.perform(lambda tx: actions.resolve(tx, number=number, reason="rolled back"), by=BOB)
    folded = furnished.perform(lambda tx: incident(tx, number))
    row = furnished.ask(views.incident, number)
    same = set(row.__dataclass_fields__) & set(folded.__dataclass_fields__)
    assert {name: getattr(row, name) for name in same} == {name: getattr(folded, name) for name in same}
    assert len(same) > 20
    assert row.resolved_at - row.mitigated_at == timedelta(minutes=3)
    assert furnished.perform(lambda tx: tx.load(INCIDENT, number)) == folded
