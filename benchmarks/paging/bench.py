"""Pages on time, and a storm: a real `quarterdeck serve` over HTTP, paging a fake provider that keeps its own log.

    python -m benchmarks.paging.bench latency [--alerts 3000] [--per-second 50] [--store sqlite|postgresql]
    python -m benchmarks.paging.bench storm   [--alerts 100000] [--seconds 300] [--store sqlite|postgresql]

latency: every alert is an incident of its own that pages one person; from the 202 to the provider's log.
storm: the alerts are of 30 incidents; half-way an unrelated SEV1 begins. Counts what was dropped, what the person got
in any 15 minutes, how soon the SEV1 came, and memory.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import func, select

from benchmarks.paging import stage
from quarterdeck.intake.rules import key_of
from quarterdeck.record import Record
from quarterdeck.record.tables import record as journal
from tests.house.postgres import start_postgres

say = Console(width=120)
WINDOW = 15 * 60
SERVICES = ("checkout", "search", "basket", "catalogue", "mail", "login")
ALERTS = ("HighLatency", "ErrorRate", "QueueFull", "DiskFull", "Unreachable")


@contextmanager
def database(store: str, home: Path) -> Iterator[str]:
    if store == "sqlite":
        yield f"sqlite:///{home}/quarterdeck.db"
        return
    server = start_postgres(durable=True)
    try:
        yield server.url
    finally:
        server.stop()


def event(key: str, service: str, alertname: str, **labels: str) -> tuple[str, dict[str, Any]]:
    payload = {"summary": f"{alertname} on {service} [{key}]", "source": f"{key}.example.org", "severity": "critical"}
    details = {"service": service, "alertname": alertname, "severity": "critical", **labels}
    return key, {**payload, "custom_details": details}


# -- latency -----------------------------------------------------------------------------------


def latency(store: str, home: Path, alerts: int, per_second: float) -> None:
    log = home / "provider.log"
    port, provider = stage.free_port(), stage.free_port()
    with database(store, home) as url:
        record, key = stage.furnish(home, url, provider, pace=10_000, patient=True)
        sender = stage.Sender(port, key)
        with stage.running(home, port, provider, log) as serving:
            asyncio.run(sender.run(alerts, per_second, lambda n: event(f"a{n:06}", f"service-{n}", "HighLatency")))
            _wait_for(lambda: len(stage.read_log(log)), alerts, 120)
            cpu, memory = stage.cpu_seconds(serving.pid), stage.memory_mb(serving.pid)[1]
        record.close()
    came: dict[str, float] = {}
    for line in stage.read_log(log):
        name = line["text"].partition("[")[2].partition("]")[0]
        came.setdefault(name, line["at"])
    waits = [max(0.0, came[name] - at) for name, at in sender.accepted.items() if name in came]
    table = Table(
        "accepted → handed to the channel", "", title=f"{store}: {alerts} alerts at {per_second:g}/s", box=None
    )
    table.add_row("accepted (202)", f"{len(sender.accepted):,}")
    table.add_row("handed to the channel", f"{len(waits):,}")
    if waits:
        for share, aim in ((0.5, "aim 1 s"), (0.99, "aim 5 s"), (1.0, "")):
            table.add_row(f"p{share * 100:g}", f"{stage.percentile(waits, share):.3f} s   {aim}")
    table.add_row("processor / memory", f"{cpu:.1f} s / {memory:.0f} MB at most")
    say.print(table)


# -- storm -------------------------------------------------------------------------------------


def storm(store: str, home: Path, alerts: int, seconds: float) -> None:
    log = home / "provider.log"
    port, provider = stage.free_port(), stage.free_port()
    with database(store, home) as url:
        record, key = stage.furnish(home, url, provider, pace=3, patient=False)
        sender = stage.Sender(port, key)
        with stage.running(home, port, provider, log) as serving:
            took = asyncio.run(_storm(sender, alerts, seconds))
            _wait_for(lambda: _kept(record), len(sender.accepted), 60)
            time.sleep(5)
            now, most = stage.memory_mb(serving.pid)
            cpu = stage.cpu_seconds(serving.pid)
        lines, kept = stage.read_log(log), _kept_keys(record)
        counted = _counted(record)
        record.close()
    lost = [name for name in sender.accepted if f"signal/{key_of('pagerduty', name)}" not in kept]
    sev1 = [line["at"] for line in lines if "[sev1]" in line["text"]]
    table = Table(
        "storm", "", "", title=f"{store}: {alerts:,} alerts in {took:.0f} s, 30 incidents and a SEV1", box=None
    )
    table.add_row("accepted / refused", f"{len(sender.accepted):,} / {sender.refused}", "aim: none refused for good")
    table.add_row("accepted and not kept", f"{len(lost)}", "aim 0")
    table.add_row(
        "incidents / pages asked for", f"{counted['command.IncidentDeclared']} / {counted['notify.DeliveryRequested']}"
    )
    table.add_row("held by pacing", f"{counted['notify.DeliveryHeld']}", "shown in the record, told together later")
    table.add_row("messages to the person", f"{len(lines)}, at most {_most_in_window(lines)} in 15 min", "aim 3")
    wait = f"{min(sev1) - sender.accepted['sev1']:.2f} s" if sev1 else "NEVER"
    table.add_row("unrelated SEV1 after", wait, "aim 10 s")
    table.add_row("memory now / at most", f"{now:.0f} / {most:.0f} MB", "aim 512 MB")
    table.add_row("processor", f"{cpu:.0f} s")
    say.print(table)


async def _storm(sender: stage.Sender, alerts: int, seconds: float) -> float:
    def one(number: int) -> tuple[str, dict[str, Any]]:
        if number == alerts // 2:
            return event("sev1", "payments", "Down", impact="extensive")
        which = number % 30
        return event(f"s{number:06}", SERVICES[which // 5], ALERTS[which % 5])

    began = time.monotonic()
    await sender.run(alerts, alerts / seconds, one)
    return time.monotonic() - began


def _kept(record: Record) -> int:
    with record.read() as conn:
        query = select(func.count()).select_from(journal).where(journal.c.type == "intake.SignalRaised")
        return int(conn.execute(query).scalar_one())


def _kept_keys(record: Record) -> set[str]:
    with record.read() as conn:
        return set(conn.execute(select(journal.c.stream).where(journal.c.type == "intake.SignalRaised")).scalars())


def _counted(record: Record) -> dict[str, int]:
    names = ("command.IncidentDeclared", "notify.DeliveryRequested", "notify.DeliveryHeld")
    with record.read() as conn:
        rows = conn.execute(select(journal.c.type, func.count()).group_by(journal.c.type)).all()
    found = {row[0]: int(row[1]) for row in rows}
    return {name: found.get(name, 0) for name in names}


def _most_in_window(lines: list[dict[str, Any]]) -> int:
    times = [line["at"] for line in lines]
    return max((sum(1 for at in times if start <= at < start + WINDOW) for start in times), default=0)


def _wait_for(count: Any, wanted: int, seconds: float) -> None:
    end = time.monotonic() + seconds
    while count() < wanted and time.monotonic() < end:
        time.sleep(0.25)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", choices=["latency", "storm"])
    parser.add_argument("--store", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--alerts", type=int)
    parser.add_argument("--per-second", type=float, default=50)
    parser.add_argument("--seconds", type=float, default=300)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        home.mkdir()
        if chosen.run == "latency":
            latency(chosen.store, home, chosen.alerts or 3000, chosen.per_second)
        else:
            storm(chosen.store, home, chosen.alerts or 100_000, chosen.seconds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
