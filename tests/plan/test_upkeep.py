"""Documents kept current, on both stores: reminded, due, overdue, settled; and changes around the plan."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from quarterdeck.kernel.errors import Forbidden, Invalid, NotFound, Refused
from quarterdeck.kernel.lifecycle import Lifecycle
from quarterdeck.plan import actions, views
from quarterdeck.plan.events import Reason
from quarterdeck.plan.rules.upkeep import DOCUMENT, Kept
from quarterdeck.record import tables
from quarterdeck.record.schema import rebuild
from tests.cast import BOB, CHARLIE
from tests.conftest import MONDAY, House
from tests.people import settle
from tests.plan.texts import small

YEAR = MONDAY + timedelta(days=365)


@pytest.fixture
def begun(house: House) -> House:
    settle(house.record)
    house.perform(lambda tx: actions.adopt(tx, files=small(), reason="First"))
    return house


def row(house: House, key: str = "procedure:fix") -> views.UpkeepRow:
    return next(one for one in house.ask(views.upkeep) if one.document == key)


def told(house: House, key: str = "procedure:fix") -> list[tuple[str, int, Any]]:
    """What the record says of a document: the event, the days it names, when it happened."""
    query = select(tables.record).where(tables.record.c.stream == f"document/{key}").order_by(tables.record.c.version)
    with house.read() as conn:
        events = [house.record.codec.recorded(one).event for one in conn.execute(query)]
    return [
        (type(one).__name__.removeprefix("Document"), getattr(one, "days_left", getattr(one, "days", -1)), one.at)
        for one in events
    ]


def revise(house: House, *changes: tuple[str, str], kind: Any = "lesson") -> int:
    reasons = [Reason(kind=kind, text="Because")]
    return house.perform(lambda tx: actions.adopt(tx, files=small(*changes), reason="Next", reasons=reasons))


def test_a_publication_sets_the_date_of_every_document(begun: House) -> None:
    rows = begun.ask(views.upkeep)
    assert [(one.document, one.owner, one.next_due, one.overdue, one.reviews) for one in rows] == [
        ("plan", "dana", YEAR, False, ()),
        ("procedure:fix", "dana", YEAR, False, ()),
    ]


def test_reminders_come_before_the_date_and_it_is_overdue_every_30_days_after(begun: House) -> None:
    begun.forward(days=365 + 61)
    assert told(begun) == [
        ("Kept", -1, MONDAY),
        ("ReviewReminded", 30, YEAR - timedelta(days=30)),
        ("ReviewReminded", 7, YEAR - timedelta(days=7)),
        ("ReviewReminded", 0, YEAR),
        ("ReviewOpened", -1, YEAR),
        ("ReviewOverdue", 30, YEAR + timedelta(days=30)),
        ("ReviewOverdue", 60, YEAR + timedelta(days=60)),
    ]
    assert row(begun).overdue
    assert [(one.trigger, one.overdue_days) for one in row(begun).reviews] == [("review-date", 60)]


def test_after_a_long_sleep_only_the_latest_is_told(begun: House) -> None:
    begun.clock.set(YEAR + timedelta(days=100))
    begun.run_until_idle()
    assert told(begun)[1:] == [
        ("ReviewReminded", 0, YEAR),
        ("ReviewOpened", -1, YEAR),
        ("ReviewOverdue", 90, YEAR + timedelta(days=90)),
    ]


def test_a_review_settled_with_no_change_moves_the_date(begun: House) -> None:
    begun.forward(days=370)
    begun.perform(
        lambda tx: actions.settle_document_review(
            tx, document="procedure:fix", outcome="no-change", reason="Still what we do"
        )
    )
    found = row(begun)
    assert (found.next_due, found.overdue, found.reviews) == (MONDAY + timedelta(days=370 + 365), False, ())
    assert [(one.outcome, one.triggers) for one in begun.ask(views.settled_reviews, "procedure:fix")] == [
        ("no-change", ("review-date",))
    ]
    begun.forward(days=336)
    assert told(begun)[-1][:2] == ("ReviewReminded", 30)


def test_a_review_settled_with_a_revision_names_one_that_came_after_it_was_opened(begun: House) -> None:
    begun.forward(days=366)
    settle_with = partial(
        actions.settle_document_review, document="procedure:fix", outcome="revision", reason="Followed"
    )
    with pytest.raises(Refused) as refusal:
        begun.perform(partial(settle_with, revision=1))
    assert refusal.value.reason == "RevisionBeforeReview"
    with pytest.raises(NotFound):
        begun.perform(partial(settle_with, revision=9))
    for wrong in ({}, {"outcome": "no-change", "revision": 1}, {"outcome": "perhaps"}):
        with pytest.raises(Invalid):
            begun.perform(partial(settle_with, **wrong))
    begun.perform(partial(settle_with, revision=revise(begun, ("title: Fix it", "title: Mend it"))))
    assert row(begun).reviews == ()


def test_only_the_documents_that_a_revision_changed_are_counted_from_it(begun: House) -> None:
    begun.forward(days=100)
    revise(begun, ("title: Fix it", "title: Mend it"))
    assert (row(begun).next_due, row(begun).title) == (YEAR + timedelta(days=100), "Mend it")
    assert row(begun, "plan").next_due == YEAR


def test_a_mere_correction_is_no_review(begun: House) -> None:
    begun.forward(days=100)
    revise(begun, ("title: Fix it", "title: Fix that"), kind="correction")
    assert (row(begun).next_due, row(begun).title) == (YEAR, "Fix that")


def test_a_document_that_is_gone_is_due_no_longer_and_one_that_comes_back_is(begun: House) -> None:
    more = (
        "procedures:\n",
        "procedures:\n  spare: {title: Spare, owner: boss, steps: [{id: a, title: A, role: incident-commander}]}\n",
    )
    revise(begun, more)
    begun.perform(
        lambda tx: actions.open_document_review(tx, document="procedure:spare", trigger="exercise-failed", why="x")
    )
    revise(begun)
    assert [one.document for one in begun.ask(views.upkeep)] == ["plan", "procedure:fix"]
    with pytest.raises(Refused, match="no document procedure:spare any longer"):
        begun.perform(
            lambda tx: actions.open_document_review(tx, document="procedure:spare", trigger="exercise-failed", why="x")
        )
    begun.forward(days=400)
    assert [name for name, _, _ in told(begun, "procedure:spare")] == ["Kept", "ReviewOpened", "Retired"]
    revise(begun, more)
    assert row(begun, "procedure:spare").next_due == begun.clock.now() + timedelta(days=365)


def test_a_triggered_review_is_opened_once_and_told_every_30_days(begun: House) -> None:
    ask = partial(
        actions.open_document_review, document="plan", trigger="significant-incident", why="INC-1", ref="INC-1"
    )
    assert begun.perform(ask) is True
    assert begun.perform(ask) is False
    assert begun.perform(partial(ask, trigger="exercise-failed")) is True
    begun.forward(days=31)
    found = row(begun, "plan")
    assert found.overdue
    assert [(one.trigger, one.ref, one.overdue_days) for one in found.reviews] == [
        ("exercise-failed", "INC-1", 30),
        ("significant-incident", "INC-1", 30),
    ]
    begun.perform(
        lambda tx: actions.settle_document_review(tx, document="plan", outcome="no-change", reason="Both looked at")
    )
    assert begun.perform(ask) is True


def test_an_unknown_trigger_or_document_is_refused(begun: House) -> None:
    with pytest.raises(Invalid, match="significant-incident"):
        begun.perform(lambda tx: actions.open_document_review(tx, document="plan", trigger="whim", why="x"))
    with pytest.raises(NotFound):
        begun.perform(
            lambda tx: actions.open_document_review(tx, document="policy:x", trigger="exercise-failed", why="x")
        )


def test_an_interval_shorter_than_the_reminders_reminds_only_on_the_day(begun: House) -> None:
    revise(begun, ("review_interval_days: 365", "review_interval_days: 5"))
    begun.forward(days=6)
    assert [name for name, _, _ in told(begun, "plan")][-2:] == ["ReviewReminded", "ReviewOpened"]
    assert told(begun, "plan")[-2][1] == 0


def test_a_change_is_logged_by_whoever_responds_and_opens_reviews(begun: House) -> None:
    log = partial(actions.log_change, kind="supplier", text="A new mail provider", happened_at=MONDAY)
    assert begun.perform(partial(log, documents=["procedure:fix"]), by=BOB) == 1
    assert begun.perform(log, by=BOB) == 2
    assert [(one.trigger, one.ref) for one in row(begun).reviews] == [("environment-change", "change:1")]
    with pytest.raises(Forbidden):
        begun.perform(log, by=CHARLIE)
    for wrong in (
        {"kind": "weather"},
        {"text": " "},
        {"documents": ["x"]},
        {"happened_at": datetime(2026, 1, 1)},
    ):  # no zone
        with pytest.raises(Invalid):
            begun.perform(partial(log, **wrong))
    assert [one.number for one in begun.ask(views.changes)] == [2, 1]


def test_a_change_closes_only_with_no_impact_and_why_or_with_a_later_revision(begun: House) -> None:
    begun.clock.forward(hours=1)
    for _ in range(2):
        begun.perform(lambda tx: actions.log_change(tx, kind="law", text="NIS2 applies", happened_at=MONDAY), by=BOB)
    close = partial(actions.close_change, number=1)
    with pytest.raises(Forbidden):
        begun.perform(partial(close, no_impact="None"), by=BOB)
    for wrong in ({}, {"no_impact": " "}, {"no_impact": "x", "revision": 1}):
        with pytest.raises(Invalid):
            begun.perform(partial(close, **wrong))
    with pytest.raises(Refused) as refusal:
        begun.perform(partial(close, revision=1))
    assert refusal.value.reason == "RevisionBeforeChange"
    begun.perform(partial(close, no_impact="We are too small for it"))
    begun.perform(partial(actions.close_change, number=2, revision=revise(begun, ("title: Fix it", "title: Mend it"))))
    assert [(one.number, one.open, one.no_impact, one.revision) for one in begun.ask(views.changes)] == [
        (2, False, None, 2),
        (1, False, "We are too small for it", None),
    ]
    with pytest.raises(Refused):
        begun.perform(partial(close, no_impact="Again"))


def test_read_tables_and_alarms_of_upkeep_rebuilt_are_the_same(begun: House) -> None:
    begun.perform(lambda tx: actions.log_change(tx, kind="threat", text="x", happened_at=MONDAY, documents=["plan"]))
    begun.forward(days=370)
    begun.perform(lambda tx: actions.settle_document_review(tx, document="plan", outcome="no-change", reason="Fine"))

    def seen() -> list[Any]:
        with begun.read() as conn:
            alarms = conn.execute(
                select(tables.alarm.c.stream, tables.alarm.c.due).order_by(tables.alarm.c.stream)
            ).all()
            return [views.upkeep(conn), views.changes(conn), views.settled_reviews(conn, "plan"), alarms]

    before = seen()
    rebuild(begun.record)
    assert seen() == before


def test_waking_always_moves_the_alarm_on() -> None:
    """However late and however short the interval: no document keeps the engine busy."""
    life: Lifecycle[Kept] = DOCUMENT
    for days in (1, 5, 7, 30, 31, 365):
        for late in (0, 1, 29, 30, 400):
            state = Kept("plan", "Plan", "a", "b", days, MONDAY)
            now = MONDAY + timedelta(days=days + late)
            for _ in range(9):
                due = life.due(state)
                assert due is not None
                if due > now:
                    break
                events = life.wake(state, now)
                assert events
                folded = life.fold(events, state)
                assert folded
                state = folded
            else:
                pytest.fail(f"{days} days, {late} late: it never comes to rest")
