"""From a declared incident to a page, up the path and to its end, on both stores and a clock that we move."""

from datetime import timedelta
from typing import Any

import pytest

from quarterdeck.command import actions as command
from quarterdeck.command import state as incidents
from quarterdeck.kernel.errors import Forbidden, NotFound, Refused
from quarterdeck.kernel.principal import ENGINE
from quarterdeck.oncall import actions, views
from quarterdeck.oncall.reactions import ClockWatch
from quarterdeck.oncall.rules import FINAL_ROUNDS
from tests.cast import ADMIN, ALICE, BOB, CAROL, CHARLIE, DANA
from tests.oncall.world import declare, deliver, escalation, open_house, paged, sent


def test_whoever_is_on_call_is_paged_when_an_incident_is_declared(house: Any) -> None:
    open_house(house)
    number = declare(house)
    assert paged(house) == ["bob"]
    state = escalation(house, number)
    assert (state.status, state.level, state.path) == ("climbing", 1, "major")
    assert state.until == house.clock.now() + timedelta(minutes=5)


def test_an_unacknowledged_page_climbs_to_the_last_level_and_the_named_senior_manager(house: Any) -> None:
    open_house(house)
    number = declare(house)
    house.forward(minutes=5)
    assert paged(house) == ["bob", "bob", "alice"]
    house.forward(minutes=10)
    assert paged(house)[3:] == ["bob"]
    house.forward(minutes=5)
    assert paged(house)[4:] == ["bob", "alice"]
    house.forward(minutes=10)
    assert paged(house)[6:] == ["dana"]
    state = escalation(house, number)
    assert (state.level, state.round, state.final_title) == (0, 1, "Chief information officer")
    house.forward(minutes=25)
    assert paged(house)[7:] == ["dana", "dana"]


def test_a_senior_manager_who_never_answers_is_not_silence_but_a_warning(house: Any) -> None:
    open_house(house)
    number = declare(house)
    house.forward(hours=4)
    assert escalation(house, number).status == "exhausted"
    assert paged(house).count("dana") == FINAL_ROUNDS
    assert [row.number for row in house.ask(views.asking)] == [number]
    answer = house.perform(lambda tx: actions.acknowledge(tx, number=number), by=BOB)
    assert (answer.outcome, answer.holder) == ("acknowledged", "bob")
    assert house.ask(views.asking) == []


def test_an_acknowledgement_withdraws_the_pages_and_reaches_the_incident_in_one_transaction(house: Any) -> None:
    open_house(house)
    number = declare(house)
    house.forward(minutes=5)
    house.perform(lambda tx: actions.acknowledge(tx, number=number, how="api"), by=BOB)
    assert {state for _, state in sent(house)} == {"withdrawn"}
    incident = house.perform(lambda tx: incidents.incident(tx, number))
    assert incident.acknowledged_at == house.clock.now()
    house.forward(hours=3)
    assert len(paged(house)) == 3
    assert escalation(house, number).acknowledged_by == "bob"


def test_a_second_acknowledgement_is_told_who_has_it(house: Any) -> None:
    open_house(house)
    number = declare(house)
    house.perform(lambda tx: actions.acknowledge(tx, number=number), by=BOB)
    first = house.clock.now()
    house.forward(minutes=1)
    answer = house.perform(lambda tx: actions.acknowledge(tx, number=number), by=ALICE)
    assert (answer.outcome, answer.holder, answer.since) == ("held", "bob", first)


def test_somebody_may_acknowledge_for_another(house: Any) -> None:
    open_house(house)
    number = declare(house)
    answer = house.perform(lambda tx: actions.acknowledge(tx, number=number, person="bob"), by=ALICE)
    assert answer.holder == "bob"


def test_whoever_may_not_respond_may_not_acknowledge(house: Any) -> None:
    open_house(house)
    number = declare(house)
    for who in (CHARLIE, DANA):
        with pytest.raises(Forbidden):
            house.perform(lambda tx: actions.acknowledge(tx, number=number), by=who)
        with pytest.raises(Forbidden):
            house.perform(lambda tx: actions.escalate_now(tx, number=number), by=who)


def test_escalating_pages_the_next_level_at_once_and_two_at_once_climb_one_level_each(house: Any) -> None:
    open_house(house)
    number = declare(house)
    house.perform(lambda tx: actions.escalate_now(tx, number=number), by=BOB)
    assert paged(house) == ["bob", "bob", "alice"]
    assert escalation(house, number).level == 2


