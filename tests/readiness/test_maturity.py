"""Maturity is derived from records: a level stands on its evidence, and what no record can show is said."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from quarterdeck.plan import actions as plan
from quarterdeck.plan.rules.checking import check
from quarterdeck.plan.sources.example import example_files
from quarterdeck.readiness import views
from quarterdeck.readiness.rules.maturity import (
    SIM3,
    UNDERIVABLE,
    Approval,
    Assessment,
    Facts,
    Rated,
    sim3,
)
from quarterdeck.readiness.rules.tiers import Practice, tiers
from tests.cast import CAROL, DANA
from tests.conftest import MONDAY
from tests.journeys.town import Town, furnish

PLAN = check(example_files()).sound()
DAY = timedelta(days=1)
ADOPTED = Facts(
    plan=PLAN,
    revision=3,
    now=MONDAY + 30 * DAY,
    approvals={"plan": Approval(3, MONDAY, None, ("alice",))},
    assessments={},
    intervals={"plan": 365},
    seniors=frozenset({"dana"}),
    names={"dana": "Dana"},
    services=4,
    incidents=12,
)
APPROVED = replace(ADOPTED, approvals={"plan": Approval(3, MONDAY, "carol", ("alice",))})


def rated(facts: Facts, id: str) -> Rated:
    return next(one for one in sim3(facts) if one.id == id)


def test_all_44_parameters_are_answered_and_none_without_evidence() -> None:
    found = sim3(APPROVED)
    assert len(found) == len(SIM3) == 44
    assert all(bool(one.evidence) == (one.level is not None) for one in found)
    assert rated(APPROVED, "H-2").missing == UNDERIVABLE
    nothing = sim3(replace(ADOPTED, plan=None, revision=None, services=0, incidents=0))
    assert {one.level for one in nothing} == {None}


def test_written_then_approved_then_reviewed_above() -> None:
    assert (rated(ADOPTED, "O-8").level, "without an approval" in rated(ADOPTED, "O-8").missing) == (2, True)
    assert rated(APPROVED, "O-8").level == 3
    for by, at, level in (
        ("dana", MONDAY + 10 * DAY, 4),
        ("carol", MONDAY + 10 * DAY, 3),  # no path ends at her
        ("dana", MONDAY - 10 * DAY, 3),  # before it came into force as it stands
    ):
        seen = replace(APPROVED, assessments={"plan": (Assessment(at, by),)})
        assert rated(seen, "O-8").level == level, (by, at)
    old = replace(APPROVED, assessments={"plan": (Assessment(MONDAY + DAY, "dana"),)}, now=MONDAY + 400 * DAY)
    assert rated(old, "O-8").level == 3, "the review is older than the interval"
    own = replace(APPROVED, approvals={"plan": Approval(3, MONDAY, "carol", ("dana",))})
    own = replace(own, assessments={"plan": (Assessment(MONDAY + DAY, "dana"),)})
    assert rated(own, "O-8").level == 3, "nobody assesses what they wrote"


def test_the_weakest_specific_procedure_decides() -> None:
    approvals = {f"procedure:{id}": Approval(3, MONDAY, "carol") for id in PLAN.procedures}
    assert rated(replace(APPROVED, approvals=approvals), "P-7").level == 3
    approvals["procedure:data-loss"] = Approval(2, MONDAY, None)
    assert rated(replace(APPROVED, approvals=approvals), "P-7").level == 2


def test_a_tier_holds_only_if_all_below_it_do() -> None:
    def of(practice: Practice, facts: Facts = APPROVED) -> dict[str, int | None]:
        return {one.function: one.tier for one in tiers(facts, practice)}

    assert of(Practice(), replace(ADOPTED, plan=None, revision=None)) == {
        "GV.PO, GV.RR": 1,
        "RS": 1,
        "ID.IM": 1,
        "PR": None,
        "DE": None,
        "RC": None,
    }
    assert of(Practice(documents=5))["GV.PO, GV.RR"] == 3
    assert of(Practice(documents=5), ADOPTED)["GV.PO, GV.RR"] == 2, "nobody approved it"
    assert of(Practice(types=9, exercised=4))["RS"] == 2
    assert of(Practice(types=9, exercised=5))["RS"] == 3
    assert of(Practice(types=9, exercised=5, lessons_in_plan=1))["RS"] == 3, "what changed was not tried yet"
    assert of(Practice(types=9, exercised=5, lessons_in_plan=1, exercises_after_lessons=1))["RS"] == 4
    assert of(Practice(types=9, exercised=4, lessons_in_plan=1, exercises_after_lessons=1))["RS"] == 2
    assert of(Practice(reviews_owed=10, reviews_held=8, lessons=1, lessons_in_plan=1))["ID.IM"] == 2


def test_levels_follow_the_record(house: Any) -> None:
    furnish(house.record)
    Town(house.record, house.clock).settle()

    def levels() -> dict[str, int | None]:
        return {one.id: one.level for one in house.ask(views.maturity, house.clock.now()).sim3}

    assert (levels()["P-1"], levels()["T-1"], levels()["T-4"], levels()["H-1"]) == (2, 2, None, None)
    house.clock.forward(days=1)
    house.perform(
        lambda tx: plan.settle_document_review(tx, document="plan", outcome="no-change", reason="It holds."),
        by=type(CAROL)(DANA.id, frozenset({"manager"})),
    )
    assert levels()["P-1"] == 2, "a review from above does not make up for the approval that is missing"
    with house.client(CAROL) as web:
        page = web.get("/readiness/maturity", headers={"accept": "text/html"})
        assert "Escalation to governance level" in page.text
        assert web.get("/api/readiness/maturity").json()["sim3"][0]["id"] == "O-1"
