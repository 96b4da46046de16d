"""From an update to the folder: nothing internal gets there, a crash leaves the old page, and the doors show it."""

import os
import re
from datetime import timedelta
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from quarterdeck.app.doctor import examine
from quarterdeck.catalog import actions as catalog
from quarterdeck.command import actions as command
from quarterdeck.comms import actions, views
from quarterdeck.comms.channels import folder
from quarterdeck.comms.channels.folder import Publishing, StatusPageKept, publishing
from quarterdeck.comms.channels.status_page import FILES, rendered
from quarterdeck.governance import actions as governance
from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.time import SystemClock
from quarterdeck.plan import actions as plan
from quarterdeck.record.local import Desk
from tests.cast import ADMIN, ALICE, BOB, CAROL, DANA
from tests.comms.town import COMMUNICATION, declare, document, open_house, update

PARTS = [
    {"id": "paying", "title": "Ordering and paying", "services": ["checkout"]},
    {"id": "sign-in", "title": "Signing in", "services": ["identity"]},
]
CUSTOMERS = {key: value for key, value in COMMUNICATION["audiences"]["customers"].items() if key != "outside"}
PUBLIC = {
    **COMMUNICATION,
    "audiences": {**COMMUNICATION["audiences"], "customers": CUSTOMERS},
    "status_page": {"title": "Status of our shop", "audience": "customers", "parts": PARTS},
}


def texts(house: Any) -> str:
    return "\n".join(text.decode() for text in rendered(house.ask(views.status_board, house.clock.now(), 60)).values())


def kept(house: Any, where: Path) -> StatusPageKept:
    return StatusPageKept(house.record, Publishing(where))


@pytest.fixture
def public(house: Any) -> Any:
    open_house(house, communication=PUBLIC)
    return house


def test_nothing_is_public_unless_the_plan_in_force_says_so(house: Any, tmp_path: Path) -> None:
    open_house(house)
    number = declare(house)
    update(house, number)
    chore = kept(house, tmp_path / "status")
    chore()
    assert not (tmp_path / "status").exists()
    change = partial(plan.adopt, document=document(communication=PUBLIC), reason="Let customers read")
    house.perform(lambda tx: change(tx))
    update(house, number)
    assert "cannot pay" not in texts(house), "it runs by the plan that had no page"
    update(house, declare(house))
    assert "EU customers cannot pay by card" in texts(house)
    house.perform(lambda tx: plan.adopt(tx, document=document(), reason="No page after all"))
    assert "cannot pay" not in texts(house) and "No status is published" in texts(house)


def test_an_incident_reaches_the_public_in_its_words_and_nothing_of_the_house_does(public: Any) -> None:
    """Every internal text carries a mark, and no file holds one."""
    mark = "ZQX"
    public.perform(lambda tx: governance.add_team(tx, id="shop", name=f"{mark} team"))
    public.perform(lambda tx: catalog.add_service(tx, id="checkout", name=f"{mark} shop", team="shop", tier=1))
    number = public.perform(
        lambda tx: command.declare(
            tx,
            title=f"{mark} title",
            severity="SEV1",
            severity_reason=f"{mark} reason",
            service="checkout",
        ),
        by=ALICE,
    )
    public.perform(lambda tx: command.state_impact(tx, number=number, statement=f"{mark} statement"), by=ALICE)
    public.perform(lambda tx: command.note(tx, number=number, text=f"{mark} note"), by=BOB)
    public.run_until_idle()
    assert "No trouble is reported." in texts(public), "the public has not been told"
    fields = {"impact": "Cards fail.", "suspect": f"{mark} suspect", "doing": f"{mark} doing"}
    update(public, number, by=BOB, fields=fields)
    assert "Cards fail." not in texts(public), "it waits for an agreement"
    public.perform(lambda tx: actions.approve_update(tx, number=number, update=1, audience="customers"), by=ALICE)
    shown = texts(public)
    assert "Cards fail." in shown and "trouble with" in shown
    public.perform(lambda tx: command.mitigate(tx, number=number), by=ALICE)
    public.perform(lambda tx: command.resolve(tx, number=number, reason=f"{mark} reason"), by=ALICE)
    public.run_until_idle()
    update(public, number, fields={"impact": "All can pay again."}, next_update=None)
    public.perform(
        lambda tx: actions.publish_notice(tx, number=number, audience="customers", text="We **test** more."), by=CAROL
    )
    assert not public.perform(lambda tx: actions.publish_notice(tx, number=number, audience="it", text="x"), by=CAROL)
    shown += texts(public)
    assert "Resolved. All can pay again." in shown and "<strong>test</strong>" in shown
    found = re.findall(r"ZQX|checkout|identity|alice|bob|carol|commander|SEV1|INC-\d", shown, re.IGNORECASE)
    assert found == []


