"""From the accepted signal to the channel: every alert is an incident of its own and pages one person."""

import asyncio
from pathlib import Path

import msgspec
from rich.table import Table
from sqlalchemy import select

from benchmarks.paging import stage
from benchmarks.paging.sender import Event, Sender, event, named_in
from quarterdeck.intake.rules import key_of
from quarterdeck.record import Record
from quarterdeck.record.tables import record as journal

PACE = "pace_messages = 10000"
"""So that pacing, which is for people, holds nothing back here."""
STEPS = ("signal on the record → incident declared", "→ page asked for", "→ handed to the channel")


def one(number: int) -> Event:
    return event(f"a{number:06}", f"service-{number}", "HighLatency")


def measure(store: str, home: Path, alerts: int, per_second: float) -> Table:
    log = home / "provider.log"
    port, provider = stage.free_port(), stage.free_port()
    with stage.database(store, home) as url:
        record, key = stage.furnish(home, url, provider, PACE)
        sender = Sender(port, key)
        with stage.running(home, port, provider, log) as serving:
            began = stage.cpu_seconds(serving)
            asyncio.run(sender.run(alerts, per_second, one))
            stage.wait_for(lambda: len(stage.read_log(log)), alerts, 120)
            cpu, memory = stage.cpu_seconds(serving) - began, stage.memory_mb(serving)[1]
        came: dict[str, tuple[float, str]] = {}
        for line in stage.read_log(log):
            came.setdefault(named_in(line["text"]), (line["at"], line["id"]))
        steps = _steps(record, came)
        record.close()
    waits = [max(0.0, came[name][0] - at) for name, at in sender.accepted.items() if name in came]
    table = Table("", "", "aim", title=f"{store}: {alerts:,} alerts at {per_second:g}/s, each an incident of its own")
    table.add_row("accepted (202) / refused", f"{len(sender.accepted):,} / {sender.refused}", "all / 0")
    table.add_row("handed to the channel", f"{len(waits):,}", f"{len(sender.accepted):,}")
    for share, aim in ((0.5, "≤ 1 s"), (0.99, "≤ 5 s"), (1.0, "")) if waits else ():
        table.add_row(f"202 → channel, p{share * 100:g}", f"{stage.percentile(waits, share):.2f} s", aim)
    for name, values in zip(STEPS, steps, strict=True):
        if values:
            figures = f"{stage.percentile(values, 0.5):.2f} s / {stage.percentile(values, 0.99):.2f} s"
            table.add_row(f"  {name}, p50 / p99", figures, "")
    table.add_row("processor time an incident", f"{cpu / max(1, alerts) * 1e3:.1f} ms", "")
    table.add_row("memory at its highest", f"{memory:.0f} MB", "")
    return table


def _steps(record: Record, came: dict[str, tuple[float, str]]) -> list[list[float]]:
    """Where the time went, by the record's own clock readings, of those that came."""
    wanted = ("intake.SignalRaised", "command.IncidentDeclared", "notify.DeliveryRequested")
    with record.read() as conn:
        query = select(journal.c.stream, journal.c.recorded_at, journal.c.data).where(journal.c.type.in_(wanted))
        rows = {row.stream: row for row in conn.execute(query)}
    steps: list[list[float]] = [[] for _ in STEPS]
    for name, (at, id) in came.items():
        asked = rows[f"delivery/{id.rpartition('-')[0]}"]
        declared = rows[msgspec.json.decode(asked.data)["about"]]
        raised = rows[f"signal/{key_of('pagerduty', name)}"]
        times = [row.recorded_at / 1e6 for row in (raised, declared, asked)] + [at]
        for values, since, until in zip(steps, times[:-1], times[1:], strict=True):
            values.append(until - since)
    return steps
