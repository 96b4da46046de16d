"""Deadlines of updates on real stores: first, next, missed, climbing, kept; and what the incident does to them."""

from datetime import timedelta
from typing import Any

import pytest

from quarterdeck.command import actions as command
from quarterdeck.comms import actions, views
from quarterdeck.kernel.errors import Invalid, Refused
from tests.cast import ALICE, BOB, CAROL
from tests.comms.town import communication, declare, open_house, sent, texts, told, update
from tests.conftest import MONDAY


@pytest.fixture
def opened(house: Any) -> Any:
    open_house(house)
    return house


def minutes(house: Any, number: int) -> dict[str, int]:
    """Audience → in how many minutes its update is due."""
    now = house.clock.now()
    rows = communication(house, number).audiences
    return {row.audience: round((row.due - now) / timedelta(minutes=1)) for row in rows if row.due}


def test_the_clocks_begin_with_the_incident_by_its_severity(opened: Any) -> None:
    assert minutes(opened, declare(opened)) == {"it": 5, "management": 15, "customers": 20}
    assert minutes(opened, declare(opened, "SEV2")) == {"it": 10}
    assert opened.ask(views.communication, declare(opened, "SEV4")) is None


def test_a_missed_update_climbs_from_the_role_to_the_commander_to_the_owner_until_it_is_sent(opened: Any) -> None:
    number = declare(opened, "SEV2")
    opened.perform(lambda tx: command.transfer_command(tx, number=number, to="bob"), by=ALICE)
    opened.forward(minutes=9)
    assert told(opened, "reminder") == []
    opened.forward(hours=4)
    late = sent(opened, "reminder")
    assert [person for _, person in late] == ["carol", "bob", "alice", "alice"]
    assert [(at - MONDAY) / timedelta(minutes=1) for at, _ in late] == [10, 70, 130, 190]
    assert "was due at 09:10 UTC" in texts(opened, "reminder")["alice"]
    update(opened, number)
    before = len(told(opened, "reminder"))
    opened.forward(minutes=59)
    assert len(told(opened, "reminder")) == before
    opened.forward(minutes=2)
    assert told(opened, "reminder")[before:] == ["carol"], "the next one climbs from the beginning"


def test_after_a_long_silence_of_the_machine_each_turn_comes_once(opened: Any) -> None:
    declare(opened, "SEV2")
    opened.clock.forward(hours=5)
    opened.run_until_idle()
    assert told(opened, "reminder") == ["carol"]


def test_a_holder_of_the_role_is_told_instead_of_whom_the_plan_names(opened: Any) -> None:
    number = declare(opened, "SEV2")
    opened.perform(
        lambda tx: command.assign_role(tx, number=number, role="communications-lead", person="bob"), by=ALICE
    )
    opened.forward(minutes=11)
    assert told(opened, "reminder") == ["bob"]


def test_one_form_is_three_texts_and_each_goes_to_its_own(opened: Any) -> None:
    number = declare(opened)
    update(opened, number)
    assert texts(opened) == {
        "bob": "Symptom not known yet since 09:00 UTC. Suspect: not known yet. Rollback at 40 %. "
        "Next update 09:30 UTC. Alice.",
        "dana": "EU customers cannot pay by card. Scope not known yet. Decision wanted: none. By no date. "
        "Next update 09:30 UTC.",
    }
    (row,) = opened.ask(views.updates, number)
    assert [text.audience for text in row.texts] == ["it", "management", "customers"]
    assert row.texts[2].outside == "Paste it on the status page."
    assert minutes(opened, number) == {"it": 30, "management": 30, "customers": 30}


def test_an_audience_with_an_approver_waits_for_the_role_or_the_commander(opened: Any) -> None:
    number = declare(opened)
    answer = update(opened, number, by=BOB)
    assert answer.waiting == ("customers",)
    assert minutes(opened, number)["customers"] == 20, "not told yet: its deadline stands"
    with pytest.raises(Refused) as refusal:
        opened.perform(lambda tx: actions.approve_update(tx, number=number, update=1, audience="customers"), by=CAROL)
    assert refusal.value.reason == "NotYoursToApprove"
    opened.perform(lambda tx: actions.approve_update(tx, number=number, update=1, audience="customers"), by=ALICE)
    (row,) = opened.ask(views.updates, number)
    assert (row.texts[2].waits_for, row.texts[2].approved_by) == (None, "Alice")
    assert minutes(opened, number)["customers"] == 30
    with pytest.raises(Refused):
        opened.perform(lambda tx: actions.approve_update(tx, number=number, update=1, audience="customers"), by=ALICE)


