"""The catalogue's doors: API, pages and command line."""

from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from quarterdeck.catalog import cli, views
from quarterdeck.catalog.cli import read_entries
from quarterdeck.governance.actions import add_team
from quarterdeck.kernel.errors import Invalid
from quarterdeck.record.local import LOCAL, Desk
from tests.cast import ALICE, CHARLIE, DANA
from tests.conftest import House

SCRIPT = "<script>alert(1)</script>"

LOSS = {"amount": 1200.0, "currency": "EUR", "source": "Finance, 2026"}


@pytest.fixture
def catalogue(house: House) -> House:
    house.perform(lambda tx: add_team(tx, id="web", name=f"Web {SCRIPT}"))
    return house


def test_services_are_added_revised_listed_and_retired_by_programs(catalogue: House) -> None:
    with catalogue.client(ALICE) as alice:
        for id, needs in (("database", []), ("shop", ["database"])):
            body = {"id": id, "name": id.title(), "team": "web", "tier": 1, "depends_on": needs, "tolerance": 240}
            body |= {"loss": LOSS}
            assert alice.post("/api/services", json=body).status_code == 201
        first = alice.get("/api/services?limit=1").json()
        assert [item["id"] for item in first["items"]] == ["database"]
        second = alice.get(f"/api/services?limit=1&cursor={first['next']}").json()
        assert second == {
            "items": [
                {
                    "id": "shop",
                    "name": "Shop",
                    "team": "web",
                    "tier": 1,
                    "depends_on": ["database"],
                    "needed_by": [],
                    "escalation_path": None,
                    "tolerance": 240,
                    "loss": LOSS,
                    "active": True,
                }
            ],
            "next": None,
        }
        circle = alice.put(
            "/api/services/database", json={"name": "D", "team": "web", "tier": 1, "depends_on": ["shop"]}
        )
        assert circle.status_code == 400
        assert circle.json()["errors"] == [
            "depends_on: services would depend on themselves: database → shop → database"
        ]
        assert alice.post("/api/services/shop/retirement").status_code == 204
        assert [item["id"] for item in alice.get("/api/services").json()["items"]] == ["database"]
        assert alice.get("/api/services/nothing").status_code == 404
        assert alice.get("/api/services?cursor=nothing").status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"id": "shop", "name": "Shop", "team": "web"},
        {"id": "shop", "name": "Shop", "team": "web", "tier": 1, "active": False},
        {"id": "shop", "name": "Shop", "team": "web", "tier": 9},
        {"id": "shop", "name": "Shop", "team": "web", "tier": 1, "loss": {**LOSS, "amount": -1}},
        {"id": "shop", "name": "Shop", "team": "web", "tier": 1, "loss": {**LOSS, "currency": "euros"}},
        {"id": "shop", "name": "Shop", "team": "web", "tier": 1, "loss": {**LOSS, "source": ""}},
        {"id": "../shop", "name": "Shop", "team": "web", "tier": 1},
        {"id": "shop", "name": "x" * 300, "team": "web", "tier": 1},
        {"id": "shop", "name": "Shop", "team": "web", "tier": 1, "depends_on": "database"},
        {"id": "shop", "name": "Shop", "team": "web", "tier": 1, "depends_on": ["x"] * 500},
        [],
    ],
    ids=str,
)
def test_a_body_that_makes_no_sense_is_refused_and_nothing_is_kept(catalogue: House, body: Any) -> None:
    with catalogue.client(ALICE) as alice:
        answer = alice.post("/api/services", json=body)
        assert answer.status_code == 400
        assert answer.headers["content-type"].startswith("application/problem+json")
    assert catalogue.ask(views.services) == []


def test_those_who_may_only_read_change_nothing_and_charlie_sees_nothing(catalogue: House) -> None:
    body = {"id": "shop", "name": "Shop", "team": "web", "tier": 1}
    with catalogue.client(DANA) as dana:
        assert dana.get("/api/services").status_code == 200
        assert dana.post("/api/services", json=body).status_code == 403
    with catalogue.client(CHARLIE) as charlie:
        assert charlie.get("/api/services").status_code == 403
        assert charlie.get("/services").status_code == 403
    with catalogue.client() as nobody:
        assert nobody.get("/api/services").status_code == 401