def test_a_drill_and_a_withdrawn_word_are_not_shown_and_a_merged_one_is_open_as_long_as_its_target(public: Any) -> None:
    drill = declare(public, drill=True)
    update(public, drill)
    assert public.ask(views.status_board, public.clock.now(), 60).open == ()
    first, second = declare(public), declare(public)
    update(public, first)
    public.perform(lambda tx: command.merge(tx, number=first, into=second), by=ALICE)
    assert len(public.ask(views.status_board, public.clock.now(), 60).open) == 1
    public.perform(lambda tx: command.resolve(tx, number=second, reason="Rolled back"), by=ALICE)
    found = public.ask(views.status_board, public.clock.now(), 60)
    assert (found.open, len(found.past)) == ((), 1)


def test_the_folder_follows_within_seconds_and_a_crash_or_a_full_disk_leaves_the_old_page(
    public: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where, seconds = tmp_path / "status", [0.0]
    monkeypatch.setattr(folder, "monotonic", lambda: seconds[0])
    chore = kept(public, where)
    chore()
    assert {file.name for file in where.iterdir()} == set(FILES)
    before = (where / "index.html").read_bytes()
    number = declare(public)
    update(public, number)
    chore()
    assert (where / "index.html").read_bytes() == before, "it is looked for every five seconds"
    seconds[0] = 6.0
    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", _full)
        chore()
        assert (where / "index.html").read_bytes() == before
        assert {file.name for file in where.iterdir()} == set(FILES), "and nothing half written lies about"
        broken.setattr(os, "fsync", _killed)
        seconds[0] = 12.0
        with pytest.raises(KeyboardInterrupt):
            chore()
        assert (where / "index.html").read_bytes() == before
    seconds[0] = 18.0
    chore()
    assert b"cannot pay" in (where / "index.html").read_bytes()
    public.forward(minutes=2)
    seconds[0] = 79.0
    checked = (where / "index.html").read_bytes()
    chore()
    assert (where / "index.html").read_bytes() != checked, "what is checked says when"


def _full(_: int) -> None:
    raise OSError(28, "No space left on device")


def _killed(_: int) -> None:
    raise KeyboardInterrupt


def test_the_console_and_programs_see_what_the_public_sees_before_it_does(public: Any) -> None:
    number = declare(public)
    update(public, number)
    with public.client(DANA) as dana:
        page = dana.get("/status-page").text
        assert "This is what the public sees now" in page and "EU customers cannot pay" in page
        assert "No service of this name is in the catalogue" in page
        assert dana.get("/status-page/index.html").headers["content-type"].startswith("text/html")
        assert dana.get("/status-page/feed.xml").headers["content-type"].startswith("application/atom+xml")
        assert dana.get("/status-page/passwd").status_code == 404
        assert dana.get("/api/status-page").json()["state"] == "trouble"
    with public.client() as nobody:
        assert nobody.get("/status-page/index.html", follow_redirects=False).status_code in (303, 401)
    with public.client(ALICE) as alice:
        composer = alice.get(f"/incidents/{number}/updates/new").text
        assert "stands on the public status page" in composer and "Paste it" not in composer


def test_settings_are_read_strictly() -> None:
    home = Path("/home")
    assert publishing({}, home) is None
    assert publishing({"folder": "out"}, home) == Publishing(home / "out", 60)
    with pytest.raises(Invalid) as refused:
        publishing({"folder": "", "every": 1, "theme": "dark"}, home)
    assert len(refused.value.errors) == 3


def test_the_doctor_says_whether_the_page_is_written(public: Any, tmp_path: Path) -> None:
    def looked(**settings: Any) -> str:
        home = SimpleNamespace(home=tmp_path, status_page=settings)
        found = examine(Desk(public.record, ADMIN, home))
        return next(f"{one.ok} {one.text}" for one in found if "status page" in one.text)

    assert "True The plan has a public status page, and it is written nowhere" in looked()
    assert "False" in (said := looked(folder="status")) and "last written never" in said
    public.clock.set(SystemClock().now())  # a file's age is told by the machine's clock
    kept(public, tmp_path / "status")()
    assert "True" in looked(folder="status")
    public.clock.set(public.clock.now() + timedelta(minutes=30, seconds=30))
    assert "30 min ago. Is the engine running?" in looked(folder="status")
