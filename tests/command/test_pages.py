"""Incidents for people: every page and panel renders, every form does what it says, text stays text, roles hold."""

from typing import Any

import pytest

from quarterdeck.command import actions, views
from quarterdeck.kernel.principal import ENGINE
from tests.cast import ALICE, BOB, CHARLIE, DANA
from tests.command.situations import furnish

HOSTILE = "<script>alert(1)</script>{{ 7*7 }}"


@pytest.fixture
def furnished(house: Any) -> Any:
    furnish(house)
    house.perform(
        lambda tx: actions.declare(
            tx, title=HOSTILE, type="service-outage", impact="significant", urgency="high", summary=HOSTILE
        ),
        by=ALICE,
    )
    house.perform(lambda tx: actions.note(tx, number=1, text=HOSTILE), by=BOB)
    house.run_until_idle()
    return house


@pytest.fixture
def alice(furnished: Any) -> Any:
    return furnished.client(ALICE)


def follow(client: Any, path: str, **form: str) -> Any:
    """Post a form as the console does; what comes back is the page it leads to."""
    answer = client.post(path, data=form, headers={"Accept": "text/html"}, follow_redirects=False)
    assert answer.status_code == 303, answer.text[-500:]
    page = client.get(answer.headers["location"], headers={"Accept": "text/html"})
    assert page.status_code == 200
    return page


PAGES = (
    "/incidents",
    "/incidents?state=all&severity=SEV2&service=&q=script",
    "/incidents/new",
    "/incidents/new?title=script+alert",
    "/incidents/1",
    "/incidents/1/timeline",
    *(f"/incidents/1/panels/{name}" for name in ("roles", "plan", "timeline", "facts")),
)


def test_pages_show_hostile_text_as_text(alice: Any) -> None:
    for path in PAGES:
        page = alice.get(path, headers={"Accept": "text/html"})
        assert page.status_code == 200, f"{path}: {page.text[-2000:]}"
        assert "<script>alert" not in page.text, path
        assert "{{ 7*7 }}" in page.text or path in (
            "/incidents/new?title=script+alert",
            "/incidents/1/panels/roles",
            "/incidents/1/panels/plan",
        ), path


def test_a_viewer_reads_and_is_offered_no_form_to_change_anything(furnished: Any) -> None:
    dana = furnished.client(DANA)
    page = dana.get("/incidents/1", headers={"Accept": "text/html"}).text
    assert 'action="/incidents/1/' not in page
    assert dana.post("/incidents/1/mitigation", data={}).status_code == 403
    assert dana.get("/incidents/new").status_code == 403


def test_whoever_may_see_nothing_sees_nothing(furnished: Any) -> None:
    charlie = furnished.client(CHARLIE)
    for path in ("/incidents", "/incidents/1", "/incidents/1/timeline", "/api/incidents", "/api/incidents/1"):
        assert charlie.get(path).status_code == 403
    nobody = furnished.client(None)
    assert nobody.get("/api/incidents").status_code == 401


def test_declaring_takes_a_title_and_says_who_would_command(furnished: Any) -> None:
    bob = furnished.client(BOB)
    assert "Bob" in bob.get("/incidents/new").text
    page = follow(bob, "/incidents/new", title="Printers on fire", severity="", service="")
    assert "Printers on fire" in page.text
    row = furnished.ask(views.incident, 2)
    assert (row.title, row.commander, row.severity) == ("Printers on fire", "bob", "SEV3")


def test_a_look_alike_is_offered_before_a_second_one_is_declared(furnished: Any) -> None:
    furnished.perform(lambda tx: actions.declare(tx, title="Card payments fail in the EU"), by=ALICE)
    bob = furnished.client(BOB)
    asked = bob.post("/incidents/new", data={"title": "EU card payments"}, headers={"Accept": "text/html"})
    assert asked.status_code == 200
    assert "Join one of these instead?" in asked.text
    assert "INC-2" in asked.text
    assert len(furnished.ask(views.incidents).items) == 2
    follow(bob, "/incidents/new", title="EU card payments", anyway="yes")
    assert len(furnished.ask(views.incidents).items) == 3


