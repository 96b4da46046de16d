"""The doors: API, console and command line; bad input is told clearly and nothing typed is lost."""

from datetime import timedelta
from typing import Any

import pytest

from quarterdeck.comms import views
from quarterdeck.plan.events import DocumentReviewOverdue, DocumentReviewReminded
from quarterdeck.plan.rules import DOCUMENT
from tests.cast import ALICE, BOB, DANA
from tests.comms.town import declare, open_house, texts, told, update

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def opened(house: Any) -> Any:
    open_house(house)
    return house


def soon(house: Any, minutes: int = 20) -> str:
    at = house.clock.now() + timedelta(minutes=minutes)
    return f"{at:%Y-%m-%dT%H:%M}"


def test_programs_write_updates_and_read_them_back(opened: Any) -> None:
    number = declare(opened)
    with opened.client(BOB) as bob:
        path = f"/api/incidents/{number}/updates"
        body = {"impact": "Cards fail.", "next_update": soon(opened) + ":00Z"}
        made = bob.post(path, json=body)
        assert made.status_code == 201, made.text
        assert [text["waits_for"] for text in made.json()["texts"]] == [None, None, "Commander"]
        assert bob.post(f"{path}/1/approvals/customers").status_code == 409
        again = bob.post(path, json={"unchanged": True})
        assert again.status_code == 201 and again.json()["unchanged"]
        listed = bob.get(path, params={"limit": 1}).json()
        assert [item["update"] for item in listed["items"]] == [2]
        assert (listed["next"], listed["communication"]["status"]) == (2, "running")
        assert [item["update"] for item in bob.get(path, params={"cursor": 2}).json()["items"]] == [1]
    with opened.client(ALICE) as alice:
        assert alice.post(f"{path}/2/approvals/customers").status_code == 200


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({"impact": "x"}, "next_update"),
        ({"impact": "x", "next_update": "2026-03-02T08:00:00Z"}, "next_update"),
        ({"impact": "x", "next_update": "2026-03-02T10:00:00Z"}, "next_update"),
        ({"impact": "x", "next_update": "2026-03-02T09:10:00"}, "next_update"),
        ({"mood": "x", "next_update": "2026-03-02T09:10:00Z"}, "mood"),
        ({"impact": "x" * 10_000, "next_update": "2026-03-02T09:10:00Z"}, "impact"),
        ({"audiences": ["press"], "next_update": "2026-03-02T09:10:00Z"}, "audiences"),
        ({"impact": "x", "unchanged": True}, "unchanged"),
    ],
)
def test_programs_are_told_what_is_wrong(opened: Any, body: dict[str, Any], fault: str) -> None:
    number = declare(opened)
    with opened.client(BOB) as bob:
        answer = bob.post(f"/api/incidents/{number}/updates", json=body)
        assert answer.status_code == 400
        assert fault in answer.text
        assert bob.get(f"/api/incidents/{number}/updates").json()["items"] == []


def test_programs_elevate_and_take_note(opened: Any) -> None:
    number = declare(opened, "SEV2")
    with opened.client(BOB) as bob:
        path = f"/api/incidents/{number}/elevations"
        made = bob.post(path, json={"text": "Cards fail.", "to": ["chief"], "decision": "Switch?"})
        assert made.status_code == 201, made.text
        id = made.json()["elevation"]
        assert bob.post(path, json={"text": "", "to": ["king"]}).status_code == 400
    with opened.client(DANA) as dana:
        assert dana.post(f"{path}/{id}/acknowledgement").json()["acknowledged_by"] == "Dana"
        assert dana.post(f"{path}/{id}/decision", json={"decision": "Switch."}).json()["decided"] == "Switch."
        assert dana.post(f"{path}/nothing/acknowledgement").status_code == 404
        assert dana.get("/api/incidents/99/elevations").status_code == 404


