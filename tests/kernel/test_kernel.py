"""The kernel keeps its few promises: ids sort by time, instants survive storage, a fold is a fold."""

from datetime import UTC, datetime, timedelta, timezone
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.kernel.errors import Forbidden, Invalid, NotFound, Refused
from quarterdeck.kernel.events import Event, events_of, type_name
from quarterdeck.kernel.ids import new_id, secret
from quarterdeck.kernel.lifecycle import Lifecycle
from quarterdeck.kernel.principal import ENGINE, NOBODY, Principal
from quarterdeck.kernel.time import ManualClock, SystemClock, from_micros, micros

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
instants = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))


class LampSwitched(Event, frozen=True):
    """For these tests."""

    on: bool


LAMP: Lifecycle[bool] = Lifecycle("lamp", lambda lit, event: getattr(event, "on", bool(lit)))


@given(instants)
def test_an_instant_comes_back_from_storage_as_it_went_in(instant: datetime) -> None:
    assert from_micros(micros(instant)) == instant


@given(instants, instants)
def test_stored_instants_sort_as_the_instants_do(one: datetime, other: datetime) -> None:
    assert (micros(one) < micros(other)) == (one < other)


def test_an_instant_is_stored_the_same_from_whichever_zone_it_came() -> None:
    assert micros(NOON) == micros(NOON.astimezone(timezone(timedelta(hours=5, minutes=30))))


@given(instants, st.integers(1, 10**9))
def test_a_later_id_sorts_after_an_earlier_one(instant: datetime, later_ms: int) -> None:
    later = instant + timedelta(milliseconds=later_ms)
    assert new_id(instant) < new_id(later)


def test_ids_of_one_instant_differ_and_are_easy_to_read_aloud() -> None:
    ids = {new_id(NOON) for _ in range(1000)}
    assert len(ids) == 1000
    assert all(len(each) == 20 and not set(each) & set("ilou") for each in ids)


def test_a_secret_carries_its_prefix_and_256_bits() -> None:
    one, other = secret("qa"), secret("qa")
    assert one != other
    assert one.startswith("qa_")
    assert len(one) >= 46


def test_a_manual_clock_moves_only_when_told_to() -> None:
    clock = ManualClock(NOON)
    assert clock.now() == clock.now() == NOON
    assert clock.forward(minutes=30) == NOON + timedelta(minutes=30) == clock.now()


def test_the_system_clock_tells_utc() -> None:
    assert SystemClock().now().utcoffset() == timedelta(0)


def test_a_fold_applies_events_in_their_order() -> None:
    on, off = LampSwitched(at=NOON, on=True), LampSwitched(at=NOON, on=False)
    assert LAMP.fold([]) is None
    assert LAMP.fold([on, off]) is False
    assert LAMP.fold([off, on]) is True
    assert LAMP.fold([on], state=False) is True


def test_a_lifecycle_names_its_streams_and_never_wakes_unless_it_says_so() -> None:
    assert LAMP.stream(7) == LAMP.stream("7") == "lamp/7"
    assert LAMP.due(True) is None
    assert list(LAMP.wake(True, NOON)) == []


def test_events_cannot_be_changed_and_are_found_where_they_are_defined() -> None:
    event = LampSwitched(at=NOON, on=True)
    with pytest.raises(AttributeError):
        event.on = False  # type: ignore[misc]  # that it is refused is the point
    module = SimpleNamespace(__name__=LampSwitched.__module__, LampSwitched=LampSwitched, Event=Event, other=1)
    assert events_of(module) == [LampSwitched]
    assert type_name(LampSwitched) == "kernel.LampSwitched"


def test_only_a_person_has_a_person_s_id() -> None:
    assert Principal("person/alice").person == "alice"
    assert Principal("key/7").person is None
    assert ENGINE.person is None
    assert NOBODY.person is None


def test_errors_say_to_people_what_to_do() -> None:
    assert str(Refused("AlreadyClosed", "Reopen it first.")) == "Reopen it first."
    assert str(Invalid("Two faults.", ("a: wrong", "b: missing"))) == "Two faults.\na: wrong\nb: missing"
    assert "incident 7" in str(NotFound("incident 7"))
    assert "command" in str(Forbidden("command"))
