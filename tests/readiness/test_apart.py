"""What happens in an exercise never enters a figure about real incidents, and owes nothing that they owe."""

from datetime import timedelta
from typing import Any

import pytest

from quarterdeck.command import actions as command
from quarterdeck.command import views as incidents
from quarterdeck.command.state import incident
from quarterdeck.direction.rules.measures import named
from quarterdeck.direction.views import measuring
from quarterdeck.direction.views.replaying import replay
from quarterdeck.learning.views import reviews
from quarterdeck.learning.views.recurring import patterns
from quarterdeck.learning.views.similar import similar_incidents
from quarterdeck.oncall import actions as oncall
from quarterdeck.plan.views import in_force
from quarterdeck.readiness import actions, views
from quarterdeck.record import Tx
from tests.cast import ALICE, BOB
from tests.journeys.town import Town, furnish
from tests.readiness.scripts import Stage


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)  # it does not depend on the store
def test_a_drill_worked_to_its_end_is_in_no_figure(house: Any) -> None:
    furnish(house.record)
    town = Town(house.record, house.clock)
    town.settle()
    for _ in range(2):  # the second would be the first one's recurrence
        number, stage = _exercised(town)
    real = stage.act(BOB, lambda tx: command.declare(tx, title="Checkout returns errors", service="checkout"))
    with town.record.read() as conn:
        now = town.clock.now()
        assert incidents.incident(conn, number).state == "closed", "no review held it up"
        assert reviews(conn)[0] == []
        assert incidents.counted_by_type(conn, now - timedelta(days=9)) == {"unclassified": 1}
        assert {one.incidents for one in incidents.conformance_across(conn)} <= {1}
        plan = in_force(conn)
        assert plan is not None
        assert replay(conn, plan.plan, now).totals.incidents == 1
        assert patterns(conn, since=now - timedelta(days=9)) == ([], 1)
        assert similar_incidents(conn, real) == []
        asked = measuring.asked(now, filters={})
        figure = measuring.Question(conn, named("time-to-acknowledge"), asked, now).answer().figure
        assert (figure.n, figure.left_out["drills"]) == (1, 2)
        assert {row.whole.state for row in views.coverage(conn, now).rows} == {"never"}, "nobody judged it yet"


def _exercised(town: Town) -> tuple[int, Stage]:
    """A drill from its signal to its closure, by the book."""
    stage = Stage(town)
    stage.start()
    town.forward(minutes=1)
    number: int = stage.sheet().state.incidents[0]

    def work(tx: Tx) -> None:
        oncall.acknowledge(tx, number=number)
        command.resolve(tx, number=number, reason="Over")
        for id, task in incident(tx, number).tasks.items():
            if task.mandatory and task.state == "open":
                command.skip_task(tx, number=number, task=id, reason="Exercised before")
        command.close(tx, number=number)

    stage.act(BOB, work)
    stage.act(ALICE, lambda tx: actions.end_exercise(tx, number=stage.number))
    return number, stage
