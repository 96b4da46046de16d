"""A SEV1 by the example plan: an update falls due, is missed and climbs, is sent to all, and management takes note."""

from functools import partial
from typing import Any
from urllib.parse import urlsplit

import pytest

from quarterdeck.command import actions as command
from quarterdeck.command import views as incidents
from quarterdeck.comms import actions, views
from quarterdeck.notify.rules import DELIVERY
from quarterdeck.record import Tx
from quarterdeck.record.verify import verify
from tests.cast import ALICE, BOB
from tests.conftest import House
from tests.journeys.test_first_journey import assert_rebuild_equals_live
from tests.journeys.town import Town, furnish


@pytest.fixture
def town(house: House) -> Town:
    furnish(house.record)
    return Town(house.record, house.clock)


def test_from_the_missed_update_to_the_decision(house: House, town: Town) -> None:
    number = house.perform(_declare, ALICE)
    town.settle()
    stands = house.ask(views.communication, number)
    assert stands is not None
    assert [one.audience for one in stands.audiences] == ["it", "business", "management", "customers"]

    town.forward(minutes=4)
    assert received(house, town, "reminder") == []
    town.forward(minutes=75)
    late = received(house, town, "reminder")
    assert "carol" not in late[:1], "the head of communications answers for the first update, here Alice"
    assert late[0] == "alice" and late.count("alice") >= 2, "it climbs, a pace apart, until somebody writes"
    with house.client(ALICE) as alice:
        assert "overdue" in alice.get(f"/incidents/{number}/panels/bar").text

    house.perform(lambda tx: _update(tx, number), BOB)
    town.settle()
    said = {text.audience: text.text for text in house.ask(views.updates, number)[0].texts}
    assert said["it"].startswith("5xx 38 % since ")
    assert said["business"].startswith("EU customers cannot pay by card. About 4 in 10. PayPal works. Next update ")
    assert "Decision wanted: none." in said["management"]
    assert house.ask(views.updates, number)[0].texts[3].waits_for == "Incident commander"
    house.perform(lambda tx: actions.approve_update(tx, number=number, update=1, audience="customers"), ALICE)
    before = len(received(house, town, "reminder"))
    town.forward(minutes=29)
    assert len(received(house, town, "reminder")) == before
    people = received(house, town, "update")
    assert {"bob", "carol", "alice", "dana"} <= set(people), "on call and operations; communications; management"

    elevated = [message for message in town.provider.received("elevation") if message.about.endswith("/sev1")]
    assert len(elevated) > 1, "nobody took note: it is asked again"
    phone = house.client()
    path = urlsplit(elevated[-1].link).path
    assert "I have read it" in phone.get(path).text
    assert phone.post(path, data={"answer": "ack"}).status_code in (200, 201, 303)
    town.settle()
    (raised,) = [one for one in house.ask(views.elevations, number) if one.elevation == "sev1"]
    assert (raised.state, raised.acknowledged_by) == ("acknowledged", "Dana")
    asked = len(elevated)
    town.forward(minutes=20)
    again = [message for message in town.provider.received("elevation") if message.about.endswith("/sev1")]
    assert len(again) == asked

    sentences = [entry.sentence for entry in house.ask(incidents.timeline, number)]
    assert any("took note of the elevation" in sentence for sentence in sentences)
    assert any(sentence.startswith("Bob told “it”, “business”, “management”: update 1") for sentence in sentences)
    assert verify(house.record).faults == ()
    assert_rebuild_equals_live(house.record)


def _declare(tx: Any) -> int:
    title = "Checkout returns errors"
    number = command.declare(tx, title=title, impact="extensive", urgency="high", service="checkout")
    command.acknowledge(tx, number=number)
    return number


def _update(tx: Any, number: int) -> None:
    fields = {
        "impact": "EU customers cannot pay by card",
        "scope": "About 4 in 10",
        "symptom": "5xx 38 %",
        "workaround": "PayPal works",
    }
    actions.send_update(tx, number=number, fields=fields, by_pace=True)


def received(house: House, town: Town, purpose: str) -> list[str]:
    """To whom messages of this purpose really went, in order."""
    messages = town.provider.received(purpose)
    return [house.perform(partial(_person, one.delivery)) for one in messages]


def _person(delivery: str, tx: Tx) -> str:
    return tx.existing(DELIVERY, delivery).person
