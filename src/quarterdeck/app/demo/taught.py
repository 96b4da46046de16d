"""What the demo's twelve weeks taught: lessons and what became of them, actions, a revision of the plan, exercises."""

from collections.abc import Mapping
from datetime import timedelta

from quarterdeck.kernel.principal import Principal
from quarterdeck.kernel.time import Instant
from quarterdeck.learning import actions as learning
from quarterdeck.learning.events import Expectation
from quarterdeck.plan import actions as plan
from quarterdeck.plan.rules.drafting import DRAFT
from quarterdeck.readiness import actions as readiness
from quarterdeck.readiness.events.exercising import Rating
from quarterdeck.readiness.sources import example_scenarios
from quarterdeck.record import Tx

People = Mapping[str, Principal]
BEFORE_CHANGE = timedelta(weeks=6)
"""So long ago the plan was changed for a lesson."""
_CLAUSE = "procedures.supplier-outage.steps.fallback.within"
_PROCEDURE = "procedures/supplier-outage.yaml"
_INJECTS = (("first-call", 0), ("backups", 15), ("demand", 35), ("mail-gone", 50), ("sample", 70), ("insurer", 90))
_TABLETOP, _DRILL = "ransomware-tabletop", "checkout-outage"


def first_lesson(tx: Tx, people: People, incident: int, at: Instant) -> None:
    """An outage of the card provider teaches that the fallback is decided too late; revision 2 wants it sooner."""
    alice, carol = people["alice"], people["carol"]
    with tx.acting(alice, at - timedelta(days=6)):
        lesson = learning.identify_lesson(
            tx,
            source=f"INC-{incident}",
            observation="We waited 40 minutes for the provider before anybody decided to switch to the reserve.",
            insight="The plan gave 45 minutes for the decision, so nobody felt late.",
            change="Decide on the fallback within 20 minutes, whatever the supplier says.",
            factors=("coordination.waiting",),
            clause=_CLAUSE,
            owner="alice",
        )
    with tx.acting(carol, at - timedelta(days=4)):
        learning.validate_lesson(tx, number=lesson)
    with tx.acting(alice, at - timedelta(days=3)):
        expects = Expectation(measure="mitigate", type="supplier-outage", uses=50, days=30)
        draft = learning.change_the_plan(tx, number=lesson, expects=expects)
        files = dict(tx.existing(DRAFT, draft).files)
        files[_PROCEDURE] = _sooner(files[_PROCEDURE])
        plan.revise_draft(tx, draft=draft, files=files, seen=1)
        plan.submit_draft(tx, draft=draft)
    with tx.acting(carol, at):
        plan.approve_draft(tx, draft=draft, seen=2)
        revision = plan.publish_draft(tx, draft=draft)
        learning.settle_lessons_of_draft(tx, draft=draft, proposed=[lesson], revision=revision)


def _sooner(text: str) -> str:
    """The procedure with the deadline of its step `fallback` moved."""
    before, step, after = text.partition("- id: fallback\n")
    assert step, "the example's procedure has the step"
    return before + step + after.replace("within: 45 min", "within: 20 min", 1)


