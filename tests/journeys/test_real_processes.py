"""The whole story with the real command line on both stores: kill -9 in the middle, engines apart, a database away."""

import json
import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread
from urllib.parse import urlsplit

import pytest

from tests.house.postgres import Server
from tests.journeys.installed import Installed, Make, Provider, ask, await_, quarterdeck


@pytest.mark.parametrize("store", ["sqlite", "postgresql"])
def test_from_the_alert_to_the_review_with_a_kill_in_the_middle(store: str, make: Make) -> None:
    house = make(store)
    first = house.start()
    assert house.alert("db").status == 202
    (page,) = await_("the page", house.pages)
    path = urlsplit(page["link"]).path
    assert ask(house.base + path).status == 200
    assert house.get("/api/incidents/1")["acknowledged_at"] is None, "a GET never acknowledges"

    first.send_signal(signal.SIGKILL)
    first.wait()
    second = house.start()
    assert house.get("/api/incidents/1")["number"] == 1
    assert ask(house.base + path, "answer=ack", form=True).status == 303, "a link sent before the kill still answers"
    assert house.get("/api/incidents/1")["acknowledged_at"] is not None

    assert [task["id"] for task in house.get("/api/incidents/1")["tasks"]], "the procedure's steps are tasks"
    house.post("/api/incidents/1/activation", {"severity": "sev2"})
    for task in house.get("/api/incidents/1")["tasks"]:
        if task["state"] == "open":
            done = house.post(f"/api/incidents/1/tasks/{task['id']}/completion", {"evidence": "See the dashboard"})
            assert done.status == 200, done.text
    resolved = house.post("/api/incidents/1/resolution", {"reason": "Rolled back"})
    assert resolved.status == 200, resolved.text
    review = await_("the review", lambda: house.get("/api/incidents/1/review"))
    assert review["due"]

    second.send_signal(signal.SIGTERM)
    assert second.wait(timeout=20) == 0
    assert {one["id"] for one in house.pages()} == {page["id"]}, "a page may come twice after a kill, never as another"
    verdict = quarterdeck("verify", "--home", house.home)
    assert verdict.returncode == 0, verdict.stdout


def test_one_engine_at_a_time_on_sqlite_beside_a_web_of_its_own(make: Make) -> None:
    house = make("sqlite")
    house.start("web")
    house.start("engine")
    assert house.alert("db").status == 202
    await_("the page", house.pages)
    second = quarterdeck("engine", "--home", house.home)
    assert second.returncode == 2
    assert "For several engines, use PostgreSQL" in second.stderr


def test_an_engine_stopped_past_its_lease_cannot_write_late(make: Make) -> None:
    house = make("postgresql")
    house.provider.delay = 1.0  # long enough to stop the engine while its page is under way
    house.start("web")
    stopped = house.start("engine")
    await_("the engine", lambda: "The engine runs" in house.log())
    assert house.alert("db").status == 202
    await_("the page to be under way", house.pages)
    stopped.send_signal(signal.SIGSTOP)
    house.start("engine")
    await_("the other engine to send it again", lambda: len(house.pages()) == 2, 60)
    await_("its outcome", lambda: house.get("/api/deliveries?about=incident/1")["items"][0]["state"] == "sent")
    stopped.send_signal(signal.SIGCONT)
    assert house.alert("web").status == 202
    await_("both engines to work on", lambda: house.paged("web"))
    assert {page["id"] for page in house.pages()[:2]} == {house.pages()[0]["id"]}, "the same idempotency key"
    time.sleep(2)  # time for the late outcome, had it been taken
    sent = json.loads(house.must("audit", "--json", "--type", "notify.DeliverySucceeded"))
    assert len(sent) == 2, f"one outcome for each of two pages, none of them late: {sent}"
    assert max(Counter(page["id"] for page in house.pages()).values()) == 2


def test_postgresql_away_under_load_loses_nothing_and_hangs_nobody(make: Make, postgres_away: Server) -> None:
    house = Installed(Path(postgres_away.folder) / "home", Provider(), postgres_away.create_database())
    try:
        _away(house, postgres_away)
    finally:
        house.stop()
        house.provider.stop()


@pytest.fixture
def postgres_away() -> Iterator[Server]:
    from tests.house.postgres import start_postgres

    server = start_postgres()
    yield server
    server.stop()


def _away(house: Installed, server: Server) -> None:
    house.start()
    await_("ready", lambda: ask(f"{house.base}/readyz").status == 200)
    accepted: list[str] = []
    refusals: list[tuple[int, str | None, float]] = []
    over = Event()

    def load() -> None:
        count = 0
        while not over.wait(0.05):
            key, began = f"k{count}", time.monotonic()
            answer = house.alert(key)
            count += 1
            if answer.status == 202:
                accepted.append(key)
            else:
                refusals.append((answer.status, answer.headers["Retry-After"], time.monotonic() - began))

    thread = Thread(target=load)
    thread.start()
    try:
        time.sleep(1)
        server.halt()
        time.sleep(3)
        assert ask(f"{house.base}/readyz").status == 503
        assert ask(f"{house.base}/healthz").status == 200
        server.resume()
        before = len(accepted)
        await_("alerts to be accepted again", lambda: len(accepted) > before + 5)
    finally:
        over.set()
        thread.join()
    assert refusals
    assert {status for status, _, _ in refusals} == {503}
    assert all(retry for _, retry, _ in refusals)
    assert max(took for _, _, took in refusals) < 12
    await_("every accepted alert to be paged", lambda: house.paged(*accepted), 60)
    assert ask(f"{house.base}/readyz").status == 200
    assert quarterdeck("verify", "--home", house.home).returncode == 0