def test_a_gap_in_the_schedule_goes_to_the_next_level_at_once_and_says_why(house: Any) -> None:
    open_house(house, schedule=False)
    number = declare(house)
    assert paged(house) == ["bob", "alice"]
    first = escalation(house, number).steps[0]
    assert first.unreached[0]["reason"] == "NoSuchSchedule"
    assert escalation(house, number).level == 2


def test_somebody_without_a_way_to_be_reached_is_no_dead_end(house: Any) -> None:
    open_house(house)
    from quarterdeck.notify import actions as notify
    from quarterdeck.notify.state import methods

    house.perform(lambda tx: notify.remove_method(tx, method=methods(tx, "bob")[0].id))
    number = declare(house)
    assert paged(house) == ["alice"]
    assert escalation(house, number).steps[0].unreached[0] == {
        "target": "schedule:primary",
        "reason": "NoContactMethod",
        "person": "bob",
    }


def test_when_nobody_at_all_can_be_reached_the_senior_manager_is_tried_again(house: Any) -> None:
    open_house(house)
    from quarterdeck.governance import actions as governance

    for login in ("bob", "alice", "dana"):
        house.perform(lambda tx, login=login: governance.deactivate_person(tx, person=login), by=ENGINE)
    number = declare(house, commander="carol")
    state = escalation(house, number)
    assert paged(house) == []
    assert (state.level, state.status) == (0, "climbing")
    house.forward(minutes=10)
    assert escalation(house, number).round == 2


def test_cover_decides_who_is_paged(house: Any) -> None:
    open_house(house)
    now = house.clock.now()
    house.perform(
        lambda tx: actions.arrange_cover(
            tx, schedule="primary", person="carol", start=now, end=now + timedelta(hours=8)
        ),
        by=BOB,
    )
    declare(house)
    assert paged(house) == ["carol"]


def test_the_end_of_an_incident_is_told_once_to_those_whom_a_page_reached_and_to_nobody_else(house: Any) -> None:
    open_house(house)
    number = declare(house)
    deliver(house)
    house.forward(minutes=5)
    assert len(paged(house)) == 3
    house.perform(lambda tx: command.resolve(tx, number=number, reason="rolled back"), by=ALICE)
    house.run_until_idle()
    assert sent(house, "resolved") == [("bob", "pending")]
    assert [state for _, state in sent(house)] == ["sent", "withdrawn", "withdrawn"]
    assert escalation(house, number).ended_because == "resolved"
    house.forward(hours=5)
    assert len(sent(house, "resolved")) == 1


@pytest.mark.parametrize("ending", ["decline", "cancel"])
def test_an_incident_that_was_none_pages_nobody_any_more(house: Any, ending: str) -> None:
    open_house(house)
    number = declare(house)
    act = getattr(command, ending)
    house.perform(lambda tx: act(tx, number=number, reason="a test"), by=ALICE)
    house.forward(hours=1)
    assert paged(house) == ["bob"]
    assert escalation(house, number).status == "stopped"


def test_what_was_resolved_while_the_engine_slept_pages_nobody(house: Any) -> None:
    open_house(house)
    number = house.perform(
        lambda tx: command.declare(tx, title="Short", severity="SEV1", severity_reason="as the test wants it")
    )
    house.perform(lambda tx: command.resolve(tx, number=number, reason="went away"))
    house.clock.forward(minutes=60)
    house.run_until_idle()
    assert paged(house) == []


def test_after_an_hour_asleep_one_turn_is_taken_and_none_twice(house: Any) -> None:
    open_house(house)
    number = declare(house)
    house.clock.forward(minutes=60)
    house.run_until_idle()
    assert paged(house) == ["bob", "bob", "alice"]
    assert [step.step for step in escalation(house, number).steps] == [0, 1]


def test_a_severity_that_pages_nobody_starts_nothing_and_one_that_does_starts_when_it_is_raised(house: Any) -> None:
    open_house(house)
    number = declare(house, severity="SEV4")
    assert house.ask(views.escalation, number) is None
    house.perform(lambda tx: command.change_severity(tx, number=number, severity="SEV1", reason="worse"), by=ALICE)
    house.run_until_idle()
    assert paged(house) == ["bob"]


def test_raising_the_severity_restarts_on_the_new_path(house: Any) -> None:
    open_house(house)
    number = declare(house, severity="SEV3")
    assert paged(house) == ["carol"]
    house.forward(minutes=1)
    house.perform(lambda tx: command.change_severity(tx, number=number, severity="SEV1", reason="worse"), by=ALICE)
    house.run_until_idle()
    assert sent(house) == [("carol", "withdrawn"), ("bob", "pending")]
    state = escalation(house, number)
    assert (state.path, state.severity, state.level) == ("major", "SEV1", 1)


