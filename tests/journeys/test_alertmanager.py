"""A real Alertmanager, pointed at a fresh install both ways, opens, updates and resolves an incident."""

import json
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from benchmarks.crash.bench import free_port

BINARY = shutil.which("prometheus-alertmanager") or shutil.which("alertmanager")
pytestmark = pytest.mark.skipif(BINARY is None, reason="no Alertmanager here: apt install prometheus-alertmanager")
CONFIG = """\
route:
  receiver: {receiver}
  group_by: [alertname]
  group_wait: 1s
  group_interval: 1s
  repeat_interval: 1h
receivers:
  - name: webhook
    webhook_configs:
      - url: {base}/intake/alertmanager/{key}
        send_resolved: true
  - name: pagerduty
    pagerduty_configs:
      - url: {base}/v2/enqueue
        routing_key: {key}
        send_resolved: true
"""


class Inbox:
    """Keeps what the SMTP server is handed."""

    def __init__(self) -> None:
        self.mails: list[str] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # aiosmtpd's own name
        mail = message_from_bytes(envelope.content)
        part = next(part for part in mail.walk() if part.get_content_type() == "text/plain")
        payload = part.get_payload(decode=True)
        self.mails.append(payload.decode() if isinstance(payload, bytes) else str(payload))
        return "250 taken"


class Installed:
    """A home, served by a process of its own."""

    def __init__(self, folder: Path, smtp: int) -> None:
        self.home, self.base = folder / "home", f"http://127.0.0.1:{free_port()}"
        command = [sys.executable, "-m", "quarterdeck"]
        options = ["--email", "admin@example.com", "--base-url", self.base, "--json"]
        made = subprocess.run([*command, "init", str(self.home), *options], capture_output=True, text=True, check=True)
        self.keys = json.loads(made.stdout)
        settings = self.home / "quarterdeck.toml"
        settings.write_text(re.sub(r"smtp_port = \d+", f"smtp_port = {smtp}", settings.read_text()))
        port = self.base.rpartition(":")[2]
        self.process = subprocess.Popen([*command, "serve", "--home", str(self.home), "--port", port])

    def get(self, path: str) -> Any:
        request = urllib.request.Request(self.base + path, headers={"Authorization": f"Bearer {self.keys['api_key']}"})
        with urllib.request.urlopen(request, timeout=5) as answer:
            return json.loads(answer.read())


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, int]]:
    kept, port = Inbox(), free_port()
    controller = Controller(kept, hostname="127.0.0.1", port=port)
    controller.start()
    yield kept, port
    controller.stop()


@pytest.fixture
def installed(tmp_path: Path, inbox: tuple[Inbox, int]) -> Iterator[Installed]:
    made = Installed(tmp_path, inbox[1])
    try:
        await_("the web face", lambda: made.get("/healthz"))
        yield made
    finally:
        made.process.terminate()
        made.process.wait(timeout=20)


@pytest.mark.parametrize("receiver", ["webhook", "pagerduty"])
def test_alertmanager_opens_updates_and_resolves_an_incident(
    receiver: str, installed: Installed, inbox: tuple[Inbox, int], tmp_path: Path
) -> None:
    port = free_port()
    config = tmp_path / "alertmanager.yml"
    config.write_text(CONFIG.format(receiver=receiver, base=installed.base, key=installed.keys["intake_key"]))
    arguments = [f"--config.file={config}", f"--storage.path={tmp_path / 'am'}", "--cluster.listen-address="]
    manager = subprocess.Popen(
        [str(BINARY), *arguments, f"--web.listen-address=127.0.0.1:{port}"], stderr=subprocess.DEVNULL
    )
    try:
        await_("Alertmanager", lambda: _post(port, [_alert("db-1")]))
        (incident,) = await_("an incident", lambda: installed.get("/api/incidents")["items"])
        assert incident["state"] in ("triage", "active")
        mail = await_("the page", lambda: next((m for m in inbox[0].mails if "INC-1" in m), None))
        assert f"{installed.base}/p/" in mail
        _post(port, [_alert("db-1"), _alert("db-2")])
        if receiver == "webhook":
            await_("the second alert", lambda: len(installed.get("/api/signals")["items"]) == 2)
        assert len(installed.get("/api/incidents")["items"]) == 1
        _post(port, [_alert("db-1", ended=True), _alert("db-2", ended=True)])
        await_(
            "the signals to resolve",
            lambda: all(signal["state"] == "resolved" for signal in installed.get("/api/signals")["items"]),
        )
    finally:
        manager.terminate()
        manager.wait(timeout=20)


def await_(what: str, found: Callable[[], Any], seconds: float = 40) -> Any:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            value = found()
        except OSError:
            value = None
        if value:
            return value
        time.sleep(0.2)
    raise AssertionError(f"waited {seconds} s for {what}")


def _alert(instance: str, *, ended: bool = False) -> dict[str, Any]:
    labels = {"alertname": "DiskFull", "service": "database", "severity": "critical", "instance": instance}
    stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    return {"labels": labels, "annotations": {"summary": "Disk full"}, **({"endsAt": stamp} if ended else {})}


def _post(port: int, alerts: list[dict[str, Any]]) -> bool:
    body = json.dumps(alerts).encode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v2/alerts", data=body, headers={"Content-Type": "application/json"}, method="POST"
    )
    with urllib.request.urlopen(request, timeout=5) as answer:
        return bool(answer.status == 200)
