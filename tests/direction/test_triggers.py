"""What happened opens a review of the document that it concerns: once, with its reference, and only if wanted."""

import copy
import json
from typing import Any

from quarterdeck.catalog import actions as catalog
from quarterdeck.command import actions as command
from quarterdeck.direction import events as ev
from quarterdeck.direction.rules import practise
from quarterdeck.direction.rules.practice import TOO_MANY, USES, evolve
from quarterdeck.direction.rules.triggers import after_service
from quarterdeck.governance import actions as governance
from quarterdeck.plan import actions as plan
from quarterdeck.plan import views as plans
from tests.cast import ADMIN
from tests.direction.test_replay import changed, declare
from tests.oncall.making import at
from tests.oncall.world import open_house

NOW = at("2026-03-02 09:00")
REVIEW = {"due_working_days": 5, "facilitator": "manager"}


def opened(house: Any, **paths: Any) -> None:
    open_house(house)
    document = changed(**paths)
    document["procedures"]["restore"] = copy.deepcopy(document["procedures"]["respond"]) | {"title": "Restore"}
    document["types"]["outage"]["procedure"] = "restore"
    house.perform(lambda tx: plan.adopt(tx, document=document, reason="with steps"))


def reviews(house: Any) -> list[tuple[str, str, str | None]]:
    rows = house.ask(plans.upkeep)
    return sorted((row.document, one.trigger, one.ref) for row in rows for one in row.reviews)


def resolved(house: Any, **facts: Any) -> int:
    number = declare(house, **facts)
    house.perform(lambda tx: command.resolve(tx, number=number, reason="over"))
    house.run_until_idle()
    return number


def test_a_significant_incident_opens_reviews_of_the_plan_and_of_the_procedure_used(house: Any) -> None:
    opened(house, severity__levels__SEV1__review=REVIEW)
    resolved(house, impact="low", urgency="low")
    assert reviews(house) == [], "SEV4 owes no review"
    first = resolved(house, type="outage")
    ref = f"INC-{first}"
    assert reviews(house) == [
        ("plan", "significant-incident", ref),
        ("procedure:restore", "significant-incident", ref),
    ]
    resolved(house, type="outage")
    assert len(reviews(house)) == 2, "one is open already for the same trigger"
    house.perform(
        lambda tx: plan.settle_document_review(tx, document="procedure:restore", outcome="no-change", reason="holds")
    )
    house.perform(lambda tx: command.reopen(tx, number=first, reason="back"))
    house.perform(lambda tx: command.resolve(tx, number=first, reason="over again"))
    house.run_until_idle()
    assert ("procedure:restore", "significant-incident", ref) in reviews(house)


def test_a_document_that_does_not_ask_for_a_trigger_is_left_alone(house: Any) -> None:
    opened(house, severity__levels__SEV1__review=REVIEW, review_on=["exercise-failed"])
    resolved(house, type="outage")
    assert reviews(house) == []


def test_a_drill_asks_for_nothing(house: Any) -> None:
    opened(house, severity__levels__SEV1__review=REVIEW)
    resolved(house, type="outage", drill=True)
    assert reviews(house) == []


def test_a_type_with_a_stub_and_one_that_the_plan_has_lost_are_asked_about(house: Any) -> None:
    opened(house)
    lost = declare(house, type="outage")
    document = changed()
    del document["types"]["outage"]
    document["procedures"]["respond"]["steps"] = document["procedures"]["respond"]["steps"][:1]
    house.perform(lambda tx: plan.adopt(tx, document=document, reason="thin"))
    house.perform(lambda tx: command.resolve(tx, number=lost, reason="over"))
    stub = resolved(house)
    assert reviews(house) == [
        ("plan", "type-without-procedure", f"INC-{lost}"),
        ("procedure:respond", "type-without-procedure", f"INC-{stub}"),
    ]


def test_a_service_without_cover_is_asked_about_when_it_is_added_or_changed(house: Any) -> None:
    opened(house)
    house.perform(lambda tx: governance.add_team(tx, id="payments", name="Payments"))
    entry: dict[str, Any] = {"name": "Checkout", "team": "payments", "tier": 1}
    house.perform(lambda tx: catalog.add_service(tx, id="covered", **entry, escalation_path="major"))
    house.run_until_idle()
    assert reviews(house) == []
    house.perform(lambda tx: catalog.add_service(tx, id="checkout", **entry))
    house.run_until_idle()
    assert reviews(house) == [("plan", "service-without-cover", "service:checkout")]
    house.perform(
        lambda tx: plan.settle_document_review(tx, document="plan", outcome="no-change", reason="it pages by severity")
    )
    house.perform(lambda tx: catalog.revise_service(tx, id="covered", **entry))
    house.run_until_idle()
    assert reviews(house) == [("plan", "service-without-cover", "service:covered")]


