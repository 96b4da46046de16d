"""What came up more than once, in words; and the monthly look, which no sleep of the engine loses."""

from datetime import UTC, datetime, timedelta

import pytest

from quarterdeck.kernel.errors import Invalid, NotFound
from quarterdeck.kernel.events import Event
from quarterdeck.learning.events import recurring as ev
from quarterdeck.learning.rules import recurring as rules
from quarterdeck.learning.rules.recurring import RECURRENCE, Kind, Recurrence, Seen

MARCH = datetime(2026, 3, 2, 9, tzinfo=UTC)


def seen(number: int, days: int, kind: Kind = "factor", key: str = "change.release") -> Seen:
    return Seen(kind, key, f"words of {key}", number, MARCH + timedelta(days=days))


def given(*events: Event) -> Recurrence:
    state = RECURRENCE.fold([ev.RecurrenceBegun(at=MARCH), *events])
    assert state is not None
    return state


def test_it_is_said_how_often_and_since_when_in_words() -> None:
    (one,) = rules.clusters([seen(3, 0), seen(3, 0), seen(9, 40), seen(12, 75)])
    assert (one.numbers, one.count) == ((3, 9, 12), 3), "twice in one incident is once"
    assert rules.sentence(one, 12) == "This is the third time since March: the same factor, words of change.release."
    (long,) = rules.clusters([seen(n, 30 * n) for n in range(1, 13)])
    assert rules.sentence(long, 12).startswith("This is the 12th time since April 2026:")


def test_a_kind_is_said_only_when_it_came_up_often_enough_and_the_telling_ones_come_first() -> None:
    some = [seen(n, n, "service", "shop") for n in (1, 2)] + [seen(n, n, "type", "outage") for n in (1, 2, 3)]
    some += [seen(1, 1), *(seen(n, n, "alert", "a") for n in (4, 5)), *(seen(n, n, "alert", "b") for n in (6, 7, 8))]
    assert [(one.kind, one.key) for one in rules.clusters(some)] == [("alert", "b"), ("alert", "a"), ("type", "outage")]


@pytest.mark.parametrize(
    ("title", "sort"),
    [
        ("Release 812 of checkout", "Release # of checkout"),
        ("deploy 3f9c2ab to eu-central-1", "deploy # to eu-central-#"),
        ("v1.22.3", "v#"),
    ],
)
def test_changes_of_one_sort_have_one_name(title: str, sort: str) -> None:
    assert rules.sort_of(title) == sort


def test_every_month_is_looked_at_once_it_is_over_however_late_somebody_looks() -> None:
    state = given()
    assert rules.due(state) == datetime(2026, 4, 1, 6, tzinfo=UTC)
    assert rules.wake(state, datetime(2026, 4, 1, 5, tzinfo=UTC)) == []
    events = rules.wake(state, datetime(2026, 6, 10, tzinfo=UTC))
    assert [
        (one.month, one.since.month, one.until.month) for one in events if isinstance(one, ev.RecurrenceCheckDue)
    ] == [
        ("2026-03", 10, 4),
        ("2026-04", 11, 5),
        ("2026-05", 12, 6),
    ]
    assert rules.due(given(*events)) == datetime(2026, 7, 1, 6, tzinfo=UTC)
    assert rules.begin(state, MARCH) == [], "it begins once"


def test_nothing_is_a_result_and_what_follows_is_said_by_a_person_after_it() -> None:
    (due,) = rules.wake(given(), datetime(2026, 4, 2, tzinfo=UTC))
    assert isinstance(due, ev.RecurrenceCheckDue)
    with pytest.raises(NotFound):
        rules.assess(given(due), "carol", MARCH, month="2026-03", text="x")
    (checked,) = rules.checked(given(due), MARCH, due=due, incidents=7, found=[])
    assert isinstance(checked, ev.RecurrenceChecked) and (checked.incidents, checked.found) == (7, ())
    assert rules.checked(given(due, checked), MARCH, due=due, incidents=7, found=[]) == []
    with pytest.raises(Invalid):
        rules.assess(given(due, checked), "carol", MARCH, month="2026-03", text=" ")
    assert rules.assess(given(due, checked), "carol", MARCH, month="2026-03", text="One cause.")
