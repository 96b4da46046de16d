"""The plan's history in the console: revisions, any two compared, and why a clause is there, down to the incident."""

from typing import Any

import pytest

from quarterdeck.command import actions as command
from quarterdeck.plan import actions, views
from quarterdeck.plan.events import Reason
from quarterdeck.plan.rules.clauses import named, said, trail
from tests.cast import ALICE, BOB
from tests.conftest import House
from tests.people import settle
from tests.plan.texts import example_plan, plan_from, small

BROWSER = {"accept": "text/html"}
SLOWER = ("        within: 10\n", "        within: 20\n")
CLAUSE = "procedures.fix.steps.look.within"
HOSTILE = "<script>alert(1)</script> INC-1"


@pytest.fixture
def revised(house: House) -> House:
    """Three revisions: the first, one for an incident's sake, one that changes only a comment."""
    settle(house.record)
    house.perform(lambda tx: actions.adopt(tx, files=small(), reason="First plan"), by=ALICE)
    house.perform(lambda tx: command.declare(tx, title="Search is down", impact="large", urgency="high"), by=ALICE)
    reasons = [Reason(kind="lesson", ref="INC-1", text="Looking took longer than INC-9 said", clauses=(CLAUSE,))]
    house.perform(lambda tx: actions.adopt(tx, files=small(SLOWER), reason="More time", reasons=reasons), by=ALICE)
    commented = {"plan.yaml": small(SLOWER)["plan.yaml"] + "# end\n"}
    house.perform(lambda tx: actions.adopt(tx, files=commented, reason=HOSTILE), by=ALICE)
    return house


def test_the_history_leads_from_a_clause_to_the_incident_behind_it(revised: House) -> None:
    with revised.client(BOB) as web:

        def page(path: str) -> str:
            answer = web.get(path, headers=BROWSER)
            assert answer.status_code == 200, answer.text
            return str(answer.text)

        listed = page("/plan/revisions")
        assert "1 clause" in listed and "comments only" in listed and "lesson" in listed
        changed = page("/plan/revisions/2/changes")
        assert "Procedure “Fix it”, step “Look”: due within 20 min instead of 10 min." in changed
        assert f'href="/plan/why?clause={CLAUSE}"' in changed
        assert "within: <b>10</b>" in changed and "within: <b>20</b>" in changed
        why = page(f"/plan/why?clause={CLAUSE}")
        assert '<a href="/incidents/1">INC-1</a> <span class="break">Search is down</span>' in why
        assert "INC-9 said" in why and "/incidents/9" not in why
        assert "It came with the first plan." in why
        assert "due within 20 min" in why
        assert "brought everything" in page("/plan/revisions/1/changes")
        hostile = page("/plan/revisions/3/changes")
        assert "only comments or layout" in hostile and "&lt;script&gt;" in hostile and "<script>alert" not in hostile
        backwards = page("/plan/differences?old=3&new=1")
        assert "due within 10 min instead of 20 min" in backwards
        assert "word for word the same" in page("/plan/differences?old=2&new=2")
        assert web.get("/plan/why?clause=no.such", headers=BROWSER).status_code == 404
        assert web.get("/plan/revisions/9/changes", headers=BROWSER).status_code == 404
        assert "By section" in page("/plan/why")


def test_a_clause_that_is_gone_is_still_named_and_explained(revised: House) -> None:
    files = small(SLOWER, ("        within: 20\n", ""), ("title: Look", "title: See"))
    revised.perform(lambda tx: actions.adopt(tx, files=files, reason="No hurry"), by=ALICE)
    without = small(
        SLOWER,
        (
            """\
      - id: look
        title: Look
        role: incident-commander
        within: 20
""",
            "",
        ),
    )
    revised.perform(lambda tx: actions.adopt(tx, files=without, reason="No looking"), by=ALICE)
    with revised.client(BOB) as web:
        page = web.get("/plan/why?clause=procedures.fix.steps.look", headers=BROWSER).text
    assert "does not have this clause any longer" in page
    assert "Why: Procedure “Fix it”, step “See”?" in page
    assert "No looking" in page and "No hurry" in page


def test_what_a_revision_touched_is_known_by_document(revised: House) -> None:
    assert revised.ask(views.last_touched) == {"procedure:fix": 2}
    assert revised.ask(views.change_counts) == {2: 1}


@pytest.mark.parametrize(
    ("clause", "name", "value"),
    [
        ("severity.levels.SEV1.update_every", "SEV1: update every", "an update is due every 20 min"),
        ("severity.matrix.extensive.high", "Impact “Extensive” with urgency “High”", "gives SEV1"),
        ("procedures.service-outage.owner", "Procedure “Service outage”: owner", "kept by the head of operations"),
        ("plan.text", "The plan: plan text", None),
        ("policy", "The plan: policy", "it stands under the policy “Incident management policy”"),
    ],
)
def test_a_clause_has_a_name_and_says_something(clause: str, name: str, value: Any) -> None:
    assert (named(example_plan(), clause), said(example_plan(), clause)) == (name, value)


def test_a_clause_knows_what_it_is_part_of() -> None:
    assert trail(plan_from(), CLAUSE) == (
        ("procedures", "procedures"),
        ("procedures.fix", "Procedure “Fix it”"),
        ("procedures.fix.steps", "Procedure “Fix it”: steps"),
        ("procedures.fix.steps.look", "Procedure “Fix it”, step “Look”"),
    )


def test_every_clause_of_the_example_has_a_name() -> None:
    from quarterdeck.plan.rules.differences import clauses

    plan = example_plan()
    assert all(named(plan, clause) for clause in clauses(plan))