def test_a_route_a_path_or_a_procedures_scope_covers_a_service(house: Any) -> None:
    def wanted(path: str | None = None, **paths: Any) -> int:
        draft = house.perform(
            lambda tx: plan.open_draft(tx, title="Trial", files={"plan.yaml": json.dumps(changed(**paths))})
        )
        found = house.ask(plans.draft_plan, draft)
        return len(after_service(found, service="checkout", name="Checkout", path=path))

    opened(house)
    assert wanted() == 1
    assert wanted("major") == 0
    assert wanted("no-such-path") == 1
    assert wanted(routing=[{"name": "all", "service": "checkout"}]) == 0
    assert wanted(routing=[{"name": "all", "service": "{service}"}]) == 0
    assert wanted(routing=[{"name": "all", "service": "search"}]) == 1
    assert wanted(procedures__respond__scope="Whatever befalls Checkout.") == 0


def test_somebody_who_holds_a_post_and_leaves_is_asked_about(house: Any) -> None:
    opened(house)
    house.perform(lambda tx: governance.deactivate_person(tx, person="bob"), by=ADMIN)
    house.run_until_idle()
    assert reviews(house) == [], "Bob holds no post"
    house.perform(lambda tx: governance.deactivate_person(tx, person="dana"), by=ADMIN)
    house.run_until_idle()
    assert reviews(house) == [("plan", "role-holder-left", "post:chief")]
    house.perform(lambda tx: governance.deactivate_person(tx, person="alice"), by=ADMIN)
    house.run_until_idle()
    assert [document for document, _, _ in reviews(house)] == ["plan", "procedure:respond", "procedure:restore"]


def test_a_step_that_is_skipped_too_often_is_asked_about_once(house: Any) -> None:
    opened(house)
    numbers = []
    for _ in range(TOO_MANY + 1):
        number = declare(house, impact="low", urgency="low")
        house.perform(lambda tx, n=number: command.skip_task(tx, number=n, task="look", reason="no need"))
        for task, answer in (("decide", "no"),):
            house.perform(lambda tx, n=number, t=task, a=answer: command.complete_task(tx, number=n, task=t, answer=a))
        house.perform(lambda tx, n=number: command.resolve(tx, number=n, reason="over"))
        house.perform(lambda tx, n=number: command.close(tx, number=n))
        house.run_until_idle()
        numbers.append(number)
        asked = [one for one in reviews(house) if one[1] == "step-not-followed"]
        assert len(asked) == (len(numbers) >= TOO_MANY)
    assert asked == [("procedure:respond", "step-not-followed", f"INC-{numbers[TOO_MANY - 1]}")]
    why = next(row.reviews[0].why for row in house.ask(plans.upkeep) if row.document == "procedure:respond")
    assert "“Look” was skipped, late or left undone in 3 of its last 3 uses: INC-1, INC-2, INC-3." in why


# -- counting -------------------------------------------------------------------------------------


def practised(number: int, state: str) -> ev.ProcedurePractised:
    used = ev.StepUsed(step="look", title="Look", state=state)
    return ev.ProcedurePractised(at=NOW, procedure="respond", number=number, revision=1, steps=(used,))


def counted(*states: str) -> list[int]:
    """The incidents, counted from 1, at which the step was called into question."""
    state, found = None, []
    for number, followed in enumerate(states, 1):
        events = practise(state, practised(number, followed))
        for event in events:
            state = evolve(state, event)
        found += [number for event in events if isinstance(event, ev.StepQuestioned)]
    return found


def test_only_the_last_uses_count_and_counting_begins_afresh() -> None:
    assert counted("late", "done", "skipped", "overdue") == [4]
    assert counted("late", "late", *["done"] * (USES - 1), "late") == [], "the first two are too long ago"
    assert counted(*["late"] * 7) == [3, 6]


def test_an_incident_that_is_closed_twice_counts_once() -> None:
    state = evolve(None, practised(1, "late"))
    assert practise(state, practised(1, "late")) == []
