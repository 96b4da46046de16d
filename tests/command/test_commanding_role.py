"""Which role commands is what the incident's own revision says, whatever the plan in force calls it by now."""

from typing import Any

import pytest

from quarterdeck.command import actions, views
from quarterdeck.kernel.errors import Invalid, Refused
from quarterdeck.plan import actions as plan
from tests.cast import ADMIN, ALICE
from tests.command.situations import example_plan, furnish
from tests.people import settle


def renamed() -> dict[str, str]:
    """The example plan in which another role, that it has already, directs an incident."""
    files = example_plan()
    text = files["plan.yaml"]
    assert "\ncommander: incident-commander" in text
    files["plan.yaml"] = text.replace("\ncommander: incident-commander", "\ncommander: operations-lead")
    return files


def roles(house: Any, number: int) -> dict[str, bool]:
    return {row.role: row.commands for row in house.ask(views.roles, number)}


def test_the_pinned_revision_says_which_role_commands(house: Any) -> None:
    furnish(house)
    old = house.perform(lambda tx: actions.declare(tx, title="Slow"), by=ALICE)
    house.perform(lambda tx: plan.adopt(tx, files=renamed(), reason="the lead commands"), by=ADMIN)
    new = house.perform(lambda tx: actions.declare(tx, title="Slower"), by=ALICE)
    for number, commanding in ((old, "incident-commander"), (new, "operations-lead")):
        assert [role for role, commands in roles(house, number).items() if commands] == [commanding]
        house.perform(
            lambda tx, number=number, role=commanding: actions.assign_role(tx, number=number, role=role, person="bob"),
            by=ALICE,
        )
        assert house.ask(views.incident, number).commander == "bob"
        with pytest.raises(Refused, match="never laid down"):
            house.perform(
                lambda tx, number=number, role=commanding: actions.release_role(tx, number=number, role=role), by=ALICE
            )


def test_a_role_that_no_longer_commands_is_given_and_taken_like_any_other(house: Any) -> None:
    furnish(house)
    house.perform(lambda tx: plan.adopt(tx, files=renamed(), reason="the lead commands"), by=ADMIN)
    number = house.perform(lambda tx: actions.declare(tx, title="Slow"), by=ALICE)
    house.perform(lambda tx: actions.assign_role(tx, number=number, role="incident-commander", person="bob"), by=ALICE)
    assert house.ask(views.incident, number).commander == "alice"
    house.perform(lambda tx: actions.release_role(tx, number=number, role="incident-commander"), by=ALICE)


def test_without_a_plan_command_can_still_be_handed_over_by_its_usual_name(house: Any) -> None:
    settle(house.record)
    number = house.perform(lambda tx: actions.declare(tx, title="Slow"), by=ALICE)
    [(role, commands)] = roles(house, number).items()
    assert commands
    house.perform(lambda tx: actions.assign_role(tx, number=number, role=role, person="bob"), by=ALICE)
    assert house.ask(views.incident, number).commander == "bob"
    with pytest.raises(Invalid):
        house.perform(lambda tx: actions.assign_role(tx, number=number, role="scribe", person="bob"), by=ALICE)