def test_the_composer_shows_three_texts_and_sends_them(opened: Any) -> None:
    number = declare(opened)
    with opened.client(ALICE) as alice:
        at = f"/incidents/{number}/updates/new"
        page = alice.get(at).text
        assert 'data-audience="customers"' in page and 'value="2026-03-02T09:30"' in page
        everybody = {"to-it": "yes", "to-management": "yes", "to-customers": "yes"}
        typed = {"impact": f"Cards fail {SCRIPT}", "next_update": soon(opened), **everybody}
        shown = alice.post(at, data={**typed, "do": "preview"})
        assert shown.status_code == 200
        assert shown.text.count("Cards fail &lt;script&gt;") >= 3 and SCRIPT not in shown.text
        assert opened.ask(views.updates, number) == [], "a preview sends nothing"
        fragment = alice.post(f"/incidents/{number}/updates/preview", data={"impact": "Half", "next_update": "soon"})
        assert fragment.status_code == 200 and "Half." in fragment.text and "<html" not in fragment.text
        assert alice.post(at, data=typed, follow_redirects=False).status_code == 303
        again = alice.get(at).text
        assert "Cards fail &lt;script&gt;" in again, "the next one begins with what was said"
        panel = alice.get(f"/incidents/{number}/panels/updates").text
        assert 'data-key="u"' in panel and 'data-key="c"' in panel and "data-copy=" in panel
        assert alice.post(f"/incidents/{number}/updates/unchanged", follow_redirects=False).status_code == 303


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"next_update": ""}, "When does the next update come?"),
        ({"next_update": "2026-03-02T08:00"}, "lies in the past"),
        ({"next_update": "2026-03-02T12:00"}, "comes too late"),
        ({"next_update": "tomorrow"}, "A time is not right"),
        ({"scope": "y" * 10_000}, "10,000 characters"),
        ({"to-press": "yes"}, "no such audience"),
        ({"mood": "bad"}, "no such field"),
    ],
)
def test_the_composer_keeps_what_was_typed(opened: Any, wrong: dict[str, str], said: str) -> None:
    number = declare(opened)
    with opened.client(ALICE) as alice:
        typed = {"impact": "An impact long thought about.", "next_update": soon(opened), "to-it": "yes", **wrong}
        answer = alice.post(f"/incidents/{number}/updates/new", data=typed)
        assert answer.status_code == 400
        assert said in answer.text and "An impact long thought about." in answer.text
        assert all(value in answer.text for name, value in wrong.items() if name == "scope")
        assert 'name="to-it" value="yes" checked' in answer.text
        assert "data-detail" in answer.text
        assert opened.ask(views.updates, number) == []


def test_the_brief_is_for_somebody_who_has_a_minute_and_a_decision(opened: Any) -> None:
    number = declare(opened)
    update(opened, number, fields={"impact": "Cards fail.", "scope": "4 in 10.", "confidence": "Improving."})
    with opened.client(DANA) as dana:
        page = dana.get(f"/incidents/{number}/brief").text
        assert "Cards fail." in page and "Do you agree?" in page and "I have read it" in page
        assert dana.post(f"/incidents/{number}/elevations/sev1/decision", data={"decision": "Yes, go on."}).is_success
        after = dana.get(f"/incidents/{number}/brief").text
        assert "Yes, go on." in after and "Do you agree?" not in after
    with opened.client(BOB) as bob:
        assert "took note of the elevation" in bob.get(f"/incidents/{number}").text


def test_the_page_of_what_is_now_says_that_an_update_is_overdue(opened: Any) -> None:
    number = declare(opened, "SEV2")
    with opened.client(ALICE) as alice:
        assert "Updates overdue" not in alice.get("/").text
        opened.forward(minutes=16)
        page = alice.get("/").text
        assert "Updates overdue" in page and "overdue 6 min" in page
        assert "overdue 6 min" in alice.get(f"/incidents/{number}").text
        assert f"/incidents/{number}/updates/new" in alice.get(f"/incidents/{number}/panels/bar").text


def test_an_incident_that_nobody_is_told_of_says_so(opened: Any) -> None:
    number = declare(opened, "SEV4")
    with opened.client(ALICE) as alice:
        assert "tells nobody" in alice.get(f"/incidents/{number}/updates/new").text
        body = {"impact": "x", "next_update": soon(opened) + ":00Z"}
        assert alice.post(f"/api/incidents/{number}/updates", json=body).status_code == 409
        assert alice.get(f"/incidents/{number}").status_code == 200
        assert alice.get(f"/incidents/{number}/brief").status_code == 200


def test_owner_and_approver_are_told_of_a_documents_review(opened: Any) -> None:
    def remind(tx: Any) -> None:
        facts = {"at": tx.now, "document": "plan", "owner": "alice", "approver": "dana"}
        due = DocumentReviewReminded(due=tx.now, days_left=7, **facts)
        late = DocumentReviewOverdue(trigger="review-date", why="its date", opened_at=tx.now, days=30, **facts)
        tx.append(DOCUMENT, "plan", [due, late])

    opened.perform(remind)
    opened.run_until_idle()
    assert told(opened, "reminder") == ["alice", "alice", "dana", "dana"]
    assert set(texts(opened, "reminder")) == {"alice", "dana"}
