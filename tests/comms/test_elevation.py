"""Elevation on real stores: by the plan's conditions or by hand, from post to post, until somebody takes note."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from quarterdeck.catalog import actions as catalog
from quarterdeck.command import actions as command
from quarterdeck.comms import actions, views
from quarterdeck.governance import actions as governance
from quarterdeck.kernel.errors import Forbidden, Invalid, NotFound
from quarterdeck.kernel.principal import ENGINE
from quarterdeck.notify.kept import digest, page_link
from tests.cast import ALICE, BOB, CAROL, DANA
from tests.comms.town import declare, open_house, sent, texts, told, update
from tests.conftest import MONDAY
from tests.journeys.town import Town


@pytest.fixture
def opened(house: Any) -> Any:
    open_house(house)
    return house


def row(house: Any, number: int, id: str) -> views.ElevationRow:
    found: views.ElevationRow = next(one for one in house.ask(views.elevations, number) if one.elevation == id)
    return found


def test_a_rule_fires_at_once_and_climbs_from_post_to_post_and_round_again(opened: Any) -> None:
    number = declare(opened)
    opened.forward(minutes=50)
    climbed = sent(opened, "elevation")
    assert [person for _, person in climbed] == ["dana", "carol", "dana", "carol"]
    assert [(at - MONDAY) / timedelta(minutes=1) for at, _ in climbed] == [0, 15, 30, 45]
    found = row(opened, number, "sev1")
    assert (found.state, found.decision) == ("climbing", "Do you agree?")
    assert found.text == "SEV1 INC-1: Checkout is down. What is being done not known yet. Owner: Alice."
    assert "Decision wanted: Do you agree?" in texts(opened, "elevation")["dana"]


def test_whoever_was_told_takes_note_and_it_climbs_no_further(opened: Any) -> None:
    number = declare(opened)
    with pytest.raises(NotFound):
        opened.perform(lambda tx: actions.acknowledge_elevation(tx, number=number, elevation="sev2"), by=DANA)
    opened.perform(lambda tx: actions.acknowledge_elevation(tx, number=number, elevation="sev1"), by=DANA)
    opened.forward(hours=3)
    assert told(opened, "elevation") == ["dana"]
    assert row(opened, number, "sev1").acknowledged_by == "Dana"
    opened.perform(lambda tx: actions.take_decision(tx, number=number, elevation="sev1", decision="Yes."), by=DANA)
    assert (row(opened, number, "sev1").decided, row(opened, number, "sev1").decided_by) == ("Yes.", "Dana")


def test_somebody_who_was_not_told_and_does_not_command_may_not_take_note(opened: Any) -> None:
    number = declare(opened)
    viewer = type(DANA)("person/charlie", roles=frozenset({"viewer"}))
    with pytest.raises(Forbidden):
        opened.perform(lambda tx: actions.acknowledge_elevation(tx, number=number, elevation="sev1"), by=viewer)
    opened.perform(lambda tx: actions.acknowledge_elevation(tx, number=number, elevation="sev1"), by=BOB)


def test_the_link_in_the_message_takes_note_or_passes_on(opened: Any) -> None:
    number = declare(opened)
    town = Town(opened.record, opened.clock)
    town.settle()
    link = town.provider.received("elevation")[0].link
    path = link.removeprefix("http://testserver.local")
    phone = opened.client()
    shown = phone.get(path)
    assert shown.status_code == 200
    assert "I have read it" in shown.text and "Checkout is down" in shown.text
    town.settle()
    assert row(opened, number, "sev1").state == "climbing", "looking at it answers nothing"
    phone.post(path, data={"answer": "decline"})
    town.settle()
    second = town.provider.received("elevation")[1]
    assert [one.post for one in row(opened, number, "sev1").told] == ["chief", "deputy"]
    phone.post(second.link.removeprefix("http://testserver.local"), data={"answer": "ack"})
    town.settle()
    assert row(opened, number, "sev1").acknowledged_by == "Carol"
    assert "You have taken note" in phone.get(second.link.removeprefix("http://testserver.local")).text
    with opened.read() as conn:
        used = conn.execute(select(page_link.c.answer).where(page_link.c.digest == digest(path[3:]))).scalar_one()
    assert used == "decline"


def test_a_post_that_reaches_nobody_gives_way_at_once(opened: Any) -> None:
    opened.perform(lambda tx: governance.deactivate_person(tx, person="dana"), by=ENGINE)
    number = declare(opened)
    assert told(opened, "elevation") == ["carol"]
    assert [one.unreached for one in row(opened, number, "sev1").told] == ["PersonInactive", None]


def test_an_incident_that_lasts_longer_than_the_owner_tolerates_is_elevated_once(opened: Any) -> None:
    def put(tx: Any) -> None:
        governance.add_team(tx, id="web", name="Web")
        catalog.add_service(tx, id="shop", name="Shop", team="web", tier=1, tolerance=40)

    opened.perform(put)
    number = declare(opened, "SEV4", service="shop")
    opened.forward(minutes=39)
    assert told(opened, "elevation") == []
    opened.forward(minutes=2)
    assert told(opened, "elevation") == ["dana"]
    assert row(opened, number, "tolerance").text == "Shop is down for too long: Checkout is down."
    opened.perform(lambda tx: actions.acknowledge_elevation(tx, number=number, elevation="tolerance"), by=DANA)
    opened.forward(hours=5)
    assert told(opened, "elevation") == ["dana"]


def test_a_silence_of_half_an_hour_beyond_the_deadline_is_elevated(opened: Any) -> None:
    number = declare(opened, "SEV2")
    opened.forward(minutes=39)
    assert told(opened, "elevation") == []
    opened.forward(minutes=2)
    assert told(opened, "elevation") == ["carol"]
    assert row(opened, number, "silence").state == "climbing"


def test_an_update_in_time_keeps_the_silence_from_being_elevated(opened: Any) -> None:
    number = declare(opened, "SEV2")
    opened.forward(minutes=30)
    update(opened, number)
    opened.forward(minutes=80)
    assert told(opened, "elevation") == []


def test_the_end_of_the_incident_ends_the_climbing(opened: Any) -> None:
    number = declare(opened)
    opened.perform(lambda tx: command.resolve(tx, number=number, reason="rolled back"), by=ALICE)
    opened.forward(hours=2)
    assert told(opened, "elevation") == ["dana"]
    assert row(opened, number, "sev1").state == "stopped"
    opened.perform(lambda tx: command.reopen(tx, number=number, reason="it is back"), by=ALICE)
    opened.forward(hours=1)
    assert told(opened, "elevation") == ["dana"], "once per rule and incident"


def test_by_hand_it_goes_to_the_posts_that_were_named(opened: Any) -> None:
    number = declare(opened, "SEV2")
    with pytest.raises(Invalid) as refusal:
        opened.perform(lambda tx: actions.elevate(tx, number=number, text=" ", to=["nobody"]), by=ALICE)
    assert len(refusal.value.errors) == 2
    id = opened.perform(
        lambda tx: actions.elevate(
            tx, number=number, text="Cards fail.", to=["deputy", "chief"], decision="Switch over?"
        ),
        by=ALICE,
    )
    opened.run_until_idle()
    assert texts(opened, "elevation") == {"carol": "Cards fail. Decision wanted: Switch over? INC-1"}
    opened.perform(lambda tx: actions.take_decision(tx, number=number, elevation=id, decision="Switch."), by=CAROL)
    assert row(opened, number, id).state == "acknowledged", "whoever decides has taken note"


def test_after_twelve_rounds_without_an_answer_it_says_so(opened: Any) -> None:
    number = declare(opened)
    opened.perform(lambda tx: actions.send_update(tx, number=number, fields={}, by_pace=True), by=ALICE)
    opened.forward(hours=8)
    assert row(opened, number, "sev1").state == "exhausted"
    assert told(opened, "elevation").count("dana") == 12
