"""Random kill -9 while alerts flow in and pages flow out: nothing acknowledged may be lost, no page may be lost.

    python -m benchmarks.crash.bench [--kills N] [--store sqlite|postgresql] [--seed S]

Exit code 1 if an acknowledged event or a page was lost, or a page was sent more often than it was interrupted.
"""

import argparse
import asyncio
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from sqlalchemy import func, select

from quarterdeck.app import homes, settings
from quarterdeck.governance import actions as governance
from quarterdeck.intake.rules import key_of
from quarterdeck.kernel.principal import ENGINE
from quarterdeck.notify import actions as notify
from quarterdeck.oncall import actions as oncall
from quarterdeck.plan import actions as plan
from quarterdeck.plan.sources.example import example_files
from quarterdeck.record import Record, Tx
from quarterdeck.record.tables import record as journal
from quarterdeck.record.verify import verify
from tests.house.postgres import start_postgres

PROVIDER_DELAY = 0.004
CONNECTIONS = 4
TOML = """\
database = "{database}"
base_url = "http://127.0.0.1:1"
secret_key = "benchmarks-only"
[notify]
outbound_allow = ["127.0.0.0/8"]
pace_messages = 10000
[intake]
"""


@dataclass
class Outcome:
    """What the run showed."""

    kills: int
    acknowledged: int
    kept: int
    lost: int
    pages: int
    pages_lost: int
    sent: int
    duplicates: int
    most_often: int
    whole: bool
    seconds: float

    def good(self) -> bool:
        return not self.lost and not self.pages_lost and self.whole and self.duplicates <= self.kills


@dataclass
class Sender:
    """Sends alerts one after another on a few connections; remembers what was answered with 202."""

    port: int
    key: str
    acknowledged: set[str] = field(default_factory=set)
    stopped: bool = False
    per_second: float = 60.0

    async def run(self) -> None:
        await asyncio.gather(*(self._connection(i) for i in range(CONNECTIONS)))

    async def _connection(self, which: int) -> None:
        count = 0
        while not self.stopped:
            key = f"c{which}-{count}"
            if await self._send(key):
                self.acknowledged.add(key)
                count += 1
            await asyncio.sleep(CONNECTIONS / self.per_second)

    async def _send(self, key: str) -> bool:
        payload = {"summary": f"Alert {key}", "source": "bench", "severity": "critical", "class": key}
        details = {"alertname": key, "severity": "critical"}
        body = msgspec.json.encode(
            {
                "routing_key": self.key,
                "event_action": "trigger",
                "dedup_key": key,
                "payload": {**payload, "custom_details": details},
            }
        )
        head = f"POST /v2/enqueue HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n"
        try:
            async with asyncio.timeout(10):
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                writer.write(head.encode() + body)
                await writer.drain()
                line = await reader.readline()
                writer.close()
                return b" 202 " in line
        except (OSError, TimeoutError):
            return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def furnish(home: Path, database: str, provider: int) -> tuple[Record, str]:
    """A home in which every alert is an incident of its own that pages one person by webhook, once."""
    home.mkdir(parents=True, exist_ok=True)
    (home / settings.FILE).write_text(TOML.format(database=database), encoding="utf-8")
    record = homes.open_record(settings.load(home))
    # Nobody is paged twice; and the steps of procedures wait, for none may be due before the first page is answered.
    patient = re.compile(r"\b((?:acknowledge_)?within): \d+ (?:min|h)\b")
    files = {name: patient.sub(r"\1: 12 h", text) for name, text in example_files().items()}
    layer = {"name": "All", "rotation": "weekly", "starts": "2026-01-05", "handover": {"day": "mon", "time": "00:00"}}

    def put(tx: Tx) -> str:
        person = governance.add_person(
            tx, login="admin", name="Admin", email="admin@example.com", roles=("administrator",)
        )
        notify.add_method(
            tx, person=person, kind="webhook", address=f"http://127.0.0.1:{provider}/", assume_verified=True
        )
        document = {"title": "Primary", "zone": "UTC", "layers": [{**layer, "participants": ["admin"]}]}
        oncall.revise_schedule(tx, id="primary", document=document)
        plan.adopt(tx, files=files, reason="Benchmark")
        return governance.issue_key(tx, label="Benchmark", roles=("intake",))

    return record, record.perform(ENGINE, put)


