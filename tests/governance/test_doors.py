"""Governance for programs, for people in a browser, and on the command line."""

import json
import re
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from quarterdeck.governance import actions, cli, views
from quarterdeck.kernel.errors import Invalid, NotFound, Refused
from quarterdeck.record.local import LOCAL, Desk
from tests.cast import ADMIN, ALICE, BOB, CHARLIE, DANA
from tests.conftest import House

ADA = {"login": "ada", "name": "Ada Adams", "email": "ada@example.com", "roles": ["responder"]}
PASSWORD = "correct horse battery"
SCRIPT = "<img src=x onerror=alert(1)>"

ADMINISTERING = [
    ("POST", "/api/people", ADA),
    ("POST", "/api/people/bob/roles", {"role": "administrator"}),
    ("DELETE", "/api/people/bob/roles/responder", None),
    ("POST", "/api/people/bob/deactivation", None),
    ("POST", "/api/people/bob/reactivation", None),
    ("POST", "/api/teams", {"id": "red", "name": "Red"}),
    ("POST", "/api/teams/red/members", {"login": "bob"}),
    ("DELETE", "/api/teams/red/members/bob", None),
    ("GET", "/api/keys", None),
    ("POST", "/api/keys", {"label": "mine", "roles": ["administrator"]}),
    ("POST", "/api/keys/k/revocation", None),
    ("PATCH", "/api/people/admin", {"name": "Mallory"}),
    ("GET", "/api/sessions?login=admin", None),
]


@pytest.mark.parametrize("who", [ALICE, BOB, DANA, CHARLIE], ids=str)
def test_only_administrators_administer(house: House, who: Any) -> None:
    with house.client(who) as client:
        for method, path, body in ADMINISTERING:
            assert client.request(method, path, json=body).status_code == 403, path
    assert len(house.ask(views.people)) == 6
    assert house.ask(views.keys) == []


def test_nobody_is_told_only_to_sign_in(house: House) -> None:
    with house.client() as client:
        for method, path, body in ADMINISTERING:
            assert client.request(method, path, json=body).status_code == 401, path
        page = client.get("/people", headers={"accept": "text/html"}, follow_redirects=False)
        assert (page.status_code, page.headers["location"]) == (303, "/sign-in?next=%2Fpeople")


def test_programs_administer_people_teams_and_sessions(house: House) -> None:
    with house.client(ADMIN) as admin:
        made = admin.post("/api/people", json={**ADA, "password": PASSWORD})
        assert made.status_code == 201
        assert admin.post("/api/people", json=ADA).json()["title"] == "LoginTaken"
        assert admin.post("/api/people/ada/roles", json={"role": "manager"}).status_code == 204
        assert admin.delete("/api/people/ada/roles/responder").status_code == 204
        assert admin.patch("/api/people/ada", json={"zone": "Europe/Paris"}).json()["zone"] == "Europe/Paris"
        assert admin.post("/api/teams", json={"id": "red", "name": "Red"}).status_code == 201
        assert admin.post("/api/teams/red/members", json={"login": "ada"}).status_code == 204
        ada = admin.get("/api/people/ada").json()
        assert (ada["roles"], ada["teams"], ada["may_sign_in"]) == (["manager"], ["red"], True)
        assert [m["login"] for m in admin.get("/api/teams").json()["items"][0]["members"]] == ["ada"]
        assert admin.delete("/api/teams/red/members/ada").status_code == 204
        assert admin.get("/api/teams").json()["items"][0]["members"] == []
        mine = admin.get("/api/sessions").json()["items"]
        assert admin.delete(f"/api/sessions/{mine[0]['id']}").status_code == 204
        assert admin.get("/api/sessions").status_code == 401


def test_people_are_listed_page_by_page(house: House) -> None:
    with house.client(DANA) as dana:
        seen, cursor = [], ""
        while True:
            page = dana.get(f"/api/people?limit=4{cursor}").json()
            seen += [item["login"] for item in page["items"]]
            if page["next"] is None:
                break
            cursor = f"&cursor={page['next']}"
        assert seen == ["admin", "alice", "bob", "carol", "charlie", "dana"]
        assert dana.get("/api/people?cursor=ghost").status_code == 400
        assert dana.get("/api/people/ghost").status_code == 404
        answer = dana.get("/api/people").text
        assert "argon2" not in answer
        assert "digest" not in answer