def test_an_agreement_to_an_update_that_a_later_one_replaced_is_refused(opened: Any) -> None:
    number = declare(opened)
    update(opened, number, by=BOB)
    update(opened, number, by=BOB)
    with pytest.raises(Refused) as refusal:
        opened.perform(lambda tx: actions.approve_update(tx, number=number, update=1, audience="customers"), by=ALICE)
    assert refusal.value.reason == "Superseded"


def test_a_wait_for_agreement_that_grows_late_is_the_approvers_to_move(opened: Any) -> None:
    number = declare(opened)
    opened.perform(lambda tx: command.transfer_command(tx, number=number, to="bob"), by=ALICE)
    update(opened, number, by=CAROL)
    opened.forward(minutes=21)
    assert told(opened, "reminder") == ["bob"]


def test_no_change_says_so_and_begins_the_time_anew(opened: Any) -> None:
    number = declare(opened)
    with pytest.raises(Refused):
        opened.perform(lambda tx: actions.send_unchanged(tx, number=number), by=ALICE)
    update(opened, number)
    opened.forward(minutes=20)
    opened.perform(lambda tx: actions.send_unchanged(tx, number=number), by=ALICE)
    opened.run_until_idle()
    assert minutes(opened, number)["it"] == 30
    assert texts(opened)["dana"].startswith("No change. EU customers cannot pay by card.")
    assert "Next update 09:50 UTC" in texts(opened)["dana"]
    assert opened.ask(views.updates, number)[0].changed == ()


def test_bad_input_is_told_all_at_once_and_changes_nothing(opened: Any) -> None:
    number = declare(opened)
    for given, fault in (
        ({"next_update": None, "by_pace": False}, "next_update: say when"),
        ({"next_update": opened.clock.now()}, "next_update: choose"),
        ({"next_update": opened.clock.now() + timedelta(minutes=31)}, "next_update: the plan's pace"),
        ({"audiences": ["press"]}, "audiences: 'press'"),
        ({"audiences": []}, "audiences: choose"),
        ({"fields": {"impact": "x" * 10_000, "mood": "bad"}}, "mood: there is no such field"),
        ({"fields": {"impact": "x" * 10_000}}, "impact: 10,000 characters"),
        ({"fields": {"impact": "a\x00b"}}, "impact: holds characters"),
    ):
        with pytest.raises(Invalid) as refusal:
            update(opened, number, **given)
        assert any(error.startswith(fault) for error in refusal.value.errors), refusal.value.errors
    assert opened.ask(views.updates, number) == []


def test_a_longer_pace_alone_allows_a_later_next_update(opened: Any) -> None:
    number = declare(opened)
    update(opened, number, audiences=["management"], next_update=opened.clock.now() + timedelta(minutes=60))
    assert minutes(opened, number) == {"it": 5, "management": 60, "customers": 20}


def test_a_raised_severity_brings_forward_and_a_lowered_one_puts_nothing_off(opened: Any) -> None:
    number = declare(opened, "SEV2")
    opened.perform(lambda tx: command.change_severity(tx, number=number, severity="SEV1", reason="worse"), by=ALICE)
    opened.run_until_idle()
    assert minutes(opened, number) == {"it": 5, "management": 15, "customers": 20}
    opened.forward(minutes=2)
    opened.perform(lambda tx: command.change_severity(tx, number=number, severity="SEV2", reason="better"), by=ALICE)
    opened.run_until_idle()
    assert minutes(opened, number) == {"it": 3}


def test_resolved_wants_a_last_update_and_stops_the_clocks(opened: Any) -> None:
    number = declare(opened)
    update(opened, number)
    opened.perform(lambda tx: command.resolve(tx, number=number, reason="rolled back"), by=ALICE)
    opened.run_until_idle()
    assert communication(opened, number).wants_last
    opened.forward(hours=3)
    assert told(opened, "reminder") == []
    update(opened, number, fields={"impact": "Cards work again."})
    assert texts(opened)["dana"].startswith("Resolved. Cards work again.")
    assert communication(opened, number).status == "over"
    with pytest.raises(Refused):
        update(opened, number)
    opened.perform(lambda tx: command.reopen(tx, number=number, reason="it is back"), by=ALICE)
    opened.run_until_idle()
    assert minutes(opened, number) == {"it": 5, "management": 15, "customers": 20}


def test_nobody_who_was_never_told_hears_that_it_is_over(opened: Any) -> None:
    number = declare(opened)
    opened.perform(lambda tx: command.cancel(tx, number=number, reason="a mistake"), by=ALICE)
    opened.run_until_idle()
    assert communication(opened, number).status == "over"


def test_a_drill_says_so_in_every_text(opened: Any) -> None:
    number = declare(opened, drill=True)
    update(opened, number)
    opened.forward(minutes=45)
    everything = [*texts(opened).values(), *texts(opened, "reminder").values(), *texts(opened, "elevation").values()]
    assert len(everything) >= 4
    assert all(text.startswith("DRILL") for text in everything), everything
