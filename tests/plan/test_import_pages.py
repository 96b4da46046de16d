"""A plan imported in the console: uploaded, settled step by step, and nothing lost when two save at once."""

import html
from typing import Any

import pytest

from quarterdeck.plan import actions, views
from tests.cast import ALICE, BOB, CAROL
from tests.conftest import House
from tests.people import settle
from tests.plan.test_draft_pages import get, post
from tests.plan.test_importing import TEXTS
from tests.plan.texts import SMALL, small

PAGE = {"accept": "text/html"}


@pytest.fixture
def empty(house: House) -> House:
    settle(house.record)
    return house


def upload(web: Any, files: list[tuple[str, bytes]], **form: str) -> Any:
    chosen = files or [("", b"")]  # what a browser sends for a field in which nobody chose a file
    parts = [("files", (name, data, "text/plain")) for name, data in chosen]
    return web.post("/plan/import", data=form, files=parts, headers=PAGE, follow_redirects=False)


def at_step(web: Any, what: str, **form: str) -> None:
    page = get(web, "/plan/drafts/1/next")
    assert f'name="what" value="{what}"' in page
    seen = page.split('name="seen" value="')[1].split('"')[0]
    answer = post(web, "/plan/drafts/1/next", seen=seen, what=what, **form)
    assert (answer.status_code, answer.headers.get("location")) == (303, "/plan/drafts/1/next"), answer.text


def test_a_plan_of_several_texts_is_settled_step_by_step_until_it_is_publishable(empty: House) -> None:
    files = [(name, text.encode()) for name, text in TEXTS.items()]
    with empty.client(ALICE) as web:
        assert "Start from the example" in get(web, "/plan")
        answer = upload(web, files, title="Our plan")
        assert (answer.status_code, answer.headers["location"]) == (303, "/plan/drafts/1/next")
        assert "info.yml:1: is no Markdown, and was left aside" in html.unescape(get(web, "/plan/drafts/1"))
        at_step(web, "posts", **{"posts.chief-information-officer.login": "carol"})
        at_step(web, "criteria", do="leave")
        at_step(web, "authority", do="leave")
        at_step(web, "stub", **{"stub:supply-chain": "leave"})
        at_step(web, "example", do="leave")
        at_step(web, "routing", do="leave")
        at_step(web, "blank", **{"blank:COMPANY": "Acme"})
        at_step(web, "to-do", do="leave")
        at_step(web, "absent", do="leave", **{"put:communication": "yes"})
        at_step(web, "as-text", do="leave")
        page = get(web, "/plan/drafts/1/next")
        assert "The draft is publishable." in page
        assert 'action="/plan/drafts/1/submission"' in page
        reason = {"kind-0": "adoption", "text-0": "The first plan"}
        assert post(web, "/plan/drafts/1/submission", **reason).status_code == 303
    with empty.client(CAROL) as web:
        page = get(web, "/plan/drafts/1")
        assert "stub: supply-chain" in page, "whoever approves sees what was left open"
        assert post(web, "/plan/drafts/1/approval", seen="4").status_code == 303
        assert post(web, "/plan/drafts/1/publication").status_code == 303
    found = empty.ask(views.in_force)
    assert found is not None
    assert found.plan.procedures["during"].text is not None
    assert "plan for Acme" in found.plan.procedures["during"].text


def test_what_cannot_be_imported_is_refused_with_what_was_typed(empty: House) -> None:
    with empty.client(ALICE) as web:
        answer = upload(web, [("a.md", b"\xff\xfe")], title="Our <plan>", text="# Pasted\n")
        assert answer.status_code == 400
        assert "a.md:1: is not UTF-8 from here on; save it as UTF-8" in answer.text
        assert "Our &lt;plan&gt;" in answer.text
        assert "# Pasted" in answer.text
        assert upload(web, [], title="").status_code == 400
        assert upload(web, [("a.zip", b"PK\x03\x04")], title="x").status_code == 400
        assert upload(web, [("plan.yaml", SMALL.encode())], title="Ours").status_code == 303
        assert "there is no post" not in get(web, "/plan/drafts/1")
        pasted = upload(web, [], title="", text="# Playbook: Fire\r\n\r\n1. Leave the house\r\n")
        assert pasted.status_code == 303
    with empty.client(BOB) as web:
        assert upload(web, [("a.md", b"# A\n")], title="x").status_code == 403
    assert empty.ask(views.draft, 1).files == {"plan.yaml": SMALL}
    assert "procedures/pasted.md" in empty.ask(views.draft, 2).files


def test_the_first_plan_can_be_begun_from_the_example_or_with_the_least(empty: House) -> None:
    with empty.client(ALICE) as web:
        for number, beginning in enumerate(("example", "nothing"), 1):
            answer = post(web, "/plan/first", **{"from": beginning})
            assert answer.headers["location"] == f"/plan/drafts/{number}/next"
            assert "Who holds each post" in get(web, f"/plan/drafts/{number}/next")
    assert {page.source for page in (empty.ask(views.draft, n) for n in (1, 2))} == {"example", "import"}


def test_two_who_save_at_once_lose_nothing(empty: House) -> None:
    """Alice names a post; meanwhile Carol has named the same one, and another person."""
    files = small(
        ("boss: {title: Boss, login: dana}", "boss: {title: Boss, login: dana}\n  aide: {title: Aide, login: dana}")
    )
    empty.perform(lambda tx: actions.open_draft(tx, title="Ours", files=files, source="import"), by=ALICE)
    theirs = {"plan.yaml": files["plan.yaml"].replace("Boss, login: dana", "Boss, login: bob")}
    form = {"seen": "1", "what": "posts", "posts.boss.login": "carol", "posts.aide.title": "First aide"}
    with empty.client(ALICE) as web:
        empty.perform(lambda tx: actions.revise_draft(tx, draft=1, files=theirs, seen=1), by=CAROL)
        answer = post(web, "/plan/drafts/1/next", **form)
        assert answer.status_code == 409
        assert "While you wrote, Carol saved version 2" in answer.text
        assert "data-instead" in answer.text
        assert 'name="clash:plan.yaml:1"' in answer.text
        assert 'name="posts.aide.title" value="First aide"' in answer.text
        assert empty.ask(views.draft, 1).draft.version == 2, "nothing was saved yet"
        chosen = post(web, "/plan/drafts/1/next", **form, **{"clash:plan.yaml:1": "mine"})
        assert chosen.status_code == 303
    text = empty.ask(views.draft, 1).files["plan.yaml"]
    assert "Boss, login: carol" in text
    assert "First aide, login: dana" in text
    with empty.read() as conn:
        assert views.draft_files(conn, 1, 1) == files
        assert views.draft_files(conn, 1, 2) == theirs
