"""Drafts in the console: opened, handed in, returned, approved by another, published; and nothing lost in a race."""

from typing import Any

import pytest

from quarterdeck.plan import actions, views
from tests.cast import ALICE, BOB, CAROL
from tests.conftest import House
from tests.people import settle
from tests.plan.texts import SMALL, small

FASTER = small(("within: 10", "within: 5"))
REASON = {"kind-0": "lesson", "ref-0": "INC-214", "text-0": "The first look came too late"}


@pytest.fixture
def begun(house: House) -> House:
    settle(house.record)
    house.perform(lambda tx: actions.adopt(tx, files=small(("login: dana", "login: carol")), reason="First"))
    return house


def by_carol(files: dict[str, str]) -> dict[str, str]:
    return {name: text.replace("login: dana", "login: carol") for name, text in files.items()}


def opened(house: House, files: dict[str, str]) -> int:
    return house.perform(lambda tx: actions.open_draft(tx, title="Look sooner", files=by_carol(files)), by=ALICE)


def get(web: Any, path: str) -> str:
    answer = web.get(path, headers={"accept": "text/html"})
    assert answer.status_code == 200, path
    return str(answer.text)


def post(web: Any, path: str, **form: str) -> Any:
    return web.post(path, data=form, headers={"accept": "text/html"}, follow_redirects=False)


def test_a_draft_goes_through_the_console_from_its_beginning_to_the_revision(begun: House) -> None:
    with begun.client(ALICE) as web:
        assert "No draft is under way." in get(web, "/plan/drafts")
        answer = post(web, "/plan/drafts", title="Look sooner")
        assert (answer.status_code, answer.headers["location"]) == (303, "/plan/drafts/1")
        assert "Nothing differs yet" in get(web, "/plan/drafts/1")
        web.put("/api/plan/drafts/1/files", json={"files": by_carol(FASTER), "seen": 1})
        page = get(web, "/plan/drafts/1")
        assert "due within 5 min instead of 10 min" in page
        assert 'action="/plan/drafts/1/submission"' in page
        assert post(web, "/plan/drafts/1/submission", **{**REASON, "text-0": " "}).status_code == 400
        assert post(web, "/plan/drafts/1/submission", **REASON).status_code == 303
        page = get(web, "/plan/drafts/1")
        assert "It waits for Carol." in page
        assert "You wrote in it, so somebody else approves it: Carol." in page
        assert 'action="/plan/drafts/1/approval"' not in page
        assert post(web, "/plan/drafts/1/approval", seen="2").status_code == 409
    with begun.client(CAROL) as web:
        assert "Carol" in get(web, "/plan/drafts")
        assert post(web, "/plan/drafts/1/return", comment="Why 5?").status_code == 303
        assert "gave it back: " in get(web, "/plan/drafts/1").replace('<span class="break">', "")
        assert post(web, "/plan/drafts/1/submission").status_code == 303  # the reasons given before count
        assert post(web, "/plan/drafts/1/approval", seen="1").status_code == 409
        assert post(web, "/plan/drafts/1/approval", seen="2", comment="Good").status_code == 303
        assert post(web, "/plan/drafts/1/publication").status_code == 303
        assert "It came into force as revision 2." in get(web, "/plan/drafts/1")
    assert begun.ask(views.revisions)[0].approved_by == CAROL.id


def test_faults_stand_in_the_way_with_their_place_and_remedy(begun: House) -> None:
    opened(begun, small(("owner: boss", "owner: bos")))
    with begun.client(ALICE) as web:
        page = get(web, "/plan/drafts/1")
        assert "plan.yaml:2:8: owner: there is no post `bos`; did you mean `boss`?" in page
        assert "One fault stands in the way. Mend it first." in page
        assert post(web, "/plan/drafts/1/withdrawal", reason="A slip").status_code == 303
        assert "A slip" in get(web, "/plan/drafts/1")
        assert "Look sooner" not in get(web, "/plan/drafts")
        assert "Look sooner" in get(web, "/plan/drafts?state=withdrawn")
        assert web.get("/plan/drafts?state=lost", headers={"accept": "text/html"}).status_code == 400


def test_a_reader_sees_the_draft_and_who_may_change_it(begun: House) -> None:
    opened(begun, FASTER)
    with begun.client(BOB) as web:
        page = get(web, "/plan/drafts/1")
        assert "Whoever has the permission `plan` may: " in page
        assert "Begin a draft" not in get(web, "/plan/drafts")
        assert post(web, "/plan/drafts", title="x").status_code == 403


def test_what_was_published_meanwhile_is_seen_side_by_side_and_taken_in(begun: House) -> None:
    """Two drafts of one revision: the second to be published loses nothing."""
    number = opened(begun, small(("within: 10", "within: 5"), ("title: Mend", "title: Repair")))
    theirs = by_carol(small(("within: 10", "within: 8"), ("name: Small plan", "name: Smaller plan")))
    begun.perform(lambda tx: actions.adopt(tx, files=theirs, reason="Sooner, but not so soon"))
    with begun.client(ALICE) as web:
        assert "The plan moved on" in get(web, f"/plan/drafts/{number}")
        page = get(web, f"/plan/drafts/{number}/meanwhile")
        assert "due within 8 min instead of 10 min" in page
        assert "due within 5 min instead of 10 min" in page
        assert 'name="clash:plan.yaml:1"' in page
        take = {"seen": "1", "onto": "2"}
        assert post(web, f"/plan/drafts/{number}/meanwhile", **take).status_code == 400, "somebody has to choose"
        assert post(web, f"/plan/drafts/{number}/meanwhile", **{**take, "onto": "1"}).status_code == 409
        chosen = post(web, f"/plan/drafts/{number}/meanwhile", **take, **{"clash:plan.yaml:1": "mine"})
        assert chosen.status_code == 303
        assert post(web, f"/plan/drafts/{number}/meanwhile", **take).status_code == 409
    found = begun.ask(views.draft, number)
    assert (found.draft.based_on, found.draft.version, found.draft.moved_on) == (2, 2, False)
    text = found.files["plan.yaml"]
    assert all(words in text for words in ("within: 5", "title: Repair", "name: Smaller plan"))
    assert len(text.splitlines()) == len(SMALL.splitlines())
