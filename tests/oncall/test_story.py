"""What the incident's timeline says of its paging: sentences that somebody who was just woken understands."""

from typing import Any

from quarterdeck.command import actions as command
from quarterdeck.command import views
from quarterdeck.oncall import actions
from tests.cast import ALICE, BOB
from tests.oncall.test_doors import BROWSER, link_of
from tests.oncall.test_support_hours import open_house as at_night
from tests.oncall.world import declare, open_house


def story(house: Any, number: int, *, key_only: bool = False) -> list[str]:
    """What the rooms of paging told, the first first."""
    told = house.ask(views.timeline, number, key_only=key_only)
    return [entry.sentence for entry in reversed(told) if entry.type.startswith("oncall.")]


def test_a_night_that_climbed_and_was_answered(house: Any) -> None:
    open_house(house)
    number = declare(house)
    link = link_of(house, number, "bob")
    house.client().post(link, data={"answer": "decline"}, headers=BROWSER)
    house.run_until_idle()
    house.perform(lambda tx: actions.acknowledge(tx, number=number), by=ALICE)
    house.perform(lambda tx: actions.acknowledge(tx, number=number), by=BOB)
    house.perform(lambda tx: command.change_severity(tx, number=number, severity="SEV2", reason="milder"), by=ALICE)
    house.run_until_idle()
    house.perform(lambda tx: command.resolve(tx, number=number, reason="gone"), by=ALICE)
    house.run_until_idle()
    assert story(house, number) == [
        "Paging began by the path “major”",
        "Paging begins with level 1",
        "Level 1: Bob paged",
        "A page for Bob is on its way",
        "Bob cannot take the page",
        "Bob gave it back: it is the turn of level 2",
        "Level 2: Bob, Alice paged",
        "A page for Bob is on its way",
        "A page for Alice is on its way",
        "Alice acknowledged; paging stopped",
        "Bob acknowledged too",
        "From now on pages say SEV2",
        "Paging stopped: resolved",
    ]
    assert story(house, number, key_only=True) == [
        "Level 1: Bob paged",
        "Bob cannot take the page",
        "Level 2: Bob, Alice paged",
    ]


def test_an_empty_schedule_says_so(house: Any) -> None:
    open_house(house, schedule=False)
    number = declare(house)
    assert story(house, number, key_only=True)[0] == (
        "Level 1: nobody paged; schedule:primary could not be paged: there is no such schedule"
    )


def test_a_page_that_waits_for_the_morning_says_so(house: Any) -> None:
    at_night(house)
    number = declare(house, "SEV2")
    assert story(house, number, key_only=True) == [
        "Not urgent: the next page waits for support hours, Mon 9 Mar 07:00 UTC"
    ]
    house.forward(hours=57)
    assert "Support hours have begun: it is the turn of level 1" in story(house, number)
