"""The demo's stage: a temporary home, a real engine process that can be killed, and what may be done to them."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import uvicorn
from sqlalchemy import func, select

from quarterdeck.app import homes, settings, wiring
from quarterdeck.app.demo import board, company
from quarterdeck.app.reacting import skip_to_head
from quarterdeck.governance import actions as governance
from quarterdeck.kernel.ids import secret
from quarterdeck.kernel.principal import ENGINE, Principal
from quarterdeck.kernel.time import monotonic
from quarterdeck.notify.kept import demo_phone
from quarterdeck.plan.sources.example import example_files
from quarterdeck.record import Record
from quarterdeck.record.tables import alarm

ALERTS, BATCH = 1240, 40
ALARM_TITLE = "Checkout API: 38% of EU payments fail"
_TOML = """\
# A temporary home, made by `quarterdeck demo`.
database = "sqlite:///{home}/quarterdeck.db"
base_url = "{base_url}"
secret_key = "{secret_key}"
demo = true

[status_page]
folder = "status"

[notify]
demo_seconds = 0.3
"""


@dataclass
class Stage:
    """Everything the story needs at hand. `close` ends the processes and removes the home."""

    home: Path
    base_url: str
    record: Record
    people: dict[str, Principal]
    intake_key: str
    password: str
    session: str
    entry: str
    engine: "subprocess.Popen[bytes]"
    killed: int = 0
    _servers: list[uvicorn.Server] = field(default_factory=list)

    # -- the world outside --------------------------------------------------------------------

    def storm(self, progress: Callable[[int], None] = lambda sent: None) -> int:
        """Send the burst as Alertmanager does, in groups; returns how many alerts were accepted (202)."""
        accepted = 0
        with httpx2.Client(base_url=self.base_url, timeout=30) as client:
            for start in range(0, ALERTS, BATCH):
                answer = client.post(f"/intake/alertmanager/{self.intake_key}", json=_group(start, BATCH))
                answer.raise_for_status()
                accepted += BATCH
                progress(accepted)
        return accepted

    def alert(self, title: str, service: str, key: str, severity: str = "critical") -> None:
        """One alert through the PagerDuty-compatible door."""
        body = {
            "routing_key": self.intake_key,
            "event_action": "trigger",
            "dedup_key": key,
            "payload": {"summary": title, "source": service, "severity": severity, "component": service},
        }
        httpx2.post(f"{self.base_url}/v2/enqueue", json=body, timeout=30).raise_for_status()

    # -- the engine --------------------------------------------------------------------------

    def kill_in_mid_page(self, known: set[str], within: float = 10) -> bool:
        """Wait until the phone rings with a page that is not in `known` and not yet marked as sent, then kill -9.

        False, and nothing killed, if that moment did not come in time.
        """
        end = monotonic() + within
        while monotonic() < end:
            with self.record.read() as conn:
                rung = {row.key for row in conn.execute(select(demo_phone.c.key))} - known
                leased = conn.execute(select(func.count()).where(alarm.c.lease_until.is_not(None))).scalar()
            if rung and leased:
                self.kill()
                return True
            time.sleep(0.002)
        return False

    def kill(self) -> None:
        os.kill(self.engine.pid, signal.SIGKILL)
        self.engine.wait()
        self.killed += 1

    def restart(self) -> None:
        self.engine = start_engine(self.home)

    # -- what the phone shows -----------------------------------------------------------------

    def messages(self, phone: str = company.YOU) -> list[Any]:
        """What the demo's phone has received, newest first."""
        query = select(demo_phone).where(demo_phone.c.phone == phone).order_by(demo_phone.c.at.desc())
        with self.record.read() as conn:
            return list(conn.execute(query).all())

    def close(self, *, keep: bool) -> None:
        for server in self._servers:
            server.should_exit = True
        if self.engine.poll() is None:
            self.engine.terminate()
            self.engine.wait(timeout=10)
        if not keep:
            shutil.rmtree(self.home, ignore_errors=True)


def set_up(port: int) -> Stage:
    """Make the home, the company and its history, and start the engine; the web face is started by `open_doors`."""
    home = Path(tempfile.mkdtemp(prefix="quarterdeck-demo-"))
    base_url = f"http://127.0.0.1:{free_port(port)}"
    toml = _TOML.format(home=home, base_url=base_url, secret_key=secret("qs"))
    (home / settings.FILE).write_text(toml, encoding="utf-8")
    record = wiring.house().record(homes.open_record(settings.load(home)).store)
    password = secret("qp")
    people = _write_history(record, password)
    intake_key = record.perform(ENGINE, lambda tx: governance.issue_key(tx, label="Demo", roles=("intake",)))
    you = people[company.YOU].id.removeprefix("person/")
    session = record.perform(ENGINE, lambda tx: governance.open_session(tx, person=you))
    skip_to_head(record, wiring.house().reactions)
    return Stage(home, base_url, record, people, intake_key, password, session, secret("enter"), start_engine(home))


def _write_history(record: Record, password: str) -> dict[str, Principal]:
    now = record.clock.now()

    def write(tx: Any) -> dict[str, Principal]:
        people = company.people_of(tx, password, now)
        company.plan_of(tx, example_files())
        company.history(tx, people, now)
        board.told(tx, people, now)
        return people

    return record.perform(ENGINE, write)


def open_doors(stage: Stage, extra: list[Any]) -> None:
    """Serve the web face, with the demo's own routes, from a thread of this process."""
    from quarterdeck.app.web import create_app

    app = create_app(stage.record, settings.load(stage.home), wiring.house(), extra)
    port = int(stage.base_url.rpartition(":")[2])
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning", access_log=False))
    threading.Thread(target=server.run, name="web", daemon=True).start()
    stage._servers.append(server)
    end = monotonic() + 15
    while not server.started and monotonic() < end:
        time.sleep(0.02)


def start_engine(home: Path) -> "subprocess.Popen[bytes]":
    """The real thing: `quarterdeck engine --home HOME`, a process of its own."""
    with (home / "engine.log").open("ab") as log:
        return subprocess.Popen(  # noqa: S603  # our own interpreter and arguments, no shell
            [sys.executable, "-m", "quarterdeck", "engine", "--home", str(home)], stdout=subprocess.DEVNULL, stderr=log
        )


def free_port(wanted: int) -> int:
    """The wanted port if it is free, else any."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("no free port on 127.0.0.1")


def _group(start: int, size: int) -> dict[str, Any]:
    labels = {"alertname": "CheckoutErrorRate", "service": "checkout", "severity": "critical", "impact": "extensive"}
    alerts = [
        {
            "status": "firing",
            "labels": {**labels, "instance": f"checkout-eu-{i:04d}"},
            "annotations": {"summary": ALARM_TITLE},
            "startsAt": "2026-01-01T00:00:00Z",
            "endsAt": "0001-01-01T00:00:00Z",
            "generatorURL": "http://prometheus.example.com/graph",
            "fingerprint": f"{i:016x}",
        }
        for i in range(start, start + size)
    ]
    return {
        "version": "4",
        "groupKey": '{}:{alertname="CheckoutErrorRate"}',
        "truncatedAlerts": 0,
        "status": "firing",
        "receiver": "quarterdeck",
        "groupLabels": {"alertname": "CheckoutErrorRate"},
        "commonLabels": labels,
        "commonAnnotations": {"summary": ALARM_TITLE},
        "externalURL": "http://alertmanager.example.com",
        "alerts": alerts,
    }


__all__ = ["ALERTS", "Stage", "open_doors", "set_up"]