def test_raising_the_severity_of_what_somebody_has_calls_help_without_a_climb(house: Any) -> None:
    open_house(house)
    number = declare(house, severity="SEV3")
    house.perform(lambda tx: actions.acknowledge(tx, number=number), by=CAROL)
    house.forward(minutes=1)
    house.perform(lambda tx: command.change_severity(tx, number=number, severity="SEV1", reason="worse"), by=CAROL)
    house.forward(hours=2)
    assert paged(house) == ["carol", "bob"]
    assert escalation(house, number).acknowledged_by == "carol"


def test_lowering_the_severity_to_one_that_pages_nobody_stops_the_pages(house: Any) -> None:
    open_house(house)
    number = declare(house)
    house.perform(lambda tx: command.change_severity(tx, number=number, severity="SEV4", reason="not so"), by=ALICE)
    house.forward(hours=1)
    assert sent(house) == [("bob", "withdrawn")]
    assert sent(house, "resolved") == []


def test_a_reopened_incident_pages_again(house: Any) -> None:
    open_house(house)
    number = declare(house)
    house.perform(lambda tx: actions.acknowledge(tx, number=number), by=BOB)
    house.perform(lambda tx: command.resolve(tx, number=number, reason="rolled back"), by=BOB)
    house.run_until_idle()
    house.perform(lambda tx: command.reopen(tx, number=number, reason="it is back"), by=ALICE)
    house.run_until_idle()
    assert paged(house) == ["bob", "bob"]
    assert escalation(house, number).status == "climbing"


def test_acknowledging_the_incident_itself_stops_the_pages_too(house: Any) -> None:
    open_house(house)
    number = declare(house)
    house.perform(lambda tx: command.acknowledge(tx, number=number, by="monitoring"), by=ENGINE)
    house.forward(hours=1)
    assert sent(house) == [("bob", "withdrawn")]
    assert escalation(house, number).acknowledged_how == "incident"


def test_help_that_was_called_after_an_acknowledgement_is_not_silenced_by_it(house: Any) -> None:
    open_house(house)
    number = declare(house)
    house.perform(lambda tx: actions.acknowledge(tx, number=number), by=BOB)
    house.perform(lambda tx: actions.escalate_now(tx, number=number), by=BOB)
    house.run_until_idle()
    assert escalation(house, number).status == "climbing"


def test_a_page_that_no_channel_takes_gives_way_to_the_next_level(house: Any) -> None:
    open_house(house)
    number = declare(house)
    from quarterdeck.notify.rules import DELIVERY
    from quarterdeck.notify.rules import delivery as delivery_rules

    page = escalation(house, number).steps[0].pages[0]
    house.perform(
        lambda tx: tx.decide(
            DELIVERY, page.delivery, lambda state: delivery_rules.abandon(state, "AllMethodsFailed", tx.now)
        )
    )
    house.run_until_idle()
    assert escalation(house, number).level == 2
    assert escalation(house, number).steps[0].pages[0].failed


def test_a_clock_set_back_by_a_day_does_not_keep_the_next_level_waiting_for_a_day(house: Any) -> None:
    open_house(house)
    declare(house)
    watch = ClockWatch(house.record)
    watch()
    assert house.ask(views.asking)[0].until == house.clock.now() + timedelta(minutes=5)
    house.clock.forward(days=-1)
    watch()
    assert house.ask(views.asking)[0].until == house.clock.now() + timedelta(minutes=5)
    house.forward(minutes=5)
    assert len(paged(house)) > 1


def test_escalating_an_incident_without_a_path_says_so(house: Any) -> None:
    open_house(house)
    number = declare(house, severity="SEV4")
    with pytest.raises(Refused) as refused:
        house.perform(lambda tx: actions.escalate_now(tx, number=number), by=BOB)
    assert refused.value.reason == "NoPath"
    with pytest.raises(NotFound):
        house.perform(lambda tx: actions.start_escalation(tx, number=number, path="nowhere"), by=BOB)
    started = house.perform(lambda tx: actions.start_escalation(tx, number=number, path="minor"), by=BOB)
    assert started is not None
    assert paged(house) == ["carol"]


def test_nothing_can_be_escalated_once_the_incident_is_over(house: Any) -> None:
    open_house(house)
    number = declare(house)
    house.perform(lambda tx: command.resolve(tx, number=number, reason="done"), by=ALICE)
    house.run_until_idle()
    with pytest.raises(Refused):
        house.perform(lambda tx: actions.escalate_now(tx, number=number), by=BOB)
    assert house.perform(lambda tx: actions.acknowledge(tx, number=number), by=ADMIN).outcome == "over"
