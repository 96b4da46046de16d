"""A lesson's rules, given events, when a decision, then events."""

from datetime import UTC, datetime

import pytest

from quarterdeck.kernel.errors import Invalid, Refused
from quarterdeck.learning.events import lessoning as ev
from quarterdeck.learning.rules import lessoning as rules

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
IDENTIFIED = rules.evolve(
    None, ev.LessonIdentified(at=NOW, number=12, by="bob", source="INC-12", observation="Nobody knew the fallback.")
)


def test_an_author_does_not_reject_their_own_lesson_and_another_may() -> None:
    with pytest.raises(Refused, match="L-12"):
        rules.close(IDENTIFIED, "bob", NOW, closing="rejection", ref="Too costly.")
    assert rules.close(IDENTIFIED, "carol", NOW, closing="rejection", ref=" Too costly. ") == [
        ev.LessonClosed(at=NOW, by="carol", closing="rejection", ref="Too costly.")
    ]


def test_a_lesson_is_not_closed_by_nothing() -> None:
    with pytest.raises(Invalid):
        rules.close(IDENTIFIED, "carol", NOW, closing="rejection", ref="  ")


def test_a_closed_lesson_returns_once_and_is_counted() -> None:
    closed = rules.evolve(IDENTIFIED, ev.LessonClosed(at=NOW, by="carol", closing="revision", ref="4"))
    with pytest.raises(Refused):
        rules.validate(closed, "carol", NOW)
    (event,) = rules.reopen(closed, "carol", NOW, reason="The same factor in INC-14")
    again = rules.evolve(closed, event)
    assert (again.state, again.reopenings, again.closing) == ("validated", 1, None)
    assert rules.reopen(again, "carol", NOW, reason="Twice") == []
