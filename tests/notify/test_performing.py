"""Deliveries on both stores: leased, sent, recorded; fallen over, held, combined, withdrawn; a death at every point."""

from datetime import timedelta
from typing import Any

import pytest

from quarterdeck.kernel.principal import ENGINE
from quarterdeck.notify import actions, views
from quarterdeck.notify.reactions.delivering import begin, settle
from quarterdeck.notify.rules import Delivered, Failed
from quarterdeck.record import LeaseLost, schema
from tests.notify.pager import SETTINGS, Killed, Pager

DOWN = Failed("HTTP 500")


@pytest.fixture
def pager(house: Any) -> Pager:
    return Pager(house)


def state(pager: Pager, number: int) -> list[str]:
    rows = pager.house.ask(views.deliveries, f"incident/{number}")
    return [row.state for row in reversed(rows)]


def test_a_page_is_sent_once_and_recorded_with_what_the_provider_said(pager: Pager) -> None:
    bob = pager.person("bob", "demo")
    pager.page(bob, 1)
    assert pager.work() == 1
    assert pager.work() == 0
    [row] = pager.house.ask(views.deliveries, "incident/1")
    assert (row.state, row.channel, row.detail) == ("sent", "demo", "ok")
    assert [attempt.succeeded for attempt in row.attempts] == [True]
    assert len(pager.first.log) == 1


def test_a_page_falls_over_to_the_next_method_within_a_minute(pager: Pager) -> None:
    bob = pager.person("bob", "demo", "email")
    pager.first.answers = [DOWN]
    pager.page(bob, 1)
    began = pager.house.clock.now()
    pager.forward(minutes=2)
    assert [(at - began).total_seconds() for at, _, _ in pager.first.log] == [0, 15, 45]
    [(reached, _, _)] = pager.second.log
    assert reached - began <= timedelta(seconds=60)
    assert state(pager, 1) == ["sent"]


def test_a_channel_that_breaks_is_a_failed_attempt_like_any_other(pager: Pager) -> None:
    bob = pager.person("bob", "demo")
    pager.first.answers = [RuntimeError("a bug in a channel"), Delivered("ok")]
    pager.page(bob, 1)
    pager.forward(minutes=1)
    [row] = pager.house.ask(views.deliveries, "incident/1")
    assert [attempt.succeeded for attempt in row.attempts] == [False, True]
    assert "a bug in a channel" in row.attempts[0].detail


def test_a_page_nobody_takes_ends_in_an_abandonment_that_shows(pager: Pager) -> None:
    bob = pager.person("bob", "demo", "email")
    pager.first.answers = pager.second.answers = [Failed("HTTP 403", permanent=True)]
    pager.page(bob, 1, urgency=0)
    pager.forward(minutes=20)
    [row] = pager.house.ask(views.deliveries, "incident/1")
    assert (row.state, row.detail) == ("abandoned", "AllMethodsFailed")
    assert len(row.attempts) == 12
    assert pager.house.ask(views.health, pager.house.clock.now()).abandoned_last_day == 1


def test_somebody_without_a_verified_method_is_abandoned_at_once(pager: Pager) -> None:
    bob = pager.person("bob")
    pager.page(bob, 1)
    assert pager.work() == 0
    [row] = pager.house.ask(views.deliveries, "incident/1")
    assert (row.state, row.detail) == ("abandoned", "NoVerifiedMethod")
    assert bob in pager.house.ask(views.unreachable_people)


def test_a_withdrawn_page_is_not_sent(pager: Pager) -> None:
    bob = pager.person("bob", "demo")
    pager.page(bob, 1)
    [claim] = pager.claims()
    count = pager.house.perform(lambda tx: actions.withdraw(tx, about="incident/1", reason="acknowledged"))
    assert count == 1
    pager.perform(claim)
    assert pager.first.log == []
    assert state(pager, 1) == ["withdrawn"]


