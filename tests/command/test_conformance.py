"""A scripted incident against the plan it was declared under: right to the step, on both stores."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from quarterdeck.command import actions, views
from quarterdeck.command.rules.conformance import Facts, State, judged, share
from quarterdeck.kernel.errors import Refused
from quarterdeck.learning import actions as learning
from quarterdeck.plan.views import drafts
from tests.cast import ALICE, BOB, CAROL
from tests.command.situations import NOON, furnish

BROWSER = {"Accept": "text/html"}


def play(house: Any) -> int:
    """A failed change, half by the book: one step late, one out of order, one skipped, one way not taken."""
    furnish(house)
    number: int = house.perform(
        lambda tx: actions.declare(
            tx, title="Deploy broke search", type="change-failure", impact="extensive", urgency="high"
        ),
        by=ALICE,
    )

    def do(minutes: int, task: str, **more: Any) -> None:
        house.forward(minutes=minutes)
        house.perform(lambda tx: actions.complete_task(tx, number=number, task=task, evidence="seen", **more), by=ALICE)

    do(5, "identify")
    do(9, "halt")  # due after 10 minutes; done after 14
    do(1, "severity")
    do(3, "carry-out")  # before anybody chose the way
    do(1, "back-or-forward", answer="forward")
    house.forward(minutes=5)
    house.perform(
        lambda tx: actions.skip_task(tx, number=number, task="tell", reason="nobody works at night"), by=ALICE
    )
    return number


def test_the_conformance_of_a_scripted_incident_is_right_to_the_step(house: Any) -> None:
    number = play(house)
    with house.read() as conn:
        found = views.conformance(conn, number)
    states = {row.step: row.state for row in found.steps}
    assert states == {
        "identify": "done",
        "halt": "late",
        "severity": "done",
        "back-or-forward": "done",
        "data-shape": "not-applicable",
        "carry-out": "out-of-order",
        "tell": "skipped",
        "verify": "open",
        "mend-data": "open",
        "unfreeze": "open",
        "next-attempt": "open",
    }
    late = next(row for row in found.steps if row.step == "halt")
    assert late.late == timedelta(minutes=4)
    assert (found.procedure, found.plan_revision) == ("change-failure", 1)
    assert (found.mandatory.followed, found.mandatory.n) == (3, 5)
    verify = next(row for row in found.steps if row.step == "verify")
    assert verify.due == NOON - timedelta(hours=3) + timedelta(minutes=18 + 90)


def test_a_deadline_that_passes_shows_at_once_and_what_closure_leaves_open_was_skipped(house: Any) -> None:
    number = play(house)
    house.forward(minutes=91)

    def states() -> dict[str, str]:
        with house.read() as conn:
            return {row.step: row.state for row in views.conformance(conn, number).steps}

    assert {step: state for step, state in states().items() if state in ("open", "overdue")} == {
        "verify": "overdue",
        "mend-data": "open",
        "unfreeze": "open",
        "next-attempt": "open",
    }
    house.perform(lambda tx: actions.resolve(tx, number=number, reason="Repaired forward"), by=ALICE)
    house.run_until_idle()
    house.perform(lambda tx: learning.hold_review(tx, number=number, summary="Seen", facilitator="carol"), by=CAROL)
    with pytest.raises(Refused, match="Lift the freeze"):
        house.perform(lambda tx: actions.close(tx, number=number), by=ALICE)
    for step in ("verify", "unfreeze"):
        house.perform(
            lambda tx, step=step: actions.explain_deviation(
                tx, number=number, step=step, why="Nothing was frozen", verdict="necessary"
            ),
            by=ALICE,
        )
    house.perform(lambda tx: actions.close(tx, number=number), by=ALICE)
    assert states() == {
        "identify": "done",
        "halt": "late",
        "severity": "done",
        "back-or-forward": "done",
        "data-shape": "not-applicable",
        "carry-out": "out-of-order",
        "tell": "skipped",
        "verify": "skipped",
        "mend-data": "skipped",
        "unfreeze": "skipped",
        "next-attempt": "skipped",
    }
    with house.read() as conn:
        fared = views.practice(conn, "change-failure", NOON - timedelta(days=1))
        uses = views.last_uses(conn)
        assert views.practice(conn, "general", NOON - timedelta(days=1)).incidents == 0
    assert [one.key for one in fared.steps] == list(states()), "in the order of the procedure"
    assert {one.key: one.counts for one in fared.steps}["halt"] == {"late": 1}
    assert (fared.incidents, fared.latest) == (1, (number,))
    assert uses["procedure:change-failure"].number == uses["plan"].number == number
    page = house.client(BOB).get("/plan/documents/procedure:change-failure", headers=BROWSER).text
    assert "How it was followed" in page and "INC-1" in page


def test_the_panel_and_the_api_say_it_and_take_an_explanation(house: Any) -> None:
    number = play(house)
    client = house.client(ALICE)
    panel = client.get(f"/incidents/{number}/panels/conformance", headers=BROWSER).text
    assert "3 of 5 mandatory steps in time and in order" in panel
    answer = client.post(
        f"/api/incidents/{number}/steps/halt/explanation", json={"why": "The pipeline was locked", "verdict": "mistake"}
    )
    assert answer.status_code == 200
    item = next(one for one in answer.json()["items"] if one["step"] == "halt")
    assert (item["state"], item["verdict"], item["why"]) == ("late", "mistake", "The pipeline was locked")
    assert "it should not have been so: The pipeline was locked" in (
        client.get(f"/incidents/{number}/panels/conformance", headers=BROWSER).text
    )
    assert (
        client.post(
            f"/api/incidents/{number}/steps/nope/explanation", json={"why": "x", "verdict": "mistake"}
        ).status_code
        == 404
    )


def test_what_was_better_than_the_plan_opens_a_draft_of_the_change(house: Any) -> None:
    number = play(house)
    house.perform(
        lambda tx: actions.explain_deviation(
            tx, number=number, step="tell", why="The status page tells them", verdict="better-than-the-plan"
        ),
        by=BOB,
    )
    with house.read() as conn:
        row = next(one for one in views.conformance(conn, number).steps if one.step == "tell")
        assert row.draft is not None
        titles = {one.number: one.title for one in drafts(conn)}
    assert "INC-1" in titles[row.draft]


def test_across_incidents_it_is_counted_by_step_type_and_team(house: Any) -> None:
    play(house)
    with house.read() as conn:
        by_step = {one.key: one for one in views.conformance_across(conn)}
        (by_type,) = views.conformance_across(conn, by="type")
        (by_team,) = views.conformance_across(conn, by="team")
    assert by_step["halt"].counts == {"late": 1}
    assert by_step["data-shape"].mandatory.n == 0
    assert (by_type.key, by_type.mandatory.followed, by_type.mandatory.n) == ("change-failure", 3, 5)
    assert by_team.key == "unknown"
    page = house.client(BOB).get("/conformance?by=type", headers=BROWSER)
    assert page.status_code == 200
    assert "Failed change" in page.text
    assert "60 % of 5" in page.text


def test_a_step_left_open_at_closure_counts_as_skipped_and_in_a_declined_incident_not_at_all() -> None:
    facts = Facts(
        mandatory=True, state="open", due=None, overdue=False, settled_at=None, out_of_order=False, incident="closed"
    )
    assert judged(facts) == "skipped"
    assert judged(Facts(**{**vars(facts), "incident": "declined"})) == "not-applicable"


def _states(followed: int, missed: int) -> list[State]:
    done: list[State] = ["done"]
    late: list[State] = ["late"]
    return done * followed + late * missed


@pytest.mark.parametrize(
    ("followed", "n", "low", "high"), [(0, 10, 0.0, 0.278), (5, 10, 0.237, 0.763), (10, 10, 0.722, 1.0)]
)
def test_the_interval_is_wilsons(followed: int, n: int, low: float, high: float) -> None:
    found = share(_states(followed, n - followed))
    assert found.low == pytest.approx(low, abs=0.0006)
    assert found.high == pytest.approx(high, abs=0.0006)


@for_all(st.integers(0, 200), st.integers(0, 200))
def test_the_interval_holds_the_share_and_stays_within_bounds(followed: int, missed: int) -> None:
    found = share(_states(followed, missed))
    assert 0 <= found.low <= (found.share if found.share is not None else 0.5) <= found.high <= 1