def test_the_whole_life_by_forms(furnished: Any, alice: Any) -> None:
    follow(alice, "/incidents/1/activation")
    follow(alice, "/incidents/1/impact", statement="38% of EU payments fail")
    follow(alice, "/incidents/1/severity", severity="", impact="extensive", urgency="high", reason="worse than thought")
    follow(alice, "/incidents/1/roles", role="scribe", person="bob")
    follow(alice, "/incidents/1/roles", role="scribe", person="")
    follow(alice, "/incidents/1/roles", role="incident-commander", person="bob")
    follow(alice, "/incidents/1/classification", type="data-loss", service="")
    follow(alice, "/incidents/1/times", impact_started="2026-03-02T08:30", detected_at="", reason="logs")
    follow(alice, "/incidents/1/notes", text="Rolled back 812", at="")
    follow(alice, "/incidents/1/tasks", title="Call the bank", assignee="carol", due="2026-03-02T10:00")
    for task in furnished.ask(views.tasks, 1):
        if task.evidence:
            follow(alice, f"/incidents/1/tasks/{task.id}/completion", evidence="seen")
        else:
            follow(alice, f"/incidents/1/tasks/{task.id}/skip", reason="not needed")
    follow(alice, "/incidents/1/mitigation", how="rolled back", at="")
    follow(alice, "/incidents/1/resolution", reason="rolled back", at="")
    furnished.run_until_idle()
    row = furnished.ask(views.incident, 1)
    assert (row.state, row.severity, row.type, row.commander) == ("reviewing", "SEV1", "data-loss", "bob")
    assert row.impact_started.hour == 8
    refused = alice.post("/incidents/1/closure", data={}, headers={"Accept": "text/html"})
    assert refused.status_code == 409
    assert "review" in refused.text
    follow(alice, "/incidents/1/review", facilitator="alice", summary="Learnt")
    assert "Learnt" in alice.get("/incidents/1/panels/review").text
    assert "INC-1" in alice.get("/reviews").text
    follow(alice, "/incidents/1/closure")
    follow(alice, "/incidents/1/reopening", reason="it is back")
    assert furnished.ask(views.incident, 1).state == "active"


def test_declining_cancelling_and_merging_by_forms(furnished: Any, alice: Any) -> None:
    for title in ("Two", "Three", "Four"):
        furnished.perform(lambda tx, title=title: actions.declare(tx, title=title), by=ENGINE)
    follow(alice, "/incidents/2/declination", reason="noise")
    follow(alice, "/incidents/3/cancellation", reason="in error")
    page = follow(alice, "/incidents/4/merger", into="INC-1")
    assert "merged INC-4 into this" in page.text
    states = {row.number: row.state for row in furnished.ask(views.incidents).items}
    assert states == {1: "triage", 2: "declined", 3: "cancelled", 4: "merged"}
    assert "the work goes on there" in alice.get("/incidents/4").text


SENSELESS: tuple[tuple[str, dict[str, str]], ...] = (
    ("/incidents/1/notes", {"text": ""}),
    ("/incidents/1/notes", {"text": "x", "at": "yesterday"}),
    ("/incidents/1/notes", {"text": "x", "colour": "red"}),
    ("/incidents/1/merger", {"into": "the other one"}),
    ("/incidents/1/roles", {"role": "jester", "person": "bob"}),
    ("/incidents/new", {"title": " "}),
    ("/incidents/new", {"title": "x", "impact": "cosmic"}),
    ("/incidents/1/severity", {"reason": "why not"}),
)


def test_forms_that_make_no_sense_are_refused_with_a_page(alice: Any) -> None:
    for path, form in SENSELESS:
        answer = alice.post(path, data=form, headers={"Accept": "text/html"}, follow_redirects=False)
        assert answer.status_code == 400, (path, form)
        assert "data-detail" in answer.text


def test_the_list_is_filtered_by_its_address(furnished: Any, alice: Any) -> None:
    furnished.perform(lambda tx: actions.declare(tx, title="Slow search"), by=ALICE)
    assert "Slow search" in alice.get("/incidents?severity=SEV3").text
    assert "Slow search" not in alice.get("/incidents?severity=SEV1").text
    assert "Slow search" in alice.get("/incidents?q=inc-2").text
    assert "No incident fits" in alice.get("/incidents?state=closed").text
    assert alice.get("/incidents?state=asleep", headers={"Accept": "text/html"}).status_code == 400


def test_an_incident_that_does_not_exist_is_not_found(alice: Any) -> None:
    for number in ("0", "77", "99999999999999999999"):
        for path in ("", "/timeline", "/panels/facts"):
            assert alice.get(f"/incidents/{number}{path}").status_code == 404
        assert alice.post(f"/incidents/{number}/mitigation", data={}).status_code == 404