def test_withdrawing_leaves_other_purposes_and_other_incidents(pager: Pager) -> None:
    bob = pager.person("bob", "demo")
    pager.page(bob, 1)
    pager.page(bob, 1, purpose="update")
    pager.page(bob, 2)
    pager.house.perform(lambda tx: actions.withdraw(tx, about="incident/1"))
    assert state(pager, 1) == ["withdrawn", "pending"]
    assert state(pager, 2) == ["pending"]


def test_a_page_withdrawn_while_it_is_on_its_way_is_recorded_as_sent(pager: Pager) -> None:
    bob = pager.person("bob", "demo")
    pager.page(bob, 1)
    pager.first.before = lambda: pager.house.perform(lambda tx: actions.withdraw(tx, about="incident/1"))
    pager.work()
    assert state(pager, 1) == ["sent"]


def test_a_process_that_dies_after_sending_sends_again_with_the_same_key_and_link(pager: Pager) -> None:
    bob = pager.person("bob", "demo")
    pager.page(bob, 1)
    [claim] = pager.claims()
    pager.first.answers = [Killed(), Delivered("ok")]
    with pytest.raises(Killed):
        pager.perform(claim)
    assert pager.work() == 0, "the lease still holds"
    pager.forward(seconds=31)
    first, second = [message for _, _, message in pager.first.log]
    assert first.key == second.key
    assert first.short == second.short
    assert len(pager.sent()) == 1


def test_a_late_outcome_of_a_lost_lease_is_refused(pager: Pager) -> None:
    record, settings = pager.house.record, SETTINGS
    bob = pager.person("bob", "demo")
    pager.page(bob, 1)
    [old] = pager.claims()
    attempt = record.perform(ENGINE, lambda tx: begin(tx, old, settings))
    assert attempt is not None
    pager.house.clock.forward(seconds=31)
    [new] = pager.claims()
    with pytest.raises(LeaseLost):
        record.perform(ENGINE, lambda tx: settle(tx, old, attempt, Delivered("late")))
    pager.perform(new)
    assert [event.detail for event in pager.sent()] == ["ok"]


def test_the_third_page_of_lower_urgency_is_held_and_told_with_the_rest_when_there_is_room(pager: Pager) -> None:
    bob = pager.person("bob", "demo")
    for number in range(1, 8):
        pager.page(bob, number, urgency=3)
    pager.work()
    assert len(pager.first.log) == 2
    assert [state(pager, number)[0] for number in range(1, 8)] == ["sent"] * 2 + ["held"] * 5
    assert len(pager.house.ask(views.held)) == 5
    pager.forward(minutes=15)
    assert len(pager.first.log) == 3
    digest = pager.first.texts()[-1]
    assert "INC-3" in digest
    assert "and 4 more: INC-4, INC-5, INC-6 ..." in digest
    assert "SEV4 INC-7 Disk full" in pager.first.log[-1][2].text
    assert [state(pager, number)[0] for number in range(3, 8)] == ["sent"] + ["combined"] * 4
    assert pager.house.ask(views.held) == []


def test_in_a_storm_nobody_gets_more_than_three_messages_in_fifteen_minutes_and_none_is_dropped(pager: Pager) -> None:
    bob = pager.person("bob", "demo")
    for number in range(1, 121):
        pager.page(bob, number, urgency=number % 5)
        if number % 20 == 0:
            pager.forward(seconds=20)
    pager.forward(minutes=14)
    began = pager.first.log[0][0]
    assert len([at for at, _, _ in pager.first.log if at < began + timedelta(minutes=15)]) <= 3
    pager.forward(hours=2)
    times = [at for at, _, _ in pager.first.log]
    for moment in times:
        assert sum(1 for at in times if moment <= at < moment + timedelta(minutes=15)) <= 3
    ends = {state(pager, number)[0] for number in range(1, 121)}
    assert ends == {"sent", "combined"}


def test_an_unrelated_sev1_in_a_storm_goes_at_once(pager: Pager) -> None:
    bob = pager.person("bob", "demo")
    for number in range(1, 30):
        pager.page(bob, number, urgency=2)
    pager.work()
    pager.page(bob, 500, urgency=0)
    pager.work()
    assert pager.first.texts()[-1].startswith("SEV1 INC-500")
    assert len(pager.first.log) == 3


