"""The life of a delivery as given, when, then: no I/O, no clock but the one passed in."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.events import Event
from quarterdeck.notify.events import AttemptFailed, DeliveryAbandoned, DeliveryRequested, DeliverySucceeded
from quarterdeck.notify.rules import DELIVERY, Delivery
from quarterdeck.notify.rules import delivery as life

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NOTHING = timedelta(0)


def at(seconds: float) -> datetime:
    return NINE + timedelta(seconds=seconds)


def asked(methods: tuple[str, ...] = ("m1", "m2"), urgency: int = 1, purpose: str = "page") -> list[Event]:
    return life.request(
        "d1", "bob", "incident/1", purpose, urgency, "INC-1", "SEV2 INC-1 Disk", "", "", methods, True, NINE
    )


def given_events(events: list[Event]) -> Delivery:
    state = DELIVERY.fold(events)
    assert state is not None
    return state


def fail(state: Delivery, method: str, when: float, took: float = 0, permanent: bool = False) -> list[Event]:
    return life.failed(state, method, "email", "HTTP 500", permanent, timedelta(seconds=took), at(when))


def test_a_requested_delivery_is_due_at_once() -> None:
    assert DELIVERY.due(given_events(asked())) == NINE


def test_a_person_without_a_verified_method_is_given_up_at_once_and_aloud() -> None:
    events = asked(methods=())
    assert [type(event) for event in events] == [DeliveryRequested, DeliveryAbandoned]
    assert isinstance(events[1], DeliveryAbandoned)
    assert events[1].reason == "NoVerifiedMethod"
    assert DELIVERY.due(given_events(events)) is None


def test_somebody_who_has_left_is_not_told() -> None:
    events = life.request("d", "bob", "incident/1", "page", 0, "", "SEV1", "", "", ("m1",), False, NINE)
    assert isinstance(events[-1], DeliveryAbandoned)
    assert events[-1].reason == "PersonInactive"


def test_a_method_is_tried_at_0_15_and_45_seconds_and_then_the_next_one_is() -> None:
    events = asked()
    state = given_events(events)
    tried = []
    for _ in range(4):
        due = DELIVERY.due(state)
        assert due is not None
        method = life.candidates(state)[0]
        tried.append((method, (due - NINE).total_seconds()))
        events += life.failed(state, method, "email", "HTTP 500", False, NOTHING, due)
        state = given_events(events)
    assert tried == [("m1", 0), ("m1", 15), ("m1", 45), ("m2", 45)]


@given(st.lists(st.floats(min_value=0, max_value=10), min_size=3, max_size=3))
def test_however_slowly_a_method_fails_the_next_one_is_tried_within_a_minute(took: list[float]) -> None:
    events = asked()
    state = given_events(events)
    for seconds in took:
        due = DELIVERY.due(state)
        assert due is not None
        ended = due + timedelta(seconds=seconds)
        events += life.failed(state, "m1", "email", "no answer", False, timedelta(seconds=seconds), ended)
        state = given_events(events)
        if life.candidates(state)[0] == "m2":
            break
    assert life.candidates(state) == ("m2",)
    due = DELIVERY.due(state)
    assert due is not None
    assert due <= NINE + timedelta(seconds=60)


def test_a_permanent_failure_falls_over_at_once() -> None:
    state = given_events(asked())
    events = fail(state, "m1", when=2, took=2, permanent=True)
    state = given_events(asked() + events)
    assert life.candidates(state) == ("m2",)
    assert DELIVERY.due(state) == at(2)


def test_a_page_of_high_urgency_begins_again_with_a_new_key_when_all_methods_failed() -> None:
    events = asked(methods=("m1",))
    before = given_events(events)
    events += fail(before, "m1", when=1, permanent=True)
    after = given_events(events)
    assert not after.ended
    assert after.round == 2
    assert after.key != before.key
    assert life.candidates(after) == ("m1",)
    assert DELIVERY.due(after) == at(31)


def test_the_waits_between_rounds_grow_to_five_minutes_and_end_in_giving_up_aloud() -> None:
    events = asked(methods=("m1",))
    state = given_events(events)
    waits = []
    while not state.ended:
        due = DELIVERY.due(state)
        assert due is not None
        events += life.failed(state, "m1", "email", "HTTP 403", True, NOTHING, due)
        state = given_events(events)
        if not state.ended:
            next_due = DELIVERY.due(state)
            assert next_due is not None
            waits.append((next_due - due).total_seconds())
    assert waits == [30, 60, 120, 300, 300]
    last = events[-1]
    assert isinstance(last, DeliveryAbandoned)
    assert last.reason == "AllMethodsFailed"


def test_lower_urgencies_give_up_after_one_round() -> None:
    state = given_events(asked(methods=("m1",), urgency=2))
    events = fail(state, "m1", when=0, permanent=True)
    assert [type(event) for event in events] == [AttemptFailed, DeliveryAbandoned]


def test_a_resend_has_the_same_key_until_the_round_is_over() -> None:
    first = given_events(asked())
    second = given_events(asked() + fail(first, "m1", when=1))
    assert second.key == first.key


def test_what_went_out_after_it_was_withdrawn_is_recorded_as_sent() -> None:
    events = asked()
    state = given_events(events)
    events += life.withdraw(state, "acknowledged", at(1))
    state = given_events(events)
    assert state.ended
    late = life.succeeded(state, "m1", "email", "250 ok", NOTHING, (), at(2))
    assert [type(event) for event in late] == [DeliverySucceeded]


def test_a_second_success_says_nothing() -> None:
    events = asked()
    events += life.succeeded(given_events(events), "m1", "email", "ok", NOTHING, (), at(1))
    assert life.succeeded(given_events(events), "m1", "email", "ok", NOTHING, (), at(2)) == []
    assert DELIVERY.due(given_events(events)) is None


def test_a_late_failure_does_not_wake_what_has_ended() -> None:
    events = asked()
    state = given_events(events)
    failure = fail(state, "m1", when=3)
    events += life.withdraw(state, "acknowledged", at(1))
    assert fail(given_events(events), "m1", when=3) == []
    assert given_events(events + failure).ended


def test_an_answer_that_is_none_is_refused() -> None:
    with pytest.raises(Invalid, match="answer"):
        life.reply(given_events(asked()), "maybe", NINE)


@pytest.mark.parametrize(
    ("field", "value"),
    [("purpose", "spam"), ("urgency", 5), ("urgency", -1), ("about", "214"), ("text", " "), ("url_path", "//x" * 90)],
)
def test_a_request_that_makes_no_sense_is_refused(field: str, value: object) -> None:
    values: dict[str, object] = {
        "about": "incident/1",
        "purpose": "page",
        "urgency": 0,
        "subject": "s",
        "text": "t",
        "url_path": "",
    }
    with pytest.raises(Invalid):
        life.check_request(**{**values, field: value})  # type: ignore[arg-type]  # wrong on purpose
