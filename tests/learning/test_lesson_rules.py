"""A lesson's rules, given events, when a decision, then events."""

from datetime import UTC, datetime

import pytest

from quarterdeck.kernel.errors import Invalid, Refused
from quarterdeck.kernel.events import Event
from quarterdeck.learning.events import lessoning as ev
from quarterdeck.learning.rules import lessoning as rules
from quarterdeck.learning.rules.judging import LESSON
from quarterdeck.learning.rules.lessoning import Lesson, Words

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SEEN = ev.LessonIdentified(at=NOW, number=12, by="bob", source="INC-12", observation="Nobody knew the fallback.")
VALIDATED = ev.LessonValidated(at=NOW, by="carol")
DRAFTED = ev.LessonDisposed(at=NOW, by="carol", way="revision", ref="draft:4")
CLOSED = ev.LessonClosed(at=NOW, by="carol", closing="revision", ref="4")


def given(*events: Event) -> Lesson:
    state = LESSON.fold([SEEN, *events])
    assert state is not None
    return state


def test_an_author_does_not_reject_their_own_lesson_and_another_may() -> None:
    with pytest.raises(Refused, match="L-12"):
        rules.close(given(), "bob", NOW, closing="rejection", ref="Too costly.")
    assert rules.close(given(), "carol", NOW, closing="rejection", ref=" Too costly. ") == [
        ev.LessonClosed(at=NOW, by="carol", closing="rejection", ref="Too costly.")
    ]


def test_a_lesson_is_not_closed_by_nothing() -> None:
    with pytest.raises(Invalid):
        rules.close(given(), "carol", NOW, closing="rejection", ref="  ")


def test_a_closed_lesson_returns_once_and_is_counted() -> None:
    closed = given(CLOSED)
    with pytest.raises(Refused):
        rules.validate(closed, "carol", NOW)
    (event,) = rules.reopen(closed, "carol", NOW, reason="The same factor in INC-14", incident=14)
    again = rules.evolve(closed, event)
    assert (again.state, again.reopenings, again.closing, again.ref) == ("validated", 1, None, None)
    assert rules.reopen(again, "carol", NOW, reason="Twice") == []


def test_only_a_validated_lesson_is_disposed_of_and_only_once() -> None:
    with pytest.raises(Refused) as refusal:
        rules.dispose(given(), "carol", NOW, way="revision", ref="draft:4")
    assert refusal.value.reason == "NotValidated"
    assert rules.dispose(given(VALIDATED), "carol", NOW, way="revision", ref="draft:4") == [DRAFTED]
    waiting = given(VALIDATED, DRAFTED)
    assert rules.dispose(waiting, "carol", NOW, way="revision", ref="draft:4") == []
    with pytest.raises(Refused, match="draft 4"):
        rules.dispose(waiting, "carol", NOW, way="improvement", ref="A-1")


def test_it_is_given_back_only_by_what_it_waits_for() -> None:
    waiting = given(VALIDATED, DRAFTED)
    assert rules.give_back(waiting, "engine", NOW, ref="draft:5", reason="withdrawn") == []
    (event,) = rules.give_back(waiting, "engine", NOW, ref="draft:4", reason="withdrawn")
    assert rules.evolve(waiting, event).state == "validated"
    assert rules.give_back(given(VALIDATED), "engine", NOW, ref="draft:4", reason="withdrawn") == []


def test_of_two_writers_the_second_keeps_the_text_and_is_told() -> None:
    first = rules.revise(given(), "bob", NOW, words=Words("A", "B"), seen=1)
    moved = given(*first)
    assert (moved.version, moved.words.insight) == (2, "B")
    with pytest.raises(Refused) as refusal:
        rules.revise(moved, "carol", NOW, words=Words("C"), seen=1)
    assert refusal.value.reason == "LessonMovedOn"
    assert rules.revise(moved, "carol", NOW, words=Words("A", "B"), seen=1) == [], "the same words are no conflict"


def test_every_fault_of_a_lesson_is_told_at_once() -> None:
    words = Words(" ", "x" * 10_001, "a\x00", ("change.release", "whim"), "a\nb")
    with pytest.raises(Invalid) as found:
        rules.identify(1, "bob", NOW, source="INC-1", words=words)
    assert [error.partition(":")[0] for error in found.value.errors] == [
        "observation",
        "insight",
        "change",
        "clause",
        "factors",
    ]


@pytest.mark.parametrize(
    ("source", "incident"),
    [("INC-12", 12), ("deviation:INC-7:look", 7), ("EX-3", None), ("import", None), ("INC-0", None), ("INC-", None)],
)
def test_a_source_leads_back_to_its_incident(source: str, incident: int | None) -> None:
    assert rules.incident_of(source) == incident


def test_a_source_that_is_none_is_refused() -> None:
    for source in ("INC-0", "inc-1", "INC-1 ", "EX-", "somewhere", ""):
        with pytest.raises(Invalid):
            rules.identify(1, "bob", NOW, source=source, words=Words("x"))
