"""What each document lacks, in words; and the library's tree, right through the pages, on both stores."""

from datetime import date
from typing import Any

import pytest

from quarterdeck.kernel.panel import DocumentColumn, Fact, Hung
from quarterdeck.plan import actions, views
from quarterdeck.plan.pages.library import exercised
from quarterdeck.plan.rules import Plan
from quarterdeck.plan.rules.completeness import examine
from quarterdeck.plan.rules.gaps import gaps
from quarterdeck.plan.sources.packs import packs
from quarterdeck.plan.views.library import tree
from tests.cast import ALICE, BOB, CHARLIE
from tests.conftest import MONDAY, House
from tests.journeys.town import plan_files
from tests.people import settle
from tests.plan.texts import example_plan, plan_from, small

BROWSER = {"accept": "text/html"}


def words(plan: Plan, key: str) -> list[str]:
    findings = examine(plan, packs(), date(2026, 3, 2))
    return [one.words for one in gaps(plan, findings).get(key, ())]


def test_the_example_lacks_nothing() -> None:
    assert gaps(example_plan(), examine(example_plan(), packs(), date(2026, 3, 2))) == {}


def test_a_stub_a_blank_an_unused_procedure_and_unmet_requirements_are_named() -> None:
    plan = plan_from(("title: Mend", "title: Ask {{ whom }} TODO"))
    assert words(plan, "procedure:fix") == ["it is a stub with 2 steps", "2 blanks to fill in"]
    (said,) = words(plan, "plan")
    assert said.endswith("requirements of 5 standards not met")
    free = example_plan().model_copy(update={"types": {"unclassified": example_plan().types["unclassified"]}})
    assert "no incident type uses it" in words(free, "procedure:data-loss")
    assert "it serves no objective" in words(example_plan().model_copy(update={"serves": ()}), "plan")


def test_what_a_policy_does_not_say_is_the_policys_gap() -> None:
    policy = example_plan().policies["incident-management"].model_copy(update={"text": "We try."})
    plan = example_plan().model_copy(update={"policies": {"incident-management": policy}})
    assert words(plan, "policy:incident-management") == ["4 requirements of 1 standard not met"]


def test_the_framework_is_a_tree_from_the_policy_down_to_the_guidelines() -> None:
    placed = {one.key: depth for one, depth in tree(example_plan())}
    assert next(iter(placed)) == "policy:incident-management"
    assert (placed["policy:incident-management"], placed["plan"]) == (0, 1)
    assert (placed["procedure:general"], placed["guideline:first-update"]) == (2, 3)


@pytest.fixture
def begun(house: House) -> House:
    settle(house.record)
    house.perform(lambda tx: actions.adopt(tx, files=plan_files(), reason="First"), by=ALICE)
    return house


def test_the_library_shows_every_document_and_its_upkeep_is_done_there(begun: House) -> None:
    begun.forward(hours=1)
    with begun.client(ALICE) as web:

        def page(path: str) -> str:
            answer = web.get(path, headers=BROWSER)
            assert answer.status_code == 200, answer.text
            return str(answer.text)

        def send(path: str, answered: Any = 303, **form: Any) -> str:
            answer = web.post(path, data=form, headers=BROWSER, follow_redirects=False)
            assert answer.status_code == answered, answer.text
            return str(answer.text)

        shelf = page("/plan/library")
        for one in ("Incident management policy", "Service outage", "Writing the first update", "no incident has"):
            assert one in shelf, one
        assert "2 Mar 2027" in shelf and "Waiting for somebody" not in shelf
        key = "/plan/documents/procedure:service-outage"
        assert 'href="/plan/why?clause=procedures.service-outage.steps.declare"' in page(key) or "why?" in page(key)

        send("/plan/changes", kind="supplier", text="A new provider", happened_at="2026-02-01", **{"for-plan": "yes"})
        send("/plan/changes", 400, kind="weather", text="Rain", happened_at="2026-02-01")
        send("/plan/changes", 400, kind="law", text="A law", happened_at="soon")
        send("/plan/changes", 400, kind="law", text="A law", happened_at="2026-02-01", **{"for-nothing": "yes"})
        send(f"{key}/reviews/asked", trigger="step-not-followed", why="Step 3 is always late")
        assert "Waiting for somebody" in page("/plan/library") and "Step 3 is always late" in page(key)
        send(f"{key}/reviews", 400, outcome="no-change", reason="")
        send(f"{key}/reviews", outcome="no-change", reason="It was a holiday")
        assert "It was a holiday" in page(key) and "Step 3 is always late" not in page("/plan/library")
        assert "A new provider" in page("/plan/changes")
        send("/plan/changes/1/closing", 400, no_impact="")
        send("/plan/changes/1/closing", 409, revision="1")
        begun.perform(lambda tx: actions.adopt(tx, files=small(), reason="Smaller"), by=ALICE)
        send("/plan/changes/1/closing", revision="2")
        assert "the plan followed with" in page("/plan/changes")
        assert web.get(key, headers=BROWSER).status_code == 404
        assert page("/plan/documents/plan").count("revision 2") >= 1


def test_overdue_is_said_in_words_and_readers_have_no_forms(begun: House) -> None:
    begun.forward(days=365 + 12)
    with begun.client(BOB) as web:
        shelf = web.get("/plan/library", headers=BROWSER).text
        assert "its review has been overdue for 12 d" in shelf
        document = web.get("/plan/documents/plan", headers=BROWSER).text
        assert "Its review has been overdue for 12 d" in document and "Settle the review" not in document
        answer = web.post("/plan/documents/plan/reviews", data={"outcome": "no-change", "reason": "x"})
        assert answer.status_code == 403
    with begun.client(CHARLIE) as web:
        assert web.get("/plan/library").status_code == 403


def test_standards_and_objectives_are_told_for_the_plan_in_force(begun: House) -> None:
    with begun.client(BOB) as web:
        standards = web.get("/plan/standards", headers=BROWSER).text
        for said in ("NIST SP 800-61", "Does not apply:</strong> The company neither stores", "called in by name"):
            assert said in standards, said
        assert "not met" in standards, "nobody approved this revision"
        assert "Every objective is measured and served" in web.get("/plan/alignment", headers=BROWSER).text
        begun.perform(lambda tx: actions.adopt(tx, files=small(), reason="Smaller"), by=ALICE)
        assert "names no objective" in web.get("/plan/alignment", headers=BROWSER).text


def test_a_room_above_fills_the_column_of_exercises_and_the_packs_believe_it(begun: House) -> None:
    def hung(days: int) -> Hung:
        fact = Fact(MONDAY.replace(day=MONDAY.day + days), "a tabletop")
        column = DocumentColumn("exercised", "Last exercised", lambda conn: {"procedure:service-outage": fact}, "never")
        return Hung(columns=(column,))

    begun.forward(days=2)
    changed = {name: text.replace("within: 5 min", "within: 6 min") for name, text in plan_files().items()}
    begun.perform(lambda tx: actions.adopt(tx, files=changed, reason="Slower"), by=ALICE)
    with begun.read() as conn:
        assert exercised(conn, Hung()) is None
        assert exercised(conn, hung(3)) is True
        assert exercised(conn, hung(1)) is False, "the procedure has been changed since"
        found = views.library(conn, packs(), MONDAY, exercised=True)
    assert found is not None
    assert {one.status for one in found.findings if one.item == "exercised"} == {"met"}
