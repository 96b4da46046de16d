"""One incident teaches, its lesson becomes a revision, the next runs under it; and every link can be walked."""

import json
from collections.abc import Iterable
from functools import partial

import pytest

from quarterdeck.command import actions as command
from quarterdeck.command import views as incidents
from quarterdeck.command.views import Entry
from quarterdeck.intake import actions as intake
from quarterdeck.intake.api.writer import DOOR
from quarterdeck.intake.sources import pagerduty
from quarterdeck.learning import views as learning
from quarterdeck.learning.actions import hold_review
from quarterdeck.record import Tx
from quarterdeck.record.verify import verify
from tests.cast import ALICE, CAROL
from tests.conftest import House
from tests.journeys.test_first_journey import assert_rebuild_equals_live
from tests.journeys.town import Town, cleared, furnish, raised
from tests.journeys.walking import Walker

STEP = "status-page"
CLAUSE = f"procedures.service-outage.steps.{STEP}"
WHY = f"/plan/why?clause={CLAUSE}"
SEEN = "Customers read of it first after 25 minutes: nobody had been named who publishes."
CHANGE = "The commander publishes that we know, until somebody else holds the role."


@pytest.fixture
def town(house: House) -> Town:
    furnish(house.record)
    return Town(house.record, house.clock)


def signal(house: House, town: Town, body: dict[str, object]) -> None:
    parsed = pagerduty.parse(json.dumps({"routing_key": "x", **body}).encode(), "spare")
    house.record.perform(DOOR, lambda tx: intake.accept(tx, parsed.arrivals))
    town.settle()


def settle_steps(house: House, number: int, steps: Iterable[str] | None, but: Iterable[str] = ()) -> None:
    """Alice does what is open and may be done now: these steps, or all."""
    for task in house.ask(incidents.tasks, number):
        wanted = (steps is None or task.step in tuple(steps)) and task.step not in tuple(but)
        if wanted and task.state == "open" and not task.waits_for:
            evidence = "See the dashboard" if task.evidence else None
            house.perform(partial(_done, number, task.id, evidence), ALICE)


def _done(number: int, task: str, evidence: str | None, tx: Tx) -> None:
    command.complete_task(tx, number=number, task=task, evidence=evidence)


def run(house: House, town: Town, key: str, *, told_after: int) -> int:
    """The checkout fails once more; that we know is published after so many minutes. Returns the incident's number."""
    signal(house, town, raised(key))
    number = max(row.number for row in house.ask(incidents.open_incidents))

    def take_command(tx: Tx) -> None:
        command.acknowledge(tx, number=number)
        command.assign_role(tx, number=number, role="incident-commander", person="alice")

    house.perform(take_command, ALICE)
    settle_steps(house, number, ("take-command", "scope", "severity", "elevate", "changes"))
    town.forward(minutes=told_after)
    settle_steps(house, number, (STEP,))
    town.forward(minutes=5)
    settle_steps(house, number, None)
    signal(house, town, cleared(key))
    house.perform(lambda tx: command.resolve(tx, number=number, reason="Rolled back."), ALICE)
    town.settle()
    return number


def end(house: House, town: Town, number: int) -> None:
    """Looked back on briefly, and closed: only then does it count as a use of what was changed."""

    def close(tx: Tx) -> None:
        hold_review(tx, number=number, summary="As before; told sooner.", facilitator="carol")
        command.close(tx, number=number)

    house.perform(close, CAROL)
    town.settle()


def entry_of(house: House, number: int) -> Entry:
    """The entry of the record which shows that the step was late."""
    found = [one for one in house.ask(incidents.timeline, number) if one.type == "command.TaskDone"]
    return next(one for one in found if "Publish that we know" in one.sentence)


