"""Durable signals a second: closed-loop load on a real `quarterdeck web`, killed with -9 at the end and counted.

python -m benchmarks.intake.bench [--store sqlite|postgresql|both] [--seconds S] [--connections N] [--engine]
"""

import argparse
import json
import os
import signal
import socket
import subprocess
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

from quarterdeck.app import homes, settings
from quarterdeck.intake.kept import dedupe
from tests.house.postgres import start_postgres

KINDS = ("distinct", "duplicate", "batch-distinct", "batch-repeated")
NAMES = {
    "distinct": "PagerDuty events, each a new signal",
    "duplicate": "PagerDuty events, 50 signals over and over",
    "batch-distinct": "Alertmanager, 100 new alerts a request",
    "batch-repeated": "Alertmanager, 2,000 alerts over and over",
}
say = Console(width=140)


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str | None]:
    if kind == "sqlite":
        yield None
        return
    server = start_postgres(durable=True)
    try:
        yield server.url
    finally:
        server.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(
    words: list[str], port: int, *, module: bool = True, env: dict[str, str] | None = None
) -> Iterator["subprocess.Popen[bytes]"]:
    """A server, a Python module of ours or a program, that listens; killed with -9 and all its children at the end."""
    command = [sys.executable, "-m", *words] if module else words
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, stdout=quiet, stderr=quiet, env=env, start_new_session=True)
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"{' '.join(words)} did not come up") from None
                time.sleep(0.05)
        yield process
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def cpu_seconds(process: "subprocess.Popen[bytes]") -> float:
    """Processor time of a server so far, all threads: steadier than rates on a machine that is not idle."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def load(port: int, kind: str, key: str, seconds: float, connections: int, **more: Any) -> dict[str, Any]:
    """One run of the generator in its own process."""
    words = [sys.executable, "-m", "benchmarks.intake.load", str(port), kind, key]
    words += ["--seconds", str(seconds), "--connections", str(connections)]
    for name, value in more.items():
        words += [f"--{name}", str(value)]
    done = subprocess.run(words, check=True, capture_output=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def stored(home: Path) -> int:
    record = homes.open_record(settings.load(home))
    with record.read() as conn:
        found = conn.execute(select(func.sum(dedupe.c.count))).scalar()
    record.close()
    return int(found or 0)


def measure(store: str, seconds: float, connections: int, engine: bool) -> list[dict[str, Any]]:
    """Every kind of load on one fresh home; each beside its ceilings, taken in turn."""
    rows = []
    with tempfile.TemporaryDirectory() as folder, database(store, Path(folder)) as url:
        home = Path(folder) / "home"
        made = homes.init(home, database=url, email="admin@example.org", login="admin", base_url="http://127.0.0.1")
        with (home / "quarterdeck.toml").open("a") as file:
            file.write("\n[intake]\nper_minute = 100000000\n")
        for number, kind in enumerate(KINDS):
            size = max(1, connections // 8) if kind.startswith("batch") else connections
            port = free_port()
            with serving(["benchmarks.intake.ceiling", str(port)], port):
                ceiling = load(port, kind, "x", max(1, seconds / 2), size)
            raw = None
            if kind in ("distinct", "duplicate"):
                words = [sys.executable, "-m", "benchmarks.intake.raw", str(home), kind, str(max(1, seconds / 2))]
                raw = float(subprocess.run(words, check=True, capture_output=True).stdout)
            before, port = stored(home), free_port()
            face = "serve" if engine else "web"
            with serving(["quarterdeck", face, "--home", str(home), "--port", str(port)], port) as server:
                load(port, kind, made["intake_key"], 0.5, size, prefix=f"w{number}")
                used = cpu_seconds(server)
                full = load(port, kind, made["intake_key"], seconds, size, prefix=f"f{number}")
                full["cpu_us"] = (cpu_seconds(server) - used) / max(1, full["answered"]) * 1e6
                signals = 100 if kind.startswith("batch") else 1
                rate = full["rate"] / signals / 2
                half = load(port, kind, made["intake_key"], seconds, size, prefix=f"h{number}", rate=rate)
            durable = stored(home) - before
            rows.append({"kind": kind, "full": full, "half": half, "ceiling": ceiling, "raw": raw, "durable": durable})
            say.print(f"  {store}: {NAMES[kind]}: {full['rate']:,.0f}/s", highlight=False)
    return rows


def show(store: str, rows: list[dict[str, Any]]) -> None:
    names = ("accepted/s", "of bare HTTP", "of raw store", "CPU", "p50", "p99", "p99 at half load")
    table = Table("load", *names, title=store)
    for row in rows:
        full, half = row["full"], row["half"]
        table.add_row(
            NAMES[row["kind"]],
            f"{full['rate']:,.0f}",
            f"{full['rate'] / row['ceiling']['rate']:.2f}",
            f"{full['rate'] / row['raw']:.2f} (raw {row['raw']:,.0f})" if row["raw"] else "",
            f"{full['cpu_us']:.0f} µs",
            f"{full['p50_ms']:.0f} ms",
            f"{full['p99_ms']:.0f} ms",
            f"{half['p99_ms']:.0f} ms" + (f" ({half['behind']} behind)" if half["behind"] else ""),
        )
    say.print(table)
    for row in rows:
        answered = row["full"]["answered"] + row["half"]["answered"]
        odd = {code: n for code, n in (row["full"]["statuses"] | row["half"]["statuses"]).items() if code != "202"}
        lost = max(0, answered - row["durable"])
        say.print(
            f"{NAMES[row['kind']]}: answered with 202 {answered:,} (and those of the warm-up), found after kill -9"
            f" {row['durable']:,}: {lost} lost; other answers: {odd or 'none'}",
            highlight=False,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--store", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--connections", type=int, default=128)
    parser.add_argument("--engine", action="store_true", help="with the engine in the same process, as `serve` runs it")
    given = parser.parse_args()
    for store in ("sqlite", "postgresql") if given.store == "both" else (given.store,):
        show(store, measure(store, given.seconds, given.connections, given.engine))
    say.print("Accepted is durable here: 202 is sent after the commit. Until somebody is notified: benchmarks/paging.")


if __name__ == "__main__":
    main()