@pytest.mark.parametrize(
    "body",
    [
        {**ADA, "active": False},
        {**ADA, "id": "admin"},
        {**ADA, "roles": ["engine"]},
        {**ADA, "password": "short"},
        {**ADA, "login": ["ada"]},
        {"login": "ada"},
        "ada",
    ],
    ids=str,
)
def test_a_body_with_anything_unknown_or_unfit_is_refused(house: House, body: Any) -> None:
    with house.client(ADMIN) as admin:
        answer = admin.post("/api/people", json=body)
        assert answer.status_code == 400
        assert PASSWORD not in answer.text
        assert admin.get("/api/people/ada").status_code == 404


def test_a_key_is_shown_once_works_as_bearer_and_stops_when_revoked(house: House) -> None:
    with house.client(ADMIN) as admin, house.client() as program:
        made = admin.post("/api/keys", json={"label": "CI", "roles": ["manager"], "scopes": ["read"]}).json()
        assert made["secret"] not in admin.get("/api/keys").text
        program.headers["authorization"] = f"Bearer {made['secret']}"
        del program.headers["sec-fetch-site"]
        assert program.get("/api/me").json() == {
            "id": f"key/{made['id']}",
            "roles": ["manager"],
            "permissions": ["read"],
        }
        assert program.get("/api/people").status_code == 200
        assert program.get("/api/audit").status_code == 403
        assert admin.post(f"/api/keys/{made['id']}/revocation").status_code == 204
        assert program.get("/api/people").status_code == 401
        intake = admin.post("/api/keys", json={"label": "Mon", "roles": ["intake"]}).json()
        program.headers["authorization"] = f"Bearer {intake['secret']}"
        assert program.get("/api/people").status_code == 403


def test_administrators_add_and_change_a_person_in_the_console(house: House) -> None:
    with house.client(ADMIN) as admin:
        admin.headers["accept"] = "text/html"
        form = {"login": "ada", "name": SCRIPT, "email": "ada@example.com", "role": "viewer", "zone": "UTC"}
        added = admin.post("/people", data={**form, "password": PASSWORD}, follow_redirects=False)
        assert (added.status_code, added.headers["location"]) == (303, "/people/ada")
        assert admin.post("/people", data={**form, "login": "Bad"}).status_code == 400
        assert admin.post("/people", data={**form, "roles": "engine"}).status_code == 400
        assert admin.post("/people/ada/roles", data={"manager": "yes", "responder": "yes"}).status_code == 200
        assert admin.post("/teams", data={"id": "red", "name": SCRIPT}).status_code == 200
        assert admin.post("/teams/red/members", data={"login": "ada"}).status_code == 200
        for address in ("/people", "/people/ada"):
            page = admin.get(address)
            assert page.status_code == 200
            assert SCRIPT not in page.text
            assert "&lt;img" in page.text
        one = house.ask(views.person_by_login, "ada")
        assert one is not None
        assert (one.roles, one.teams) == (("manager", "responder"), ("red",))
        profile = {"name": "Ada", "email": "ada@example.org", "zone": "Asia/Tokyo"}
        assert admin.post("/people/ada/profile", data=profile).status_code == 200
        assert admin.post("/people/ada/profile", data={**profile, "zone": "Moon"}).status_code == 400
        assert admin.post("/people/ada/password", data={"password": "short"}).status_code == 400
        assert admin.post("/people/ada/password", data={"password": "long enough now"}).status_code == 200
        assert admin.post("/people/ada/deactivation").status_code == 200
        assert "inactive" in admin.get("/people/ada").text
        assert admin.post("/people/ada/reactivation").status_code == 200
        assert admin.post("/teams/red/members/ada/removal").status_code == 200
        assert admin.post("/people/admin/deactivation").status_code == 409
        assert admin.get("/people/ghost").status_code == 404
        one = house.ask(views.person_by_login, "ada")
        assert one is not None
        assert (one.name, one.zone, one.active, one.teams) == ("Ada", "Asia/Tokyo", True, ())


def test_those_who_only_read_see_people_without_forms(house: House) -> None:
    with house.client(DANA) as dana:
        dana.headers["accept"] = "text/html"
        for address in ("/people", "/people/bob"):
            page = dana.get(address)
            assert page.status_code == 200
            assert 'method="post"' not in page.text.partition("<main")[2].partition("</main>")[0]
        assert dana.get("/keys").status_code == 403
        assert dana.get("/me").status_code == 200
    with house.client(CHARLIE) as charlie:
        charlie.headers["accept"] = "text/html"
        for address in ("/people", "/people/bob", "/keys", "/audit", "/me"):
            assert charlie.get(address).status_code == 403


