"""The plan on paper: PDF/UA with a cover and every section, by page and by command; and the reading view to print."""

import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from quarterdeck.paper.document import Definitions, Heading, Listing, Paragraph, plain
from quarterdeck.plan import actions, views
from quarterdeck.plan.cli import commands
from quarterdeck.plan.rules import documents
from quarterdeck.plan.rules.checking import check
from quarterdeck.plan.rules.step_words import conditions, deadline, measure, question, skipping
from quarterdeck.record.local import LOCAL, Desk
from tests.cast import ALICE, BOB
from tests.conftest import House
from tests.journeys.town import plan_files
from tests.people import settle
from tests.plan.texts import example_plan

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ONE_STORE = pytest.mark.parametrize("store", ["sqlite"], indirect=True)
"""What reads nothing that the first test has not read on both."""
HOSTILE = '<script>alert("zq")</script> #set page(fill: red) {{ 7*7 }} \u202ereversed'


@pytest.fixture
def revised(house: House) -> House:
    settle(house.record)
    house.perform(lambda tx: actions.adopt(tx, files=plan_files(), reason="First plan"), by=ALICE)
    guideline = "guidelines/first-update.md"
    files = {**plan_files(), guideline: plan_files()[guideline] + f"\n{HOSTILE.replace(chr(0x202E), '')}\n"}
    house.perform(lambda tx: actions.adopt(tx, files=files, reason="A sentence more"), by=ALICE)
    return house


def texts(blocks: Any) -> list[str]:
    """Every text of a document, whatever it stands in."""
    found: list[str] = []
    for block in blocks:
        if isinstance(block, Heading | Paragraph):
            found.append(plain(block.text))
        elif isinstance(block, Listing):
            found += [text for item in block.items for text in texts(item)]
        elif isinstance(block, Definitions):
            found += [plain(words) for pair in block.pairs for words in pair]
    return found


def test_every_document_and_every_step_of_the_plan_is_on_paper(revised: House) -> None:
    document = revised.ask(views.printed, 2, NOW)
    said = texts(document.blocks)
    plan = revised.ask(views.in_force).plan  # type: ignore[union-attr]  # it was published above
    for one in documents(plan):
        if one.kind != "plan":
            assert one.title in said, one.key
    for procedure in plan.procedures.values():
        assert {step.title for step in procedure.steps} <= set(said), procedure.title
    sections = [plain(one.text) for one in document.blocks if isinstance(one, Heading) and one.level == 1]
    assert {"Purpose and scope", "Policy", "Approach", "Severity", "Roles", "Routing of signals", "Posts"} <= {
        *sections
    }
    facts = {name: plain(words) for name, words in document.facts}
    assert facts["Kept by"] == "Incident manager (Alice)"
    assert facts["To be approved by"] == "Chief information officer (Dana)"
    assert facts["This revision"] == "Adopted without an approval; written by Alice"
    assert facts["Status"] == "In force when it was printed on 2 March 2026"
    assert facts["SHA-256"].replace("\n", "") == revised.ask(views.published, 2).content_hash
    assert plain(dict(revised.ask(views.printed, 1, NOW).facts)["Status"]).startswith("Superseded by revision 2 on")


@ONE_STORE
def test_page_and_command_give_an_accessible_pdf(revised: House, tmp_path: Path) -> None:
    with revised.client(BOB) as web:
        answer = web.get("/plan/plan.pdf")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF-") and b"pdfuaid" in answer.content
        assert web.get("/plan/revisions/1/plan.pdf").content.startswith(b"%PDF-")
        assert web.get("/plan/revisions/9/plan.pdf").status_code == 404
    file, home = tmp_path / "plan.pdf", ("--home", str(tmp_path))
    desk = Desk(revised.record, LOCAL, None)
    done = CliRunner().invoke(commands, ["pdf", str(file), *home], obj=lambda home: desk)
    assert done.exit_code == 0 and "Wrote revision 2" in done.stdout, done.output
    again = CliRunner().invoke(commands, ["pdf", str(file), *home], obj=lambda home: desk)
    assert again.exit_code != 0 and file.read_bytes().startswith(b"%PDF-")
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not here: what the pages say was not read")
    said = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True).stdout
    for words in ("Contents", "Kept by", "Handing over command", '<script>alert("zq")</script>', "{{ 7*7 }}"):
        assert words in said, words


@ONE_STORE
def test_without_a_plan_there_is_nothing_to_print(house: House, tmp_path: Path) -> None:
    with house.client(ALICE) as web:
        assert web.get("/plan/plan.pdf").status_code == 404
    desk = Desk(house.record, LOCAL, None)
    file = str(tmp_path / "p.pdf")
    done = CliRunner().invoke(commands, ["pdf", file, "--home", str(tmp_path)], obj=lambda home: desk)
    assert done.exit_code == 1 and not Path(file).exists()


@ONE_STORE
def test_the_reading_view_has_the_prose_and_a_way_to_the_why_of_every_part(revised: House) -> None:
    with revised.client(BOB) as web:
        page = web.get("/plan", headers={"accept": "text/html"}).text
    for words in (
        "Management commits itself.",  # the policy
        "<h3>Road map</h3>",  # the plan's own text
        "Write <em>not known yet</em> rather than a guess",  # a guideline
        "Only if “Which way do we go?” is answered “Roll back”.",
        "Only the commander may skip it, with a reason.",
        "Median in minutes, lower is better: target 5 within 90 days, judged from 10 cases on.",
        '&lt;script&gt;alert("zq")&lt;/script&gt;',
    ):
        assert words in page, words
    plan = example_plan()
    steps = [f"procedures.{id}.steps.{step.id}" for id, one in plan.procedures.items() for step in one.steps]
    parts = [f"severity.levels.{id}" for id in plan.severity.levels] + [f"roles.{id}" for id in plan.roles]
    parts += [f"types.{id}" for id in plan.types] + [f"escalation.{id}" for id in plan.escalation]
    parts += [f"routing.{one.name}" for one in plan.routing] + [f"posts.{id}" for id in plan.posts]
    parts += [f"guidelines.{id}" for id in plan.guidelines] + [f"policies.{id}" for id in plan.policies]
    parts += [f"measures.{id}" for id in plan.measures] + [f"communication.audiences.{id}" for id in ("it", "business")]
    missing = [clause for clause in (*steps, *parts, "scope", "text") if f"/plan/why?clause={clause}" not in page]
    assert not missing
    assert page.count("<h1") == 1 and "style=" not in page


def test_a_step_is_told_with_its_anchor_its_way_and_who_may_skip_it() -> None:
    procedure = example_plan().procedures["change-failure"]
    steps = {step.id: step for step in procedure.steps}
    assert deadline(procedure, steps["halt"]) == "within 10 min of the declaration"
    assert "after “Carry it out on one instance" in deadline(procedure, steps["verify"])
    assert conditions(procedure, steps["tell"]) == ("Only at SEV1, SEV2 and SEV3.",)
    assert question(steps["back-or-forward"]).endswith("Roll back, Switch the change off or Repair forward.")
    assert (skipping(steps["tell"]), question(steps["tell"])) == ("", "")
    assert measure(example_plan().measures["found-by-monitoring"]).startswith("Share, higher is better: target 80 %")


def test_a_plan_of_bare_bones_is_printed_too() -> None:
    from quarterdeck.plan.views.printing import _sections
    from tests.plan.texts import small

    said = texts(_sections(check(small()).sound()))
    assert "Look" in said and "Objectives, and how they are measured" not in said