def learn(house: House, town: Town, number: int) -> None:
    """In the console, from the review to the lesson and on to the revision."""
    shown = str(entry_of(house, number).position)
    alice = Walker(house.client(ALICE), "/reviews")
    alice.follow(f"/reviews/{number}")
    factor = {"code": "coordination.unclear-lead", "text": "Nobody had the task to publish.", "evidence": shown}
    alice.press("Add the factor", **factor)
    alice.press("We agree")
    alice.press("Add it", prompt="worse", text=SEEN, evidence=shown)
    lesson = alice.press("Make it a lesson")
    assert lesson.path == "/lessons/1"
    assert SEEN in lesson.text
    alice.press("Save", change=CHANGE, clause=CLAUSE, insight="A role without a holder publishes nothing.")
    alice.press("Validate")
    page = alice.press("Open a draft")
    draft = next(href for href in page.links if href.startswith("/plan/drafts/"))
    alice.follow(draft)
    alice.follow(f"{draft}/edit")
    alice.follow(f"{draft}/edit/procedures")
    alice.follow(f"{draft}/edit/procedures/service-outage")
    alice.follow(f"{draft}/edit/steps/service-outage/{STEP}")
    form = next(form for form in alice.page.forms if "Save" in form.buttons)
    field = next(name for name, value in form.fields.items() if value == "communications-lead")
    alice.press("Save", **{field: "incident-commander"})
    alice.open(draft)
    alice.press("Hand it in")
    approver = Walker(house.client(CAROL), draft)
    approver.press("Approve version 2")
    approver.press("Publish")
    town.settle()


def test_the_second_incident_runs_under_what_the_first_has_taught(house: House, town: Town) -> None:
    assert run(house, town, "k1", told_after=25) == 1
    late = entry_of(house, 1).position
    learn(house, town, 1)
    lesson = house.ask(learning.lesson, 1).lesson
    assert (lesson.state, lesson.revision) == ("closed", 2), "published: the lesson closes by itself"

    assert run(house, town, "k2", told_after=5) == 2
    assert [house.ask(incidents.incident, number).plan_revision for number in (1, 2)] == [1, 2]
    followed = [house.ask(incidents.conformance, number) for number in (1, 2)]
    assert [next(one.state for one in found.steps if one.step == STEP) for found in followed] == ["late", "done"]
    assert [next(one.role for one in found.steps if one.step == STEP) for found in followed] == [
        "communications-lead",
        "incident-commander",
    ]
    end(house, town, 2)
    effect = house.ask(learning.effect_of, 1)
    assert effect is not None
    assert [(side.some, side.n) for side in (effect.weighed.before, effect.weighed.after)] == [(0, 1), (1, 1)]

    carol = Walker(house.client(CAROL), "/plan/library")
    judge(carol)
    from_clause_to_evidence(carol, late)
    back_to_the_clause(carol)
    no_link_is_dead(carol)
    lesson = house.ask(learning.lesson, 1).lesson
    assert (lesson.check, lesson.effect, lesson.uses) == ("judged", "helped", 1)
    assert verify(house.record).faults == ()
    assert_rebuild_equals_live(house.record)


def judge(carol: Walker) -> None:
    """One use is too few for figures to decide, and the page says so; a person who was there does."""
    carol.open("/lessons/1")
    assert "0 of 1" in carol.page.text
    assert "1 of 1" in carol.page.text
    carol.press("That is the verdict", verdict="helped", reason="Published after 5 minutes, by the commander.")


def from_clause_to_evidence(carol: Walker, late: int) -> None:
    """Why does the plan say so? Revision, lesson, review, observation, and the entry that shows it."""
    carol.open("/plan/library")
    carol.follow("/plan/documents/procedure:service-outage")
    carol.follow(WHY)
    assert CHANGE in carol.page.text
    carol.follow("/plan/revisions/2/changes")
    carol.follow("/lessons/1")
    assert SEEN in carol.page.text
    carol.follow("/reviews/1#observation-")
    carol.follow(f"/reviews/1/entries/{late}")
    assert "Alice finished: Publish that we know" in carol.page.text
    carol.follow(f"/incidents/1/timeline#event-{late}")


def back_to_the_clause(carol: Walker) -> None:
    """From the evidence to its incident, review and lesson, to the next incident, and to the clause it ran under."""
    carol.follow("/incidents/1")
    assert "late" in carol.page.text
    carol.follow("/reviews/1")
    carol.follow("/lessons/1")
    carol.follow("/incidents/2")
    carol.follow("/plan/revisions/2#procedure-service-outage")
    carol.follow(f"{WHY}")
    carol.follow("/lessons/1")
    carol.follow(f"{WHY}")
    carol.follow("/incidents/1")


def no_link_is_dead(walker: Walker) -> None:
    """Every link on the pages of the chain leads to a page that is there, and to a place on it."""
    seen: set[str] = set()
    for path in ("/lessons/1", WHY, "/reviews/1", "/plan/revisions/2/changes", "/plan/drafts/1", "/incidents/2"):
        for href in sorted(set(walker.open(path).links) - seen):
            if href.startswith(("/", "#", "?")) and not href.endswith((".pdf", ".md", "=true")):
                walker.open(path)
                walker.open(href)
                seen |= {href} if href.startswith("/") else set()
