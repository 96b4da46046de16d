"""The plan's editor in the console: forms for every part, the live check beside them, and files as they are."""

from typing import Any

import pytest

from quarterdeck.plan import actions, views
from quarterdeck.plan.rules.forms import SECTIONS
from quarterdeck.plan.sources.example import example_files
from tests.cast import ALICE, CAROL, DANA
from tests.conftest import House
from tests.people import settle
from tests.plan.test_draft_pages import get, post
from tests.plan.texts import small

EDIT = "/plan/drafts/1/edit"


@pytest.fixture
def begun(house: House) -> House:
    settle(house.record)
    house.perform(lambda tx: actions.adopt(tx, files=small(), reason="First"))
    house.perform(lambda tx: actions.open_draft(tx, title="Look sooner"), by=ALICE)
    return house


def text(house: House) -> str:
    return house.ask(views.draft, 1).files["plan.yaml"]


def save(web: Any, house: House, **form: str) -> None:
    version = house.ask(views.draft, 1).draft.version
    answer = post(web, EDIT, seen=str(version), **form)
    assert answer.status_code == 303, answer.text
    get(web, answer.headers["location"])


def test_every_part_of_the_example_opens_as_a_form(begun: House) -> None:
    files = {name: one.replace("login: admin", "login: alice") for name, one in example_files().items()}
    begun.perform(lambda tx: actions.revise_draft(tx, draft=1, files=files, seen=1), by=ALICE)
    with begun.client(ALICE) as web:
        page = get(web, EDIT)
        for section in SECTIONS.values():
            assert section.title in page
            get(web, f"{EDIT}/{section.key}")
        for path in (
            *("types/service-outage", "roles/incident-commander", "procedures/service-outage", "escalation/major"),
            *("audiences/it", "policies/incident-management", "objectives/learn", "measures/time-to-acknowledge"),
            *("standards/pci-dss-12-10", "file?name=plan.yaml", "file?name=plan.md", "file"),
        ):
            get(web, f"{EDIT}/{path}")
        assert web.get(f"{EDIT}/roles/nobody", headers={"accept": "text/html"}).status_code == 404
        assert web.get(f"{EDIT}/nothing", headers={"accept": "text/html"}).status_code == 404
    with begun.client(DANA) as web:
        assert web.get(EDIT, headers={"accept": "text/html"}).status_code == 403


def test_forms_change_values_rows_and_entries_and_keep_the_rest(begun: House) -> None:
    with begun.client(ALICE) as web:
        save(web, begun, part="severity", **{"severity.levels.SEV1.update_every": "15 min"})
        assert "update_every: 15 min" in text(begun)
        save(web, begun, part="roles", do="new", **{"new:title": "Scribe"})
        assert "is missing" in get(web, f"{EDIT}/roles/scribe")
        duties = {"roles.scribe.duties": "Note\r\nAsk", "roles.scribe.authority": "Interrupt"}
        save(web, begun, part="roles", id="scribe", **duties)
        assert begun.ask(views.draft, 1).faults == ()
        save(web, begun, part="procedures", id="fix", do="step", **{"new:step": "Tell the customers"})
        save(web, begun, part="procedures", id="fix", do="up:procedures.fix.steps.2")
        step = {"procedures.fix.steps.1.role": "scribe", "procedures.fix.steps.1.within": "1h"}
        save(web, begun, part="procedures", id="fix", step="tell-the-customers", **step)
        save(web, begun, part="escalation", id="main", do="add:escalation.main.levels")
        save(web, begun, part="escalation", id="main", **{"escalation.main.levels.1.notify:0": "post:boss"})
        save(web, begun, part="routing", do="down:routing.0")
        save(web, begun, part="routing", do="up:routing.1")
        save(web, begun, part="guidelines", do="new", **{"new:title": "First words"})
        save(web, begun, part="posts", do="new", **{"new:title": "Aide", "new:login": "bob"})
        save(web, begun, part="posts", do="remove:aide")
        assert "At once: whoever is on call" in get(web, f"{EDIT}/escalation/main")
    page = begun.ask(views.draft, 1)
    plan = begun.ask(views.draft_plan, 1)
    assert page.faults == ()
    assert [(one.id, one.role, one.within) for one in plan.procedures["fix"].steps][1] == (
        "tell-the-customers",
        "scribe",
        60,
    )
    assert plan.escalation["main"].levels[1].notify == ("post:boss",)
    assert plan.guidelines["first-words"].procedure == "fix"
    assert set(plan.posts) == {"boss"}


