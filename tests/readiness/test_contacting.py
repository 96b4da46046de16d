"""Contact tests: a real message, a real answer behind its link; what nobody answers is said, with n."""

from datetime import timedelta
from typing import Any

import pytest

from quarterdeck.kernel.errors import Invalid
from quarterdeck.notify.actions import redeem
from quarterdeck.notify.projections import delivery as table
from quarterdeck.readiness import actions, views
from quarterdeck.readiness.events import contacting as ev
from quarterdeck.readiness.rules import contacting as rules
from quarterdeck.readiness.rules.contacting import ContactTest, ask_at, evolve, picked, wake
from tests.cast import ALICE, CAROL
from tests.conftest import MONDAY
from tests.journeys.town import Town, furnish

MINUTE = timedelta(minutes=1)


def begun(*people: str, within: int = 10, **how: Any) -> ContactTest:
    settings = {"selection": "x", "seed": None, "each_channel": False, "waking_hours": False, **how}
    (event,) = rules.start(1, [(one, "UTC") for one in people], "alice", MONDAY, within=within, **settings)
    return evolve(None, event)


def asked(state: ContactTest, person: str, *deliveries: str) -> ContactTest:
    for event in [ev.AskDue(at=MONDAY, person=person), *rules.asked(state, person, _sent(deliveries), None, MONDAY)]:
        state = evolve(state, event)
    return state


def _sent(deliveries: tuple[str, ...]) -> tuple[ev.Sent, ...]:
    return tuple(ev.Sent(delivery=one) for one in deliveries)


def names(events: list[Any]) -> list[str]:
    return [type(event).__name__ for event in events]


def test_the_same_seed_draws_the_same_people() -> None:
    people = [f"p{n}" for n in range(50)]
    assert picked(people, 5, 7) == picked(reversed(people), 5, 7)
    assert len(set(picked(people, 5, 7))) == 5
    assert {picked(people, 5, seed) for seed in range(20)} != {picked(people, 5, 7)}
    assert picked(["b", "a", "a"], 9, 1) == ("a", "b")


def test_nobody_is_asked_at_night_by_their_own_clock() -> None:
    assert ask_at("Europe/Berlin", MONDAY) == MONDAY
    assert f"{ask_at('America/New_York', MONDAY):%d %H:%M}" == "02 13:00", "04:00 in New York waits for 08:00"
    late = MONDAY.replace(hour=20)
    assert f"{ask_at('Europe/London', late):%d %H:%M}" == "03 08:00", "from 20:00 on it waits for the morning"


def test_a_test_is_over_when_nobody_is_waited_for() -> None:
    state = asked(asked(begun("ann", "ben"), "ann", "d1"), "ben", "d2")
    events = rules.answer(state, "d1", MONDAY + 3 * MINUTE)
    assert names(events) == ["TestAnswered"]
    state = evolve(state, events[0])
    assert rules.answer(state, "d1", MONDAY + 4 * MINUTE) == [], "the same answer again changes nothing"
    assert rules.due(state) == MONDAY + 10 * MINUTE
    assert wake(state, MONDAY + 9 * MINUTE) == []
    missed, ended = wake(state, MONDAY + 30 * MINUTE)
    assert (names([missed]), missed.at) == (["AnswerMissed"], MONDAY + 10 * MINUTE)
    assert isinstance(ended, ev.ContactTestEnded)
    assert (ended.answered, ended.of) == (1, 2)
    for event in (missed, ended):
        state = evolve(state, event)
    assert rules.due(state) is None
    (late,) = rules.answer(state, "d2", MONDAY + 40 * MINUTE)
    assert isinstance(late, ev.TestAnswered)
    assert late.late


@pytest.mark.parametrize(
    ("people", "within"), [((), 10), (("a",), 0), (("a",), 99_999), ([f"p{n}" for n in range(501)], 5)]
)
def test_a_test_that_makes_no_sense_is_refused(people: Any, within: int) -> None:
    with pytest.raises(Invalid, match="cannot begin"):
        begun(*people, within=within)


def test_people_are_asked_by_each_channel_and_answer_behind_the_link(house: Any) -> None:
    furnish(house.record)
    town = Town(house.record, house.clock)

    def start(who: list[str], **how: Any) -> int:
        with town.record.read() as conn:
            chosen, words = views.selected(conn, who, None, 1, town.clock.now())
        number: int = town.record.perform(
            ALICE, lambda tx: actions.start_contact_test(tx, people=chosen, selection=words, within=10, **how)
        )
        town.settle()
        return number

    def overdue() -> set[str]:
        with town.record.read() as conn:
            return {one.person for one in views.tested(conn, town.clock.now()) if one.overdue}

    assert overdue() == {"alice", "bob", "carol", "dana"}
    number = start(["posts", "schedule:primary"], each_channel=True)
    sent = {town_person(town, message.delivery): message for message in town.provider.received("contact-test")}
    assert set(sent) == {"alice", "bob", "carol", "dana"}
    assert all(message.text.startswith("TEST CT-1") for message in sent.values())
    assert all(len(message.short) <= 160 for message in sent.values())
    town.forward(minutes=4)
    for person in ("alice", "bob"):
        token = sent[person].link.rpartition("/")[2]
        town.record.perform(ALICE, lambda tx, token=token: redeem(tx, token=token, answer="ack"))  # type: ignore[misc]  # mypy: a default in a lambda
    town.forward(minutes=20)
    with town.record.read() as conn:
        row = views.contact_test_of(conn, number)
    assert {one.person: one.outcome for one in row.people} == {
        "alice": "answered",
        "bob": "answered",
        "carol": "silent",
        "dana": "silent",
    }
    assert (row.answered.followed, row.answered.n) == (2, 4)
    assert row.ended_at == MONDAY + 10 * MINUTE
    assert [one.messages[0].channel for one in row.people] == ["demo"] * 4
    assert overdue() == {"carol", "dana"}
    town.clock.forward(days=91)
    assert overdue() == {"alice", "bob", "carol", "dana"}
    with house.client(CAROL) as web:
        page = web.get("/contact-tests/1", headers={"accept": "text/html"}).text
        assert "2 of 4 answered in time" in page
        assert "no answer" in page
        body = {"who": ["team:platform"], "within": 5, "sample": 1, "seed": 3}
        made = web.post("/api/contact-tests", json=body)
        assert (made.status_code, made.json()["people"][0]["person"]) == (201, "bob")
        refused = web.post("/api/contact-tests", json={"who": ["post:nobody"]})
        assert (refused.status_code, "stands for nobody" in refused.text) == (400, True)
        assert "Who answers when asked" in web.get("/readiness", headers={"accept": "text/html"}).text


def town_person(town: Town, delivery: str) -> str:
    with town.record.read() as conn:
        return str(conn.execute(table.select().where(table.c.delivery == delivery)).one().person)
