"""Before a shift its person is told what is new, once, and nobody is told of nothing."""

from datetime import UTC, datetime, timedelta
from typing import Any

from quarterdeck.learning.rules.preparing import READING, next_hour, plan_next, sent, wake
from quarterdeck.oncall import actions as oncall
from quarterdeck.plan.rules.model import Calendar
from tests.command.situations import furnish
from tests.learning.test_finding import declare

BERLIN = Calendar(zone="Europe/Berlin", opens="08:00")
FRIDAY = datetime(2026, 3, 27, 12, tzinfo=UTC)


def test_the_hour_is_by_the_plans_clock_on_every_day_and_comes_once_after_a_long_sleep() -> None:
    assert next_hour(BERLIN, FRIDAY) == datetime(2026, 3, 28, 7, tzinfo=UTC)
    assert next_hour(BERLIN, FRIDAY + timedelta(days=1)) == datetime(2026, 3, 29, 6, tzinfo=UTC), "summer time began"
    assert next_hour(Calendar(), FRIDAY - timedelta(hours=3)) == FRIDAY + timedelta(hours=21), "at nine it is past nine"
    state = READING.fold(plan_next(None, FRIDAY, BERLIN))
    assert state is not None and wake(state, FRIDAY) == [] and plan_next(state, FRIDAY, BERLIN) == []
    late = FRIDAY + timedelta(days=9)
    asked = READING.fold(wake(state, late), state)
    assert asked is not None and asked.due is None and wake(asked, late) == []
    assert plan_next(asked, late, Calendar()) == [], "telling is under way"
    after = READING.fold(sent(late, BERLIN, ["bob"], schedules=True), asked)
    assert after is not None and after.due == next_hour(BERLIN, late)
    idle = READING.fold(sent(late, BERLIN, [], schedules=False), asked)
    assert idle is not None and idle.due is None and plan_next(idle, late, BERLIN), "the first schedule sets it again"


def test_whoever_goes_on_call_within_a_day_is_told_what_is_new(house: Any) -> None:
    furnish(house)
    layer = {
        "name": "Weekly",
        "rotation": "weekly",
        "starts": "2026-01-05",
        "handover": {"day": "mon", "time": "09:00"},
        "participants": ["bob", "carol"],
    }
    document = {"title": "Primary", "zone": "Europe/Berlin", "layers": [layer]}
    house.perform(lambda tx: oncall.revise_schedule(tx, id="primary", document=document))
    declare(house, "Checkout certificate expired", ended="renewed")
    house.forward(days=8)
    declare(house, "Mail relay full", ended="emptied")
    house.forward(days=14)
    with house.read() as conn:
        rows = list(map(house.record.codec.recorded, conn.exec_driver_sql("SELECT * FROM record ORDER BY position")))
    carol, bob = [row.event for row in rows if getattr(row.event, "about", "") == "reading/main"]
    assert (carol.person, bob.person) == ("carol", "bob"), "and nobody when Carol's next shift brought nothing new"
    assert (
        "Your shift begins on Mon 9 Mar at 09:00 (Europe/Berlin), Primary. New since your last one ended on 2 Mar:"
        in carol.text
    )
    assert "- INC-1 " in carol.text and carol.urgency == 4
    assert "New since your last one ended on 9 Mar:" in bob.text and "INC-1 " not in bob.text and "INC-2 " in bob.text
    days = [row.event for row in rows if row.type == "learning.ReadingSent"]
    assert len(days) == 22 and sum(len(one.people) for one in days) == 2