def test_the_check_beside_the_form_says_what_is_wrong_and_what_changes_and_saves_nothing(begun: House) -> None:
    with begun.client(ALICE) as web:
        form = {"part": "severity", "severity.levels.SEV1.update_every": "soon"}
        said = post(web, "/plan/drafts/1/check", **form).text
        assert "is no duration" in said
        assert 'href="/plan/drafts/1/edit/severity"' in said
        form["severity.levels.SEV1.update_every"] = "15 min"
        assert "an update is due every 15 min" in post(web, "/plan/drafts/1/check", **form).text
        broken = post(web, "/plan/drafts/1/check", part="file", name="plan.yaml", text="name: [")
        assert "not YAML" in broken.text
        nowhere = post(web, "/plan/drafts/1/check", part="nowhere")
        assert (nowhere.status_code, "Not possible by this form" in nowhere.text) == (200, True)
        paged = post(web, "/plan/drafts/1/paged", part="escalation", id="main")
        assert "Saturday, 03:00: SEV1, Main" in paged.text
    assert begun.ask(views.draft, 1).draft.version == 1


def test_files_are_edited_as_they_are_and_a_concurrent_save_loses_nothing(begun: House) -> None:
    with begun.client(ALICE) as web:
        ours = text(begun).replace("name: Small plan", "name: Our plan # really")
        save(web, begun, part="file", name="plan.yaml", text=ours.replace("\n", "\r\n"))
        assert text(begun) == ours
        theirs = ours.replace("scope: Everything", "scope: All")
        begun.perform(lambda tx: actions.revise_draft(tx, draft=1, files={"plan.yaml": theirs}, seen=2), by=CAROL)
        mine = ours.replace("title: Mend", "title: Repair")
        answer = post(web, EDIT, seen="2", part="file", name="plan.yaml", text=mine)
        assert answer.status_code == 303, "nobody changed the same lines"
        assert "scope: All" in text(begun)
        assert "title: Repair" in text(begun)
        clash = post(web, EDIT, seen="2", part="file", name="plan.yaml", text=ours.replace("Everything", "Nothing"))
        assert clash.status_code == 409
        assert "While you wrote" in clash.text
        assert post(web, EDIT, seen="4", part="file", name="", text="x").status_code == 400
        assert post(web, EDIT, seen="4", part="file", name="../x.yaml", text="x").status_code == 400
        save(web, begun, part="file", name="policies/ours.md", text="---\ntitle: Ours\nowner: boss\n---\n\nWe care.\n")
        save(web, begun, part="file", name="policies/ours.md", text="", do="remove")
    assert set(begun.ask(views.draft, 1).files) == {"plan.yaml"}


def test_a_fault_leads_to_the_form_that_mends_it(begun: House) -> None:
    files = small(("role: incident-commander\n        within", "role: nobody\n        within"))
    begun.perform(lambda tx: actions.revise_draft(tx, draft=1, files=files, seen=1), by=ALICE)
    with begun.client(ALICE) as web:
        page = get(web, "/plan/drafts/1/next")
        assert "Mend the faults first" in page
        assert 'href="/plan/drafts/1/edit/steps/fix/look"' in page
        assert "there is no role `nobody`" in get(web, f"{EDIT}/steps/fix/look")
