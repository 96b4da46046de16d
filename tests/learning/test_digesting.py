"""What we learned in a month, told on its first working day; and what to read before going on call."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from quarterdeck.command import actions as command
from quarterdeck.governance import actions as governance
from quarterdeck.kernel.errors import Invalid
from quarterdeck.learning import actions, views
from quarterdeck.learning.rules.digesting import DIGEST, Digest, bounds, first_working_day, message, plan_next, wake
from quarterdeck.plan.rules.model import Calendar
from tests.cast import ADMIN, BOB, CAROL, CHARLIE
from tests.command.situations import furnish
from tests.learning.test_finding import _catalogued, declare

BERLIN = Calendar(zone="Europe/Berlin", opens="08:00", holidays=(date(2026, 4, 1), date(2026, 4, 3), date(2026, 4, 6)))
NOON = datetime(2026, 3, 20, 12, tzinfo=UTC)


def test_it_is_due_on_the_first_working_day_when_support_opens() -> None:
    assert first_working_day(BERLIN, "2026-03") == datetime(2026, 4, 2, 6, 0, tzinfo=UTC), "1 April is a holiday"
    assert first_working_day(Calendar(), "2026-01") == datetime(2026, 2, 2, 9, 0, tzinfo=UTC), "the 1st is a Sunday"
    assert first_working_day(BERLIN, "2026-12") == datetime(2027, 1, 1, 7, 0, tzinfo=UTC)
    never = Calendar(working_days=("sun",), holidays=tuple(date(2026, 4, day) for day in (5, 12, 19, 26)))
    assert first_working_day(never, "2026-03").date() == date(2026, 5, 3)
    assert bounds("2026-03", "Europe/Berlin") == (
        datetime(2026, 2, 28, 23, tzinfo=UTC),
        datetime(2026, 3, 31, 22, tzinfo=UTC),
    )
    for wrong in ("", "2026", "2026-13", "2026-3", "9999-01", "x" * 50, "0001-01"):
        with pytest.raises(Invalid):
            bounds(wrong, "UTC")


def test_its_day_is_set_once_moves_with_the_calendar_and_comes_once() -> None:
    planned = plan_next(None, NOON, BERLIN)
    state = DIGEST.fold(planned)
    assert isinstance(state, Digest) and plan_next(state, NOON, BERLIN) == []
    assert [event.due for event in plan_next(state, NOON, Calendar())] == [datetime(2026, 4, 1, 9, tzinfo=UTC)]  # type: ignore[attr-defined]  # a DigestPlanned
    assert state.due is not None and wake(state, NOON) == []
    late = datetime(2026, 4, 9, tzinfo=UTC)
    assert [event.at for event in wake(state, late)] == [state.due]
    assert plan_next(state, late, BERLIN) == [], "one that is about to be sent is not moved on"
    after = DIGEST.fold(wake(state, late), state)
    assert after is not None and after.due is None and wake(after, late) == []
    assert message(["a" * 2_000, "b" * 2_000]).endswith("… and more, on the page.")


@pytest.fixture
def month(house: Any) -> Any:
    """March 2026: Bob, of the team that owns the checkout, has seen one incident of it, and one of nobody's."""
    furnish(house)
    house.perform(_catalogued)
    house.perform(lambda tx: governance.add_member(tx, team="web", person="bob"), by=ADMIN)
    declare(house, "Checkout certificate expired", ended="renewed", service="checkout")
    declare(house, "Mail relay full", ended="emptied")
    for number, said in ((1, "Nobody watched the certificate."), (2, "Nobody watched the disk.")):
        lesson = house.perform(
            lambda tx, n=number, s=said: actions.identify_lesson(tx, source=f"INC-{n}", observation=s), by=BOB
        )
        house.perform(lambda tx, n=lesson: actions.validate_lesson(tx, number=n), by=CAROL)
        house.perform(
            lambda tx, n=number: actions.find_factor(tx, number=n, code="detection.missing", text="x"), by=BOB
        )
    house.perform(lambda tx: command.declare(tx, title="Trying it", drill=True, service="checkout"), by=BOB)
    house.run_until_idle()
    return house


def test_a_month_is_told_by_everybody_and_by_team(month: Any) -> None:
    found = month.ask(views.learned, "2026-03")
    assert (found.incidents, len(found.new), found.factors) == (2, 2, (("Nothing watched for this", 2),))
    web = month.ask(views.learned, "2026-03", "web")
    assert (web.incidents, [row.incident for row in web.new], web.factors[0][1]) == (1, [1], 1)
    assert month.ask(views.learned, "2026-02").nothing
    with pytest.raises(Invalid):
        month.ask(views.learned, "2026-03", "nobody")
    with month.client(BOB) as bob:
        page = bob.get("/learned", params={"month": "2026-03"}).text
        assert "What we learned in March 2026" in page and "Nobody watched the disk." in page
        assert "Nobody watched the disk." not in bob.get("/learned?month=2026-03&team=web").text
        assert bob.get("/learned", params={"month": "soon"}).status_code == 400
        assert bob.get("/api/learned", params={"month": "2026-03"}).json()["incidents"] == 2
        read = bob.get("/me/reading").text
        assert "Checkout certificate expired" in read and "Nobody watched the c" in read
        mine = bob.get("/api/people/me/reading").json()
        assert (mine["services"], [one["number"] for one in mine["incidents"]]) == (["Checkout"], [1])
        assert bob.get("/api/people/volcano/reading").status_code == 404
    assert month.ask(views.reading, "carol", month.clock.now()).services is None


def test_everybody_who_may_read_is_told_once_on_the_first_working_day(month: Any) -> None:
    month.forward(days=28)
    with month.read() as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM record WHERE type = 'learning.DigestSent'").scalar() == 0
    month.forward(days=45)
    with month.read() as conn:
        sent = [
            (row.key, row.event)
            for row in map(month.record.codec.recorded, conn.exec_driver_sql("SELECT * FROM record ORDER BY position"))
            if row.type in ("notify.DeliveryRequested", "learning.DigestSent")
        ]
    told = [event for _, event in sent if getattr(event, "about", "") == "digest/2026-03"]
    assert CHARLIE.person not in {event.person for event in told} and len(told) == 5
    bob = next(event for event in told if event.person == "bob")
    assert bob.subject == "What we learned in March 2026" and bob.urgency == 4
    assert bob.text.index("Web:") < bob.text.index("Everybody:") and "- New: L-1" in bob.text
    months = [(event.month, len(event.people)) for _, event in sent if hasattr(event, "month")]
    assert months[:2] == [("2026-03", 5), ("2026-04", 0)], "nobody is told of nothing"
