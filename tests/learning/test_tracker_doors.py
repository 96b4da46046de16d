"""Trackers through page, interface and command line: set up, tried, used, renewed, removed; its secrets told once."""

import json
from typing import Any

import typer
from typer.testing import CliRunner

from quarterdeck.kernel.errors import Invalid
from quarterdeck.learning.cli import tracking
from quarterdeck.record.local import LOCAL, Desk
from tests.cast import ADMIN, BOB
from tests.conftest import House
from tests.learning.taught import kept
from tests.learning.trackers.github import REPO, GitHub
from tests.learning.trackers.server import TOKEN, served
from tests.learning.trackers.works import Works

__all__ = ["kept"]


def test_an_administrator_sets_a_tracker_up_in_the_console_and_others_use_it(kept: House) -> None:
    works, github = Works(kept), GitHub()
    number = works.agreed("Ring <b>earlier</b>")
    with served(github), kept.client(ADMIN) as web:
        web.headers["accept"] = "text/html"
        assert "No tracker is set up" in web.get("/trackers").text
        assert "owner/repository" in web.get("/trackers/new?kind=github").text
        form = {"kind": "github", "tracker": "web", "project": REPO, "base_url": github.url, "token": TOKEN}
        assert web.post("/trackers", data={**form, "project": "web"}).status_code == 400
        made = web.post("/trackers", data={**form, "labels": "incident, web"})
        assert "qh_" in made.text and "being tried" in made.text and "/api/trackers/web/events" in made.text
        works.work()
        page = web.get("/trackers/web").text
        assert "issues can be made in example/web" in page and "qh_" not in page and TOKEN not in page
        assert "to be sent to" not in web.get(f"/actions/{number}").text
        sent = web.post(f"/actions/{number}/ticket", data={"tracker": "web"})
        assert sent.url.path == f"/actions/{number}" and "On its way to GitHub example/web" in sent.text
        works.work()
        github.change(1, title='<script>"x"</script>', html_url="javascript:alert(1)")
        works.forward(minutes=3)
        page = web.get(f"/actions/{number}").text
        assert "<script>" not in page and "&lt;script&gt;" in page and 'href="javascript' not in page
        assert "#1" in web.get("/actions").text
        assert web.post(f"/actions/{number}/ticket/now").status_code == 200
        github.token = "another"
        assert "being tried" in web.post("/trackers/web/try").text
        works.work()
        assert "does not know the token" in web.get("/trackers").text
        assert "qh_" in web.post("/trackers/web/webhook-secret").text
        assert web.post("/trackers/web/token", data={"token": "another"}).status_code == 200
        place = {"project": REPO, "base_url": github.url, "sends": "team", "teams": "nobody"}
        assert web.post("/trackers/web/place", data=place).status_code == 400
        assert web.post("/trackers/web/place", data={**place, "sends": "all", "teams": ""}).status_code == 200
        assert "no longer kept in step" in web.post(f"/actions/{number}/ticket/stop").text
        assert web.post("/trackers/web/removal").url.path == "/trackers"
        assert "was removed" in web.get("/trackers/web").text
        assert web.post("/trackers", data={**form, "kind": "github"}).status_code == 409, "its name is used up"
    with kept.client(BOB) as web:
        assert web.get("/trackers").status_code == 403
        assert web.post(f"/api/actions/{number}/ticket", json={"tracker": "web"}).status_code == 403


def test_programs_do_the_same(kept: House) -> None:
    works, github = Works(kept), GitHub()
    number = works.agreed()
    with served(github), kept.client(ADMIN) as web:
        new = {"tracker": "web", "kind": "github", "project": REPO, "base_url": github.url, "token": TOKEN}
        made = web.post("/api/trackers", json=new).json()
        assert made["webhook_secret"].startswith("qh_") and made["trying"] and TOKEN not in json.dumps(made)
        assert web.post(f"/api/actions/{number}/ticket", json={"tracker": "web"}).json()["state"] == "waiting"
        works.work()
        told = web.get(f"/api/actions/{number}/ticket").json()
        assert (told["key"], told["steps"][-1]["what"]) == ("#1", "made as")
        assert web.get("/api/trackers").json()[0]["works"] is True
        put = {"project": REPO, "base_url": "https://elsewhere.example"}
        assert web.put("/api/trackers/web", json=put).status_code == 400
        assert web.put("/api/trackers/web", json={**put, "token": "x"}).json()["base_url"] == put["base_url"]
        assert web.put("/api/trackers/web/token", json={"token": "y z"}).status_code == 400
        assert web.post("/api/trackers/web/try").status_code in (200, 201)
        assert web.post("/api/trackers/web/webhook-secret").json()["webhook_secret"].startswith("qh_")
        assert web.post(f"/api/actions/{number}/ticket/now").status_code in (200, 201)
        assert web.post(f"/api/actions/{number}/ticket/stop").json()["state"] == "stopped"
        assert web.delete("/api/trackers/web").json()["removed"] is True
        assert web.get("/api/trackers/none").status_code == 404
        assert web.get("/api/actions/99/ticket").status_code == 404


def test_the_command_line_takes_the_token_from_standard_input_and_shows_no_secret_twice(kept: House) -> None:
    app = typer.Typer()
    app.add_typer(tracking.commands)

    @app.callback()
    def root(ctx: typer.Context) -> None:
        ctx.obj = lambda home: Desk(kept.record, LOCAL, None)

    def run(*words: str, given: str = "") -> Any:
        return CliRunner().invoke(app, ["tracker", *words, "--home", str(kept.home)], input=given)

    works, github = Works(kept), GitHub()
    number = str(works.agreed())
    with served(github):
        where = ("web", "github", "--project", REPO, "--base-url", github.url)
        assert isinstance(run("add", *where).exception, Invalid), "no token was given"
        made = run("add", *where, "--label", "incident", given=f"{TOKEN}\n")
        assert made.exit_code == 0 and "webhook_secret: qh_" in made.output and TOKEN not in made.output
        assert run("send", number, "web").exit_code == 0
        works.work()
        shown = json.loads(run("show", "web", "--json").output)
        assert shown["works"] is True and "qh_" not in str(shown) and TOKEN not in str(shown)
        assert json.loads(run("ticket", number, "--json").output)["key"] == "#1"
        assert "qh_" in run("secret", "web").output and "being tried" in run("try", "web").output
        assert run("token", "web", given="other").exit_code == 0 and "web" in run("list").output
        assert "stopped" in run("stop", number).output and run("remove", "web").exit_code == 0
        assert "not been sent" in run("ticket", str(works.agreed("Other"))).output