def other_lessons(tx: Tx, people: People, of: Mapping[str, int], now: Instant) -> None:
    """`of`: an incident of each service. One lesson for each way it may stand, and actions in every state."""
    bob, carol = people["bob"], people["carol"]
    with tx.acting(bob, now - timedelta(days=40)):
        disk = learning.identify_lesson(
            tx,
            source=f"INC-{of['storefront']}",
            observation="The disk of the picture cache was full for two hours before anybody was told.",
            change="Watch the disks of the caches.",
            factors=("detection.missing",),
            owner="bob",
        )
        slow = learning.identify_lesson(
            tx,
            source=f"INC-{of['checkout']}",
            observation="The slow query had been known since the spring.",
            insight="Nobody owns the queries that the checkout shares with the catalogue.",
            factors=("organisation.ownership",),
            owner="alice",
        )
        page = learning.identify_lesson(
            tx,
            source=f"INC-{of['warehouse']}",
            observation="The responder asked for a second screen in the warehouse.",
            factors=("interface.confusing",),
        )
    with tx.acting(carol, now - timedelta(days=37)):
        learning.validate_lesson(tx, number=disk)
        learning.validate_lesson(tx, number=slow)
        learning.reject_lesson(tx, number=page, reason="It would not have shortened this incident or any other.")
        watch = learning.propose_action(
            tx,
            title="Alert at 80 % of the cache disks",
            lesson=disk,
            owner="bob",
            person_days=2,
            expects=Expectation(measure="mitigate", service="storefront"),
            falls_by=(0.2, 0.4, 0.6),
        )
        learning.agree_action(tx, number=watch)
        shared = learning.propose_action(
            tx,
            title="Give the shared queries an owner and an index",
            lesson=slow,
            owner="alice",
            person_days=8,
            expects=Expectation(measure="mitigate", type="degraded-performance"),
            falls_by=(0.2, 0.4, 0.6),
        )
        learning.agree_action(tx, number=shared)
        shed = learning.propose_action(
            tx,
            title="Shed load at the checkout before the database does",
            source=f"INC-{of['checkout']}",
            owner="bob",
            due=now - timedelta(days=9),
            person_days=12,
            expects=Expectation(measure="mitigate", service="checkout"),
            falls_by=(0.15, 0.3, 0.45),
        )
        learning.agree_action(tx, number=shed)
        reserve = learning.propose_action(
            tx,
            title="Switch to the reserve card provider with one command",
            source=f"INC-{of['payments']}",
            due=now + timedelta(days=30),
            person_days=15,
            expects=Expectation(measure="mitigate", service="payments"),
            falls_by=(0.3, 0.5, 0.7),
        )
    with tx.acting(bob, now - timedelta(days=30)):
        learning.begin_action(tx, number=watch)
        learning.begin_action(tx, number=shed)
    with tx.acting(bob, now - timedelta(days=20)):
        learning.finish_action(tx, number=watch, shown="The alert rang in a test on a copy of the disk.")
    with tx.acting(carol, now - timedelta(days=18)):
        learning.verify_action(tx, number=watch, found="Filled a disk by hand: it rang after 40 seconds.")
    with tx.acting(bob, now - timedelta(days=2)):
        learning.revise_action(
            tx,
            number=reserve,
            title="Switch to the reserve card provider with one command",
            details="Today it takes six changes by hand, in order; we were at it for 25 minutes.",
            due=now + timedelta(days=30),
            person_days=15,
            expects=Expectation(measure="mitigate", service="payments"),
            falls_by=(0.3, 0.5, 0.7),
            seen=1,
        )


def exercises(tx: Tx, people: People, now: Instant) -> None:
    """A tabletop that found something, and the next one on the calendar."""
    scenario = example_scenarios()[_TABLETOP]
    alice, carol = people["alice"], people["carol"]
    held = now - timedelta(days=44)
    with tx.acting(alice, held - timedelta(days=7)):
        number = readiness.plan_exercise(
            tx, scenario=scenario, evaluator="carol", participants=("bob", "dana"), team="platform", announced=False
        )
    with tx.acting(alice, held):
        readiness.start_exercise(tx, number=number)
    for inject, minutes in _INJECTS:
        with tx.acting(alice, held + timedelta(minutes=minutes)):
            readiness.inject_now(tx, number=number, inject=inject)
    with tx.acting(alice, held + timedelta(hours=2)):
        readiness.end_exercise(tx, number=number)
    ratings: tuple[tuple[str, Rating, str], ...] = (
        ("contain", "P", "Dana decided within ten minutes, and said what it would cost."),
        ("duties", "S", "The notices were listed; the time of becoming aware was written down late."),
        ("without-mail", "M", "Half of those needed could not reach the reserve channel from home."),
    )
    with tx.acting(carol, held + timedelta(hours=4)):
        for expectation in ("isolate", "evidence", "aware", "notices", "channel"):
            readiness.judge_expectation(tx, number=number, expectation=expectation, met=expectation != "channel")
        finding = "Nobody had the numbers of the reserve channel on paper."
        readiness.note_finding(tx, number=number, kind="improvement", text=finding, objective="without-mail")
        for objective, rating, text in ratings:
            readiness.rate_objective(tx, number=number, objective=objective, rating=rating, text=text)
        summary = "Decisions were quick. The reserve channel exists, and few can reach it."
        readiness.evaluate_exercise(tx, number=number, summary=summary)
        readiness.close_exercise(tx, number=number)
    with tx.acting(alice, now - timedelta(days=1)):
        readiness.plan_exercise(
            tx,
            scenario=example_scenarios()[_DRILL],
            evaluator="carol",
            participants=("bob",),
            team="commerce",
            scheduled_at=now + timedelta(days=6),
            announced=False,
        )
