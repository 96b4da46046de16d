"""The room's three doors: contact methods and the pager's health by API, console and command line."""

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from quarterdeck.notify import views
from tests.cast import ALICE, BOB, CHARLIE
from tests.notify.pager import Pager
from tests.notify.test_actions import code_in
from tests.people import settle


@pytest.fixture
def pager(house: Any) -> Pager:
    settle(house.record)
    return Pager(house)


def test_bob_adds_a_method_by_api_verifies_it_and_puts_it_first(pager: Pager) -> None:
    bob = pager.house.client(BOB)
    made = bob.post("/api/me/methods", json={"kind": "email", "address": "bob@example.com"})
    assert made.status_code == 201, made.text
    method = made.json()["id"]
    pager.work()
    code = code_in(pager.second.log[0][2].text)
    wrong = bob.post(f"/api/me/methods/{method}/verification", json={"code": "12"})
    assert wrong.status_code == 400
    assert bob.post(f"/api/me/methods/{method}/verification", json={"code": code}).json()["verified"] is True
    listed = bob.get("/api/me/methods").json()["items"]
    assert [item["kind"] for item in listed] == ["demo", "email"]
    assert listed[1]["shown"] == "b…@example.com"
    order = [method, listed[0]["id"]]
    assert bob.put("/api/me/methods/order", json={"methods": order}).status_code == 200
    assert [item["id"] for item in bob.get("/api/me/methods").json()["items"]] == order
    assert bob.delete(f"/api/me/methods/{method}").status_code == 204


def test_another_s_method_is_not_there(pager: Pager) -> None:
    method = pager.house.ask(views.methods, "bob")[0].id
    alice = pager.house.client(ALICE)
    assert alice.delete(f"/api/me/methods/{method}").status_code == 404
    assert alice.post(f"/api/me/methods/{method}/code").status_code == 404
    assert alice.post(f"/api/me/methods/{method}/verification", json={"code": "1"}).status_code == 404
    assert alice.post(f"/me/methods/{method}/removal", follow_redirects=False).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"kind": "email"},
        {"kind": "email", "address": "bob"},
        {"kind": "email", "address": "bob@example.com", "verified": True},
        {"kind": "webhook", "address": "http://user:pw@169.254.169.254/"},
        {"kind": 7, "address": []},
        [],
    ],
)
def test_what_makes_no_sense_is_a_problem_document(pager: Pager, body: Any) -> None:
    answer = pager.house.client(BOB).post("/api/me/methods", json=body)
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("application/problem+json")


def test_deliveries_of_an_incident_are_listed_with_their_attempts(pager: Pager) -> None:
    for _ in range(3):
        pager.page("bob", 214)
    pager.work()
    alice = pager.house.client(ALICE)
    first = alice.get("/api/deliveries?about=incident/214&limit=2").json()
    assert len(first["items"]) == 2
    rest = alice.get(f"/api/deliveries?about=incident/214&limit=2&cursor={first['next']}").json()
    assert len(rest["items"]) == 1
    assert rest["next"] is None
    sent = rest["items"][0]
    assert (sent["state"], sent["attempts"][0]["succeeded"]) == ("sent", True)
    assert alice.get("/api/deliveries?about=contact/bob").status_code == 400


def test_who_may_see_nothing_sees_nothing(pager: Pager) -> None:
    charlie = pager.house.client(CHARLIE)
    for path in ("/api/me/methods", "/api/deliveries?about=incident/1", "/api/pager", "/me/methods", "/pager"):
        assert charlie.get(path).status_code == 403
    nobody = pager.house.client(None)
    assert nobody.get("/api/pager").status_code == 401


def test_bob_adds_verifies_and_rings_by_the_console(pager: Pager) -> None:
    bob = pager.house.client(BOB)
    added = bob.post("/me/methods", data={"kind": "webhook", "address": "https://hooks.example.com/qd"})
    assert added.status_code == 200
    assert "A code is on its way" in added.text
    assert "whsec_" in added.text
    method = pager.house.ask(views.methods, "bob")[1].id
    assert bob.post(f"/me/methods/{method}/first").status_code == 200
    assert pager.house.ask(views.methods, "bob")[0].id == method
    assert "test page is on its way" in bob.post("/me/pages").text
    pager.work()
    assert pager.first.texts()[-1].startswith("TEST")


def test_hostile_text_is_escaped_wherever_messages_are_shown(pager: Pager) -> None:
    hostile = "SEV2 INC-1 <script>alert(1)</script><img src=x onerror=alert(1)>"
    pager.page("bob", 1, text=hostile)
    pager.work()
    page = pager.house.client(ALICE).get("/pager").text
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page
    assert "<img" not in page


def test_the_pager_page_says_no_until_a_canary_came_back(pager: Pager) -> None:
    assert "Pages may not go out" in pager.house.client(ALICE).get("/pager").text


def test_a_method_is_added_listed_and_rung_by_the_command_line(tmp_path: Path) -> None:
    from quarterdeck.app import cli

    run = CliRunner()
    home = str(tmp_path / "home")
    assert run.invoke(cli.app, ["init", home, "--email", "admin@example.com"]).exit_code == 0
    added = run.invoke(
        cli.app, ["method", "add", "admin", "demo", "admin", "--assume-verified", "--home", home, "--json"]
    )
    assert added.exit_code == 0, added.output
    listed = run.invoke(cli.app, ["method", "list", "admin", "--home", home, "--json"])
    assert '"demo"' in listed.output
    rung = run.invoke(cli.app, ["pager", "test", "--login", "admin", "--home", home])
    assert rung.exit_code == 0, rung.output
    health = run.invoke(cli.app, ["pager", "health", "--home", home])
    assert health.exit_code == 1, "no engine has run yet"
    assert "last canary: never" in health.output