def test_people_add_read_revise_and_retire_a_service(catalogue: House) -> None:
    with catalogue.client(ALICE) as alice:
        alice.headers["accept"] = "text/html"
        form = {"id": "shop", "name": SCRIPT, "team": "web", "tier": "1"}
        answer = alice.post("/services", data=form, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, "/services/shop")
        for address in ("/services", "/services/shop", "/services?retired=true"):
            page = alice.get(address)
            assert page.status_code == 200
            assert SCRIPT not in page.text
            assert "&lt;script&gt;" in page.text
        revised = {"name": "Shop", "team": "web", "tier": "2", "depends_on": "", "escalation_path": "critical"}
        assert alice.post("/services/shop/revision", data=revised).status_code == 200
        assert alice.post("/services/shop/revision", data={**revised, "tier": "x"}).status_code == 400
        assert alice.post("/services/shop/revision", data={**revised, "owner": "x"}).status_code == 400
        shop = catalogue.ask(views.service, "shop")
        assert shop is not None
        assert (shop.name, shop.tier, shop.escalation_path) == ("Shop", 2, "critical")
        assert alice.post("/services/shop/retirement").status_code == 200
        assert "/services/shop" not in alice.get("/services").text
        assert "/services/shop" in alice.get("/services?retired=true").text
        assert alice.get("/services/none").status_code == 404
    with catalogue.client(DANA) as dana:
        dana.headers["accept"] = "text/html"
        assert 'method="post"' not in dana.get("/services").text.partition("<main")[2]
        assert dana.post("/services", data=form).status_code == 403


def run(house: House, *words: str) -> Any:
    app = typer.Typer()
    app.add_typer(cli.commands)

    @app.callback()
    def root(ctx: typer.Context) -> None:
        ctx.obj = lambda home: Desk(house.record, LOCAL, None)

    return CliRunner().invoke(app, ["service", *words, "--home", str(house.home)], catch_exceptions=True)


def test_the_command_line_adds_lists_retires_and_applies(catalogue: House, tmp_path: Path) -> None:
    assert run(catalogue, "add", "database", "--name", "Database", "--team", "web", "--tier", "1").exit_code == 0
    file = tmp_path / "services.yaml"
    file.write_text("services:\n  shop: {name: Shop, team: web, tier: 2, depends_on: [database]}\n")
    assert run(catalogue, "apply", str(file)).output == "1 added, 0 revised, 0 unchanged.\n"
    assert run(catalogue, "apply", str(file)).output == "0 added, 0 revised, 1 unchanged.\n"
    assert "shop" in run(catalogue, "list").output
    assert run(catalogue, "retire", "shop").exit_code == 0
    assert "shop" not in run(catalogue, "list").output
    assert '"active": false' in run(catalogue, "list", "--retired", "--json").output
    refused = run(catalogue, "add", "x", "--name", "X", "--team", "ghosts")
    assert isinstance(refused.exception, Invalid)


HOSTILE_FILES = {
    "bomb": "a: &a [x, x]\nb: &b [*a, *a]\nservices: {}\n",
    "deep": "services: " + "[" * 50 + "]" * 50,
    "unknown key": "services: {shop: {name: Shop, team: web, tier: 1, owner: me}}",
    "no services": "shops: {}",
    "tag": "services: !!python/object/apply:os.system ['true']",
    "not yaml": "services: {",
    "wrong type": "services: {shop: {name: Shop, team: web, tier: one}}",
    "too large": "# " + "x" * 1_000_001,
    "empty": "",
}


@pytest.mark.parametrize("name", HOSTILE_FILES)
def test_a_hostile_file_is_refused_by_name(tmp_path: Path, name: str) -> None:
    file = tmp_path / "services.yaml"
    file.write_text(HOSTILE_FILES[name])
    with pytest.raises(Invalid) as invalid:
        read_entries(file)
    assert str(file) in str(invalid.value)


def test_a_file_that_is_not_text_or_not_there_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "services.yaml"
    with pytest.raises(Invalid, match="cannot be read"):
        read_entries(file)
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(Invalid, match="UTF-8"):
        read_entries(file)


def test_json_is_as_good_as_yaml(tmp_path: Path) -> None:
    file = tmp_path / "services.json"
    file.write_text('{"services": {"shop": {"name": "Shop", "team": "web", "tier": 1}}}')
    assert read_entries(file)["shop"].name == "Shop"
