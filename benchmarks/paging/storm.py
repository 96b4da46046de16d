"""A storm of alerts about a few things, and half-way a SEV1 of something else: what people got, and what was lost."""

import asyncio
import time
from collections import Counter
from pathlib import Path

from rich.table import Table
from sqlalchemy import func, select

from benchmarks.paging import stage
from benchmarks.paging.sender import Event, Sender, event
from quarterdeck.intake.rules import key_of
from quarterdeck.record import Record
from quarterdeck.record.tables import record as journal

WINDOW = 15 * 60
SERVICES = ("checkout", "search", "basket", "catalogue", "mail", "login")
ALERTS = ("HighLatency", "ErrorRate", "QueueFull", "DiskFull", "Unreachable")
SEV1 = "sev1"


def measure(store: str, home: Path, alerts: int, seconds: float, watch: float) -> Table:
    """`watch`: how many seconds from the first alert on the channels are watched."""
    log = home / "provider.log"
    port, provider = stage.free_port(), stage.free_port()
    with stage.database(store, home) as url:
        record, key = stage.furnish(home, url, provider)
        sender = Sender(port, key)
        with stage.running(home, port, provider, log) as serving:
            cpu, began = stage.cpu_seconds(serving), time.time()
            asyncio.run(sender.run(alerts, alerts / seconds, lambda number: _one(number, alerts)))
            took, cpu = time.time() - began, stage.cpu_seconds(serving) - cpu
            time.sleep(max(0.0, began + watch - time.time()))
            now, most = stage.memory_mb(serving)
        kept, counted = _kept(record), _counted(record)
        record.close()
    lines = [line for line in stage.read_log(log) if line["at"] < began + WINDOW]
    lost = sum(1 for name in sender.accepted if f"signal/{key_of('pagerduty', name)}" not in kept)
    got = Counter(line["to"] for line in lines)
    first = min((line["at"] for line in lines if f"[{SEV1}]" in line["text"]), default=None)
    table = Table("", "", "aim", title=f"{store}: {alerts:,} alerts in {took:.0f} s, watched for {watch:.0f} s")
    table.add_row(
        "accepted / refused / sent again", f"{len(sender.accepted):,} / {sender.refused} / {sender.again}", ""
    )
    late = " / ".join(f"{stage.percentile(sender.waits, share) * 1e3:.0f} ms" for share in (0.5, 0.99))
    table.add_row("from its appointed time to the 202, p50 / p99", late, "")
    table.add_row("accepted, and not on the record after kill -9", f"{lost}", "0")
    table.add_row("incidents declared", f"{counted['command.IncidentDeclared']}", "31")
    pages = f"{counted['notify.DeliveryRequested']} / {counted['notify.DeliveryHeld']}"
    table.add_row("pages asked for / held by pacing", pages, "")
    for to, times in sorted(got.items()):
        table.add_row(f"messages to {to}", f"{times}", "≤ 3 in 15 min")
    wait = "NEVER" if first is None else f"{first - sender.accepted[SEV1]:.2f} s"
    table.add_row("the unrelated SEV1: 202 → channel", wait, "≤ 10 s")
    table.add_row("memory at the end / at its highest", f"{now:.0f} / {most:.0f} MB", "≤ 512 MB")
    table.add_row("processor during the storm", f"{cpu / took:.2f} of a core", "")
    return table


def _one(number: int, alerts: int) -> Event:
    if number == alerts // 2:
        return event(SEV1, "payments", "Down", impact="extensive")
    which = number % (len(SERVICES) * len(ALERTS))
    return event(f"s{number:06}", SERVICES[which // len(ALERTS)], ALERTS[which % len(ALERTS)])


def _kept(record: Record) -> set[str]:
    with record.read() as conn:
        return set(conn.execute(select(journal.c.stream).where(journal.c.type == "intake.SignalRaised")).scalars())


def _counted(record: Record) -> Counter[str]:
    with record.read() as conn:
        rows = conn.execute(select(journal.c.type, func.count()).group_by(journal.c.type)).all()
    return Counter({row[0]: int(row[1]) for row in rows})
