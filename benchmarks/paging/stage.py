"""What both runs stand on: a furnished home, a real `quarterdeck serve`, the provider, and a paced sender of alerts."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from quarterdeck.app import homes, settings
from quarterdeck.governance import actions as governance
from quarterdeck.kernel.principal import ENGINE
from quarterdeck.notify import actions as notify
from quarterdeck.oncall import actions as oncall
from quarterdeck.plan import actions as plan
from quarterdeck.record import Record, Tx

TOML = """\
database = "{database}"
base_url = "https://im.example"
secret_key = "benchmarks-only"
[notify]
outbound_allow = ["127.0.0.0/8"]
pace_messages = {pace}
"""
PROVIDER_DELAY = 0.05
"""What a quick provider takes to answer."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def furnish(home: Path, database: str, provider: int, *, pace: int, patient: bool) -> tuple[Record, str]:
    """One person, on call and in every post, paged by webhook. `patient`: nobody is paged a second time."""
    home.mkdir(parents=True, exist_ok=True)
    (home / settings.FILE).write_text(TOML.format(database=database, pace=pace), encoding="utf-8")
    record = homes.open_record(settings.load(home))
    files = homes.example_plan()
    if patient:
        files = {
            name: text.replace("acknowledge_within: 5 min", "acknowledge_within: 12 h") for name, text in files.items()
        }
    layer = {"name": "All", "rotation": "weekly", "starts": "2026-01-05", "handover": {"day": "mon", "time": "00:00"}}

    def put(tx: Tx) -> str:
        roles = ("administrator",)
        person = governance.add_person(tx, login="admin", name="Admin", email="admin@example.com", roles=roles)
        address = f"http://127.0.0.1:{provider}/"
        notify.add_method(tx, person=person, kind="webhook", address=address, assume_verified=True)
        document = {"title": "Primary", "zone": "UTC", "layers": [{**layer, "participants": ["admin"]}]}
        oncall.revise_schedule(tx, id="primary", document=document)
        plan.publish(tx, files=files, reason="Benchmark")
        return governance.issue_key(tx, label="Benchmark", roles=("intake",))

    return record, record.perform(ENGINE, put)


@contextmanager
def running(home: Path, port: int, provider: int, log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """The provider and Quarterdeck as processes of their own; yields Quarterdeck's once it is ready to page."""
    words = [sys.executable, "-m", "benchmarks.paging.provider", str(provider), str(log), str(PROVIDER_DELAY)]
    taking = subprocess.Popen(words, stdout=subprocess.PIPE)
    assert taking.stdout is not None
    taking.stdout.readline()
    words = [sys.executable, "-m", "quarterdeck.app.cli", "serve", "--home", str(home), "--port", str(port)]
    with (home / "serve.log").open("wb") as said:
        serving = subprocess.Popen(words, stdout=said, stderr=said)
    try:
        _wait_until_ready(serving, port, home)
        yield serving
    finally:
        for process in (serving, taking):
            process.send_signal(signal.SIGKILL)
            process.wait()


def _wait_until_ready(serving: "subprocess.Popen[bytes]", port: int, home: Path) -> None:
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


@dataclass
class Sender:
    """Open loop: alert `n` is sent at its appointed time whatever became of the others."""

    port: int
    key: str
    accepted: dict[str, float] = field(default_factory=dict)
    """Dedup key → when the 202 arrived (seconds since 1970)."""
    refused: int = 0
    _idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = field(default_factory=list)

    async def run(self, total: int, per_second: float, event: Callable[[int], tuple[str, dict[str, Any]]]) -> None:
        began = time.monotonic()
        tasks: set[asyncio.Task[None]] = set()
        for number in range(total):
            wait = began + number / per_second - time.monotonic()
            if wait > 0:
                await asyncio.sleep(wait)
            task = asyncio.create_task(self.send(*event(number)))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        if tasks:
            await asyncio.wait(tasks)

    async def send(self, dedup_key: str, payload: dict[str, Any]) -> None:
        """Until it is accepted: what a real client does with an error or a 429."""
        event = {"routing_key": self.key, "event_action": "trigger", "dedup_key": dedup_key, "payload": payload}
        body = json.dumps(event).encode()
        head = f"POST /v2/enqueue HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        for pause in (0.2, 1.0, 5.0, 10.0, None):
            if await self._answered(head + body):
                self.accepted[dedup_key] = time.time()
                return
            if pause is not None:
                await asyncio.sleep(pause)
        self.refused += 1

    async def _answered(self, request: bytes) -> bool:
        try:
            async with asyncio.timeout(30):
                pair = self._idle.pop() if self._idle else await asyncio.open_connection("127.0.0.1", self.port)
                reader, writer = pair
                writer.write(request)
                head = await reader.readuntil(b"\r\n\r\n")
                length = next(
                    (
                        int(line.split(b":")[1])
                        for line in head.lower().split(b"\r\n")
                        if line.startswith(b"content-length")
                    ),
                    0,
                )
                await reader.readexactly(length)
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            return False
        self._idle.append(pair)
        return b" 202 " in head.split(b"\r\n", 1)[0]


def read_log(log: Path) -> list[dict[str, Any]]:
    """What the provider took, in order."""
    if not log.exists():
        return []
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]


def memory_mb(pid: int) -> tuple[float, float]:
    """Resident memory of a process now and at its highest, in MB."""
    text = Path(f"/proc/{pid}/status").read_text()
    lines = dict(line.split(":", 1) for line in text.splitlines())
    return int(lines["VmRSS"].split()[0]) / 1024, int(lines["VmHWM"].split()[0]) / 1024


def percentile(values: list[float], share: float) -> float:
    """Of a non-empty list, nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
