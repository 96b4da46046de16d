"""What both runs stand on: a furnished home, the provider and a real `quarterdeck serve`, and what they cost."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from quarterdeck.app import homes, settings
from quarterdeck.governance import actions as governance
from quarterdeck.kernel.principal import ENGINE
from quarterdeck.notify import actions as notify
from quarterdeck.oncall import actions as oncall
from quarterdeck.plan import actions as plan
from quarterdeck.plan.sources.example import example_files
from quarterdeck.record import Record, Tx
from tests.house.postgres import start_postgres

TOML = """\
database = "{database}"
base_url = "https://im.example"
secret_key = "benchmarks-only"
[notify]
outbound_allow = ["127.0.0.0/8"]
{more}
"""
PROVIDER_DELAY = 0.05
"""What a quick provider takes to answer."""


@contextmanager
def database(store: str, home: Path) -> Iterator[str]:
    """The URL of an empty database that keeps what it commits."""
    if store == "sqlite":
        yield f"sqlite:///{home}/quarterdeck.db"
        return
    server = start_postgres(durable=True)
    try:
        yield server.url
    finally:
        server.stop()


def furnish(home: Path, database: str, provider: int, more: str = "") -> tuple[Record, str]:
    """The example plan as it is: Bob is on call, Alice is in every post; both have two channels, `/person/channel`.

    Returns the record and an intake key. `more` stands in the settings, under [notify].
    """
    home.mkdir(parents=True, exist_ok=True)
    (home / settings.FILE).write_text(TOML.format(database=database, more=more), encoding="utf-8")
    record = homes.open_record(settings.load(home))
    layer = {"name": "All", "rotation": "weekly", "starts": "2026-01-05", "handover": {"day": "mon", "time": "00:00"}}

    def put(tx: Tx) -> str:
        for login, name, roles in (("admin", "Alice", ("administrator",)), ("bob", "Bob", ())):
            person = governance.add_person(tx, login=login, name=name, email=f"{login}@example.com", roles=roles)
            for channel in ("first", "second"):
                address = f"http://127.0.0.1:{provider}/{name.lower()}/{channel}"
                notify.add_method(tx, person=person, kind="webhook", address=address, assume_verified=True)
        document = {"title": "Primary", "zone": "UTC", "layers": [{**layer, "participants": ["bob"]}]}
        oncall.revise_schedule(tx, id="primary", document=document)
        plan.adopt(tx, files=example_files(), reason="Benchmark")
        return governance.issue_key(tx, label="Benchmark", roles=("intake",))

    return record, record.perform(ENGINE, put)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(home: Path, port: int, provider: int, log: Path) -> Iterator[int]:
    """The provider and Quarterdeck as processes of their own; Quarterdeck's process id. Killed with -9 at the end."""
    words = [sys.executable, "-m", "benchmarks.paging.provider", str(provider), str(log), str(PROVIDER_DELAY)]
    started = [subprocess.Popen(words, stdout=subprocess.PIPE)]
    try:
        assert started[0].stdout is not None
        started[0].stdout.readline()
        words = [sys.executable, "-m", "quarterdeck.app.cli", "serve", "--home", str(home), "--port", str(port)]
        with (home / "serve.log").open("wb") as said:
            started.append(subprocess.Popen(words, stdout=said, stderr=said))
        _await_ready(started[1], port, home)
        yield started[1].pid
    finally:
        for process in started:
            process.send_signal(signal.SIGKILL)
            process.wait()


def _await_ready(serving: "subprocess.Popen[bytes]", port: int, home: Path) -> None:
    """Until /readyz believes that a page would arrive."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and serving.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as probe:
                probe.sendall(b"GET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                if b" 200 " in probe.recv(64):
                    return
        except OSError:
            pass
        time.sleep(0.1)
    raise RuntimeError((home / "serve.log").read_text(errors="replace")[-3000:])


def read_log(log: Path) -> list[dict[str, Any]]:
    """What the provider took, in order."""
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()] if log.exists() else []


def wait_for(count: Callable[[], int], wanted: int, seconds: float) -> None:
    """Until `count()` has come to `wanted`, at most so many seconds."""
    end = time.monotonic() + seconds
    while count() < wanted and time.monotonic() < end:
        time.sleep(0.5)


def memory_mb(pid: int) -> tuple[float, float]:
    """Resident memory of a process now and at its highest, in MB."""
    lines = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return int(lines["VmRSS"].split()[0]) / 1024, int(lines["VmHWM"].split()[0]) / 1024


def cpu_seconds(pid: int) -> float:
    """Processor time of a process so far, all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def percentile(values: list[float], share: float) -> float:
    """Of a non-empty list, nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