def test_a_key_of_the_console_is_on_the_page_once(house: House) -> None:
    with house.client(ADMIN) as admin:
        admin.headers["accept"] = "text/html"
        assert "No key has been issued" in admin.get("/keys").text
        page = admin.post("/keys", data={"label": SCRIPT, "role": "intake"})
        assert page.headers["cache-control"] == "no-store"
        secret = re.search(r"<code[^>]*>([0-9a-f]{32})</code>", page.text)
        assert secret is not None
        assert house.ask(views.principal_of_key, secret.group(1)) is not None
        listed = admin.get("/keys").text
        assert secret.group(1) not in listed
        assert SCRIPT not in listed
        assert admin.post("/keys", data={"label": "x", "role": "engine"}).status_code == 400
        id = house.ask(views.keys)[0].id
        assert admin.post(f"/keys/{id}/revocation").status_code == 200
        assert house.ask(views.principal_of_key, secret.group(1)) is None


# -- the command line --------------------------------------------------------------------------


def run(house: House, *words: str, stdin: str = "") -> Any:
    app = typer.Typer()
    app.add_typer(cli.commands)

    @app.callback()
    def root(ctx: typer.Context) -> None:
        ctx.obj = lambda home: Desk(house.record, LOCAL, None)

    return CliRunner().invoke(app, [*words, "--home", str(house.home)], input=stdin)


def test_the_command_line_administers(house: House) -> None:
    name = ("--name", "Ada", "--email", "ada@example.com")
    added = run(house, "people", "add", "ada", *name, "--role", "viewer", "--new-password", "--json")
    made = json.loads(added.output)
    credential = house.ask(views.credential, "ada")
    assert credential is not None
    assert credential.person == made["id"]
    from quarterdeck.governance.kept import password_matches

    assert password_matches(credential.argon2, made["password"])
    assert run(house, "people", "password", "ada", "--password-stdin", stdin=f"{PASSWORD}\n").exit_code == 0
    changed = house.ask(views.credential, "ada")
    assert changed is not None
    assert password_matches(changed.argon2, PASSWORD)
    assert run(house, "people", "grant", "ada", "manager").exit_code == 0
    assert run(house, "people", "revoke", "ada", "viewer").exit_code == 0
    assert run(house, "team", "add", "red", "--name", "Red").exit_code == 0
    assert run(house, "team", "member", "red", "ada").exit_code == 0
    assert json.loads(run(house, "team", "list", "--json").output)[0]["members"][0]["login"] == "ada"
    assert run(house, "team", "member", "red", "ada", "--remove").exit_code == 0
    assert json.loads(run(house, "people", "list", "--json").output)[0]["roles"] == ["manager"]
    assert run(house, "people", "deactivate", "ada").exit_code == 0
    assert "inactive" in run(house, "people", "list").output
    assert run(house, "people", "reactivate", "ada").exit_code == 0


def test_the_command_line_issues_lists_and_revokes_keys(house: House) -> None:
    made = json.loads(run(house, "key", "issue", "CI", "--role", "manager", "--scope", "read", "--json").output)
    assert house.ask(views.principal_of_key, made["secret"]) is not None
    listed = run(house, "key", "list")
    assert made["id"] in listed.output
    assert made["secret"] not in listed.output + run(house, "key", "list", "--json").output
    assert run(house, "key", "revoke", made["id"]).exit_code == 0
    assert house.ask(views.principal_of_key, made["secret"]) is None


def test_the_command_line_shows_the_audit(house: House) -> None:
    run(house, "team", "add", "red", "--name", "Red")
    rows = json.loads(run(house, "audit", "--json").output)
    assert [(row["type"], row["actor"], row["actor_name"]) for row in rows] == [
        ("governance.TeamAdded", "local", "the command line")
    ]
    assert "TeamAdded" in run(house, "audit", "--stream", "team").output
    assert json.loads(run(house, "audit", "--actor", "ghost", "--json").output) == []


def test_the_command_line_refuses_in_sentences(house: House) -> None:
    assert isinstance(run(house, "people", "grant", "ghost", "viewer").exception, NotFound)
    name = ("--name", "Ada", "--email", "ada@example.com")
    assert isinstance(run(house, "people", "add", "ada", *name, "--role", "god").exception, Invalid)
    empty = run(house, "people", "add", "ada", *name, "--password-stdin", stdin="\n")
    assert isinstance(empty.exception, Invalid)
    run(house, "people", "add", "ada", *name, "--role", "administrator")
    assert isinstance(run(house, "people", "deactivate", "ada").exception, Refused)
    assert house.perform(lambda tx: actions.issue_key(tx, label="still works", roles=("viewer",)))