def test_a_held_page_that_is_acknowledged_is_never_told(pager: Pager) -> None:
    bob = pager.person("bob", "demo")
    for number in (1, 2, 3):
        pager.page(bob, number, urgency=3)
    pager.work()
    pager.house.perform(lambda tx: actions.withdraw(tx, about="incident/3"))
    pager.forward(minutes=20)
    assert len(pager.first.log) == 2
    assert state(pager, 3) == ["withdrawn"]


def test_what_went_along_with_a_message_that_failed_is_told_on_its_own(pager: Pager) -> None:
    bob = pager.person("bob", "demo")
    for number in range(1, 5):
        pager.page(bob, number, urgency=3)
    pager.work()
    pager.first.answers = [Failed("HTTP 403", permanent=True), Delivered("ok")]
    pager.forward(minutes=16)
    ends = sorted(state(pager, number)[0] for number in (3, 4))
    assert ends == ["abandoned", "sent"]
    assert pager.house.ask(views.held) == []


def test_a_failure_that_certainly_did_not_arrive_uses_up_no_slot(pager: Pager) -> None:
    bob = pager.person("bob", "demo")
    pager.first.answers = [Failed("HTTP 403", permanent=True)]
    for number in (1, 2, 3):
        pager.page(bob, number, urgency=3)
    pager.work()
    pager.first.answers = [Delivered("ok")]
    for number in (4, 5):
        pager.page(bob, number, urgency=3)
    pager.work()
    assert [state(pager, number)[0] for number in (4, 5)] == ["sent", "sent"]


def test_a_removed_method_is_fallen_over_from(pager: Pager) -> None:
    bob = pager.person("bob", "demo", "email")
    pager.page(bob, 1)
    first = pager.house.ask(views.methods, bob)[0]
    pager.house.perform(lambda tx: actions.remove_method(tx, method=first.id))
    pager.work()
    assert pager.first.log == []
    assert len(pager.second.log) == 1
    assert state(pager, 1) == ["sent"]


def test_the_most_urgent_goes_first_after_a_standstill(pager: Pager) -> None:
    bob, eve = pager.person("bob", "demo"), pager.person("eve", "demo")
    for number in range(1, 4):
        pager.page(bob, number, urgency=4)
    pager.page(eve, 9, urgency=0)
    pager.house.clock.forward(minutes=60)
    pager.work()
    assert pager.first.log[0][1] == "eve"


def test_the_read_tables_are_the_same_after_a_rebuild(pager: Pager) -> None:
    bob = pager.person("bob", "demo", "email")
    pager.first.answers = [DOWN, Delivered("ok")]
    for number in range(1, 6):
        pager.page(bob, number, urgency=number % 5)
    pager.forward(minutes=40)

    def rows() -> list[Any]:
        found = [row for number in range(1, 6) for row in pager.house.ask(views.deliveries, f"incident/{number}")]
        health = pager.house.ask(views.health, pager.house.clock.now())
        return [found, pager.house.ask(views.methods, bob), health]

    before = rows()
    schema.rebuild(pager.house.record)
    assert rows() == before


def test_a_drill_takes_no_room_from_what_is_real_and_not_the_slot_kept_back(pager: Pager) -> None:
    bob = pager.person("bob", "demo")
    for number in range(1, 5):
        pager.page(bob, number, urgency=0, drill=True)
    pager.work()
    assert [state(pager, number)[0] for number in range(1, 5)] == ["sent", "sent", "held", "held"]
    for number in (5, 6, 7):
        pager.page(bob, number, urgency=0)
    pager.work()
    assert [state(pager, number)[0] for number in (5, 6, 7)] == ["sent"] * 3, "as if there had been no drill"
    pager.page(bob, 8, drill=True)
    pager.work()
    assert state(pager, 8) == ["held"], "what is real counts for a drill"
