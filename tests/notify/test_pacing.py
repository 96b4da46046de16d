"""How many messages somebody gets, and who may use the slot that is kept back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.notify.rules import DELIVERY, Delivery, Hold, NotifySettings, Send, choose
from quarterdeck.notify.rules import delivery as life

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SETTINGS = NotifySettings()


def page(urgency: int, methods: tuple[str, ...] = ("m1",), purpose: str = "page") -> Delivery:
    events = life.request("d", "bob", "incident/1", purpose, urgency, "", "text", "", "", methods, True, NINE)
    state = DELIVERY.fold(events)
    assert state is not None
    return state


def ago(*minutes: float) -> list[datetime]:
    return [NINE - timedelta(minutes=m) for m in minutes]


def test_the_first_two_messages_go_at_once() -> None:
    assert choose(page(3), {"m1": ago(1)}, (), False, SETTINGS, NINE) == Send("m1")


def test_the_third_of_lower_urgency_is_held_until_the_window_has_room() -> None:
    held = choose(page(3), {"m1": ago(10, 1)}, (), False, SETTINGS, NINE)
    assert held == Hold("m1", NINE + timedelta(minutes=5))


def test_a_sev1_that_the_person_has_not_had_uses_the_slot_kept_back() -> None:
    assert choose(page(0), {"m1": ago(10, 1)}, (), False, SETTINGS, NINE) == Send("m1")


def test_a_drill_never_uses_the_slot_kept_back() -> None:
    drill = replace(page(0), drill=True)
    assert isinstance(choose(drill, {"m1": ago(10, 1)}, (), False, SETTINGS, NINE), Hold)


def test_a_sev1_that_the_person_was_told_of_does_not_use_the_slot_kept_back() -> None:
    assert isinstance(choose(page(0), {"m1": ago(10, 1)}, (), True, SETTINGS, NINE), Hold)


def test_an_update_about_a_sev1_does_not_use_the_slot_kept_back() -> None:
    assert isinstance(choose(page(0, purpose="update"), {"m1": ago(10, 1)}, (), False, SETTINGS, NINE), Hold)


def test_a_page_of_high_urgency_goes_by_the_next_method_when_the_first_is_full() -> None:
    full = {"m1": ago(10, 5, 1)}
    assert choose(page(0, ("m1", "m2")), full, (), False, SETTINGS, NINE) == Send("m2")
    assert choose(page(1, ("m1", "m2")), full, (), False, SETTINGS, NINE) == Send("m2")
    assert isinstance(choose(page(2, ("m1", "m2")), full, (), False, SETTINGS, NINE), Hold)


def test_a_resend_takes_no_second_slot() -> None:
    assert choose(page(3), {"m1": ago(10, 1)}, ("m1",), False, SETTINGS, NINE) == Send("m1")


def test_messages_older_than_the_window_do_not_count() -> None:
    assert choose(page(3), {"m1": ago(15, 40, 1)}, (), False, SETTINGS, NINE) == Send("m1")


@given(st.lists(st.tuples(st.integers(0, 4), st.booleans(), st.integers(0, 120)), max_size=80))
def test_nobody_ever_gets_more_than_three_messages_in_a_window(asks: list[tuple[int, bool, int]]) -> None:
    sent: list[datetime] = []
    now = NINE
    for urgency, told, wait in asks:
        now += timedelta(seconds=wait)
        choice = choose(page(urgency), {"m1": sent}, (), told, SETTINGS, now)
        if isinstance(choice, Send):
            sent.append(now)
        else:
            assert now < choice.until <= now + timedelta(minutes=15)
            later = choose(page(urgency), {"m1": sent}, (), told, SETTINGS, choice.until)
            assert later == Send("m1"), "the instant given is when there is room"
    for moment in sent:
        assert sum(1 for other in sent if moment <= other < moment + timedelta(minutes=15)) <= 3
