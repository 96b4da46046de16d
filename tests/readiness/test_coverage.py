"""What has been exercised decays with time and with the plan; what wants an exercise is named with its reason."""

from datetime import timedelta
from typing import Any

from quarterdeck.plan import actions as plan
from quarterdeck.plan.rules.checking import check
from quarterdeck.plan.sources.example import example_files
from quarterdeck.readiness import actions, views
from quarterdeck.readiness.rules.coverage import Tried, interval_of, latest, stands, worth_exercising
from tests.cast import ADMIN, ALICE
from tests.conftest import MONDAY
from tests.journeys.town import Town, furnish, plan_files
from tests.readiness.scripts import Stage, edited

PLAN = check(example_files()).sound()
EX1 = Tried(1, "service-outage", "web", MONDAY, 3)


def after(days: int, changed_in: int | None = None, last: Tried | None = EX1) -> tuple[str, str]:
    cell = stands(last, 365, MONDAY + timedelta(days=days), changed_in=changed_in)
    return cell.state, cell.why


def test_what_was_exercised_ages_and_goes_stale() -> None:
    assert after(0, last=None) == ("never", "Never exercised.")
    assert after(30) == ("fresh", "EX-1 was 30 days ago.")
    assert after(243)[0] == "fresh"
    assert after(244) == ("ageing", "EX-1 was 244 days ago; the next one is due within 365.")
    assert after(365)[0] == "ageing"
    assert after(366) == ("stale", "EX-1 was 366 days ago; it counts for 365 days.")


def test_a_revision_that_changed_the_procedure_ages_it_at_once() -> None:
    assert after(1, changed_in=5) == ("ageing", "Revision 5 changed what EX-1 had tried on 3.")
    assert after(400, changed_in=5)[0] == "stale"


def test_what_was_never_tried_and_happens_most_comes_first() -> None:
    now = MONDAY + timedelta(days=10)
    failed = Tried(2, "data-loss", None, MONDAY, 3, failed=1)
    cells = {
        type: stands(None, 365, now, changed_in=None) for type in ("service-outage", "ransomware", "change-failure")
    }
    cells["data-loss"] = stands(failed, 365, now, changed_in=None)
    cells["supplier-outage"] = stands(EX1, 365, now, changed_in=None)
    found = worth_exercising(PLAN, cells, {"change-failure": 4, "service-outage": 1})
    assert [one.type for one in found] == ["change-failure", "service-outage", "ransomware", "data-loss"]
    assert found[0].why == "Never exercised. It happened in earnest 4 times within a year."
    assert found[3].why == "EX-2 was 10 days ago, and 1 of its objectives failed."


def test_a_type_may_have_an_interval_of_its_own() -> None:
    types = {**PLAN.types, "data-loss": PLAN.types["data-loss"].model_copy(update={"exercise_every_days": 90})}
    own = PLAN.model_copy(update={"types": types})
    assert (interval_of(own, "data-loss"), interval_of(own, "ransomware")) == (90, 365)


def test_the_latest_exercise_counts() -> None:
    later = Tried(2, "service-outage", None, MONDAY + timedelta(days=1), 3)
    assert latest([later, EX1]) == later
    assert latest([]) is None


def test_coverage_follows_exercises_time_and_the_plan(house: Any) -> None:
    furnish(house.record)
    town = Town(house.record, house.clock)

    def now() -> dict[str, Any]:
        with town.record.read() as conn:
            found = views.coverage(conn, town.clock.now())
        return {row.type: row for row in found.rows}

    assert {row.whole.state for row in now().values()} == {"never"}
    broken_off = Stage(town, edited(("kind: drill", "kind: tabletop")))
    broken_off.start()
    broken_off.act(ALICE, lambda tx: actions.end_exercise(tx, number=1, real=True))
    assert now()["service-outage"].whole.state == "never", "an exercise that nobody judged says nothing"
    stage = Stage(town, edited(("kind: drill", "kind: tabletop")))
    stage.start()
    town.forward(hours=2)
    stage.evaluate(lead="P", fix="S")
    row = now()["service-outage"]
    assert (row.whole.state, row.by_team["platform"].state, row.procedure) == ("fresh", "fresh", "service-outage")
    files = plan_files()
    files["procedures/service-outage.yaml"] = files["procedures/service-outage.yaml"].replace(
        "within: 10 min", "within: 12 min"
    )
    house.perform(lambda tx: plan.adopt(tx, files=files, reason="Slower"), ADMIN)
    row = now()["service-outage"]
    assert (row.whole.state, row.whole.why) == ("ageing", "Revision 2 changed what EX-2 had tried on 1.")
    with town.record.read() as conn:
        found = views.exercised_documents(conn, town.clock.now())
    assert found["procedure:service-outage"].last == found["plan"].last
    assert found["procedure:data-loss"].cell.state == "never"
    town.clock.forward(days=366)
    assert now()["service-outage"].whole.state == "stale"
