"""The three doors: the command with its exit codes, the API, the page people read."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from quarterdeck.plan import actions
from quarterdeck.plan.cli import commands
from quarterdeck.record.local import LOCAL, Desk
from tests.cast import ADMIN, ALICE, BOB, CHARLIE
from tests.conftest import House
from tests.people import settle
from tests.plan.texts import EXAMPLE, SMALL, example_files, small

RUN = CliRunner()


def run(*words: str, house: House | None = None) -> Any:
    opener = (lambda home: Desk(house.record, LOCAL, None)) if house else None
    return RUN.invoke(commands, words, obj=opener)


@pytest.fixture
def published(house: House) -> House:
    settle(house.record)
    files = {name: text.replace("login: admin", "login: dana") for name, text in example_files().items()}
    house.perform(lambda tx: actions.adopt(tx, files=files, reason="First plan"), by=ALICE)
    return house


def test_check_says_that_a_sound_plan_is_sound() -> None:
    done = run("check", str(EXAMPLE))
    assert done.exit_code == 0
    assert "The plan is sound: 9 incident types, 8 procedures" in done.stdout


def test_check_lists_faults_and_exits_with_1(tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text(SMALL.replace("owner: boss", "owner: bos", 1))
    done = run("check", str(tmp_path))
    assert done.exit_code == 1
    assert done.stdout == "plan.yaml:2:8: owner: there is no post `bos`; did you mean `boss`?\n"
    as_json = run("check", str(tmp_path), "--json")
    assert as_json.exit_code == 1
    assert json.loads(as_json.stdout) == {
        "ok": False,
        "faults": [
            {
                "file": "plan.yaml",
                "line": 2,
                "column": 8,
                "path": "owner",
                "problem": "there is no post `bos`",
                "remedy": "did you mean `boss`?",
            }
        ],
        "requirements": [],
        "alignment": [],
    }


def test_publish_show_and_revisions(house: House, tmp_path: Path) -> None:
    settle(house.record)
    (tmp_path / "plan.yaml").write_text(SMALL)
    home = ("--home", str(tmp_path))
    nothing = run("show", *home, house=house)
    assert nothing.exit_code == 1
    done = run("publish", str(tmp_path), *home, "--reason", "First", "--json", house=house)
    assert (done.exit_code, json.loads(done.stdout)) == (0, {"revision": 1})
    shown = run("show", *home, house=house)
    assert shown.exit_code == 0
    assert "Small plan, revision 1" in shown.stdout
    document = json.loads(run("show", *home, "--revision", "1", "--json", house=house).stdout)
    assert (document["revision"], document["reason"], document["plan"]["name"]) == (1, "First", "Small plan")
    assert "First" in run("revisions", *home, house=house).stdout


def test_publishing_a_faulty_plan_exits_with_1_and_records_nothing(house: House, tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text(SMALL.replace("owner: boss", "owner: bos", 1))
    done = run("publish", str(tmp_path), "--home", str(tmp_path), "--reason", "x", house=house)
    assert done.exit_code == 1
    assert "plan.yaml:2:8: owner: there is no post" in done.stdout
    assert run("show", "--home", str(tmp_path), house=house).exit_code == 1


def test_the_schema_is_json() -> None:
    assert json.loads(run("schema").stdout)["additionalProperties"] is False


def test_the_api_gives_the_plan_in_force_and_its_revisions(published: House) -> None:
    with published.client(BOB) as web:
        plan = web.get("/api/plan").json()
        assert (plan["revision"], plan["reason"], plan["by"]) == (1, "First plan", ALICE.id)
        assert plan["plan"]["severity"]["matrix"]["extensive"]["high"] == "SEV1"
        listed = web.get("/api/plan/revisions?limit=1").json()
        assert [item["revision"] for item in listed["items"]] == [1]
        assert listed["next"] is None
        assert set(web.get("/api/plan/revisions/1").json()["files"]) == set(example_files())
        assert web.get("/api/plan/revisions/2").status_code == 404
        assert web.get("/api/plan/revisions?cursor=x").status_code == 400


def test_revisions_are_listed_page_by_page(published: House) -> None:
    published.perform(lambda tx: actions.adopt(tx, files=small(), reason="Second"), by=ALICE)
    with published.client(BOB) as web:
        first = web.get("/api/plan/revisions?limit=1").json()
        second = web.get(f"/api/plan/revisions?limit=1&cursor={first['next']}").json()
    assert [first["items"][0]["revision"], second["items"][0]["revision"], second["next"]] == [2, 1, None]


def test_a_plan_of_nearly_a_megabyte_passes_the_api_and_a_larger_one_is_named(published: House) -> None:
    with published.client(ALICE) as web:
        big = {"plan.yaml": SMALL + "# " + "x" * 900_000 + "\n"}
        assert web.post("/api/plan/drafts", json={"files": big, "title": "Big"}).status_code == 201
        huge = {"plan.yaml": SMALL + "# " + "x" * 1_100_000 + "\n"}
        answer = web.post("/api/plan/drafts", json={"files": huge, "title": "Huge"})
        assert answer.status_code == 400
        assert "are more than 1,000,000; split the file" in answer.json()["errors"][0]


def test_who_may_not_is_refused(published: House) -> None:
    with published.client(BOB) as web:
        assert web.post("/api/plan/drafts", json={"files": small(), "title": "x"}).status_code == 403
    with published.client(CHARLIE) as web:
        assert web.get("/api/plan").status_code == 403
        assert web.get("/plan").status_code == 403
    with published.client() as web:
        assert web.get("/api/plan").status_code == 401


def test_without_a_plan_the_api_says_404_and_the_page_what_to_do(house: House) -> None:
    with house.client(ADMIN) as web:
        assert web.get("/api/plan").status_code == 404
        page = web.get("/plan", headers={"accept": "text/html"})
        assert page.status_code == 200
        assert "quarterdeck plan publish" in page.text


def test_the_page_reads_as_a_document(published: House) -> None:
    with published.client(BOB) as web:
        page = web.get("/plan", headers={"accept": "text/html"}).text
    assert "<h1>Incident management plan</h1>" in page
    for words in (
        "at once</span> <span>whoever is on call in “primary”",
        "after 5 min</span> <span>whoever is on call in “primary” and the incident manager",
        "after 20 min</span> <span>at last the chief information officer",
        "Stop what is damaging data",
        "<strong>First stop, then think.</strong>",
        "within 15 min",
        "reviewed within 5 working days, led by the incident manager",
        "Isolate systems and suspend accounts",
        "severity is critical, page, emergency or fatal",
        ", in force, published",
        'by <span class="person">Alice</span>: First plan',
    ):
        assert words in page, words
    assert "style=" not in page


def test_an_earlier_revision_says_that_it_is_not_in_force(published: House) -> None:
    published.perform(lambda tx: actions.adopt(tx, files=small(), reason="Second"), by=ALICE)
    with published.client(BOB) as web:
        old = web.get("/plan/revisions/1", headers={"accept": "text/html"}).text
        assert "This is not the plan in force. Revision 2 is." in old
        listed = web.get("/plan/revisions", headers={"accept": "text/html"}).text
        assert "Second" in listed
        assert "First plan" in listed
        assert web.get("/plan/revisions/9", headers={"accept": "text/html"}).status_code == 404


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)> [x](javascript:alert(1)) **bold** {{ 7*7 }}"


def test_hostile_text_in_a_plan_is_shown_and_never_run(published: House) -> None:
    changes = (
        ("title: Fix it", f"title: '{HOSTILE}'"),
        ("        mandatory: true\n", f"        mandatory: true\n        details: |\n          {HOSTILE}\n"),
    )
    published.perform(lambda tx: actions.adopt(tx, files=small(*changes), reason=HOSTILE), by=ALICE)
    with published.client(BOB) as web:
        page = web.get("/plan", headers={"accept": "text/html"}).text
    assert "<script>alert" not in page
    assert "<img" not in page
    assert 'href="javascript' not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "{{ 7*7 }}" in page