async def torture(zygote: "subprocess.Popen[str]", sender: Sender, kills: int, rng: random.Random) -> None:
    """Fork, let live for a random while, kill; the last one is left alive."""
    sending = asyncio.create_task(sender.run())
    assert zygote.stdin is not None
    assert zygote.stdout is not None
    for done in range(kills):
        zygote.stdin.write("fork\n")
        zygote.stdin.flush()
        pid = int(await asyncio.to_thread(zygote.stdout.readline))
        await asyncio.sleep(rng.uniform(0.02, 0.25))
        os.kill(pid, signal.SIGKILL)
        if (done + 1) % 500 == 0:
            print(f"  {done + 1:,} kills, {len(sender.acknowledged):,} acknowledged", flush=True)
    zygote.stdin.write("fork\n")
    zygote.stdin.flush()
    sender.stopped = True
    await sending


def drained(record: Record, patience: float) -> None:
    """Wait until every incident is paged and no delivery is pending."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        with record.read() as conn:
            by_type = {
                row[0]: row[1] for row in conn.execute(select(journal.c.type, func.count()).group_by(journal.c.type))
            }
        asked = by_type.get("notify.DeliveryRequested", 0)
        ended = by_type.get("notify.DeliverySucceeded", 0) + by_type.get("notify.DeliveryCombined", 0)
        if by_type.get("intake.GroupOpened", 0) <= by_type.get("command.IncidentDeclared", 0) <= asked <= ended:
            return
        time.sleep(0.5)
    print(f"  not drained: {by_type}")


def judge(record: Record, sender: Sender, log: Path, kills: int, began: float) -> Outcome:
    """Hold the sender's, the provider's and our own record against one another."""
    sent = Counter(log.read_text(encoding="utf-8").split()) if log.exists() else Counter()
    with record.read() as conn:
        streams = set(conn.execute(select(journal.c.stream).where(journal.c.type == "intake.SignalRaised")).scalars())
        requested = set(
            conn.execute(select(journal.c.stream).where(journal.c.type == "notify.DeliveryRequested")).scalars()
        )
    lost = [key for key in sender.acknowledged if f"signal/{key_of('pagerduty', key)}" not in streams]
    delivered = {key.rpartition("-")[0] for key in sent}
    missing = [stream for stream in requested if stream.partition("/")[2] not in delivered]
    return Outcome(
        kills=kills,
        acknowledged=len(sender.acknowledged),
        kept=len(streams),
        lost=len(lost),
        pages=len(requested),
        pages_lost=len(missing),
        sent=sum(sent.values()),
        duplicates=sum(count - 1 for count in sent.values()),
        most_often=max(sent.values(), default=0),
        whole=not verify(record).faults,
        seconds=time.perf_counter() - began,
    )


def run(database: str, home: Path, kills: int, seed: int) -> Outcome:
    """The whole run on one database; used by the short form in the tests as well."""
    began = time.perf_counter()
    provider_port, port, log = free_port(), free_port(), home / "provider.log"
    record, key = furnish(home, database, provider_port)
    provider = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.crash.provider", str(provider_port), str(log), str(PROVIDER_DELAY)],
        stdout=subprocess.PIPE,
        text=True,
    )
    zygote = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.crash.zygote", str(home), str(port)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        for process in (provider, zygote):
            assert process.stdout is not None
            process.stdout.readline()
        sender = Sender(port, key)
        asyncio.run(torture(zygote, sender, kills, random.Random(seed)))
        drained(record, patience=120 + kills / 50)
        return judge(record, sender, log, kills, began)
    finally:
        os.killpg(zygote.pid, signal.SIGKILL)
        provider.kill()
        for process in (provider, zygote):
            process.wait()
        record.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=10_000)
    parser.add_argument("--store", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        server = start_postgres() if chosen.store == "postgresql" else None
        database = server.url if server else f"sqlite:///{home}/quarterdeck.db"
        try:
            outcome = run(database, home, chosen.kills, chosen.seed)
        finally:
            if server:
                server.stop()
    print(f"{chosen.store}, seed {chosen.seed}: {outcome}")
    return 0 if outcome.good() else 1


if __name__ == "__main__":
    sys.exit(main())
