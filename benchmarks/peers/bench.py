"""The same new alerts sent to Quarterdeck, Alertmanager and Alerta, one after another on one machine.

python -m benchmarks.peers.bench [--seconds S] [--connections N] [--without-alerta]
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.table import Table
from sqlalchemy import make_url

from benchmarks.intake.bench import free_port, load, say, serving, stored
from quarterdeck.app import homes
from tests.house.postgres import Server, start_postgres

SIZES = (1, 100)
"""Alerts in a request."""
HERE = Path(__file__).parent
QUIET = "route: {receiver: none, group_by: [service], group_wait: 1h}\nreceivers: [{name: none}]\n"


@dataclass(frozen=True)
class Peer:
    """One of those compared. `kept()`: how many alerts it has after a kill -9 and, where it reads a file, a restart."""

    name: str
    face: str
    key: str
    promise: str
    start: Any
    kept: Any


@dataclass(frozen=True)
class Row:
    """What one peer did with one size of request."""

    peer: Peer
    size: int
    found: dict[str, Any]
    answered: int
    kept: int


def quarterdeck(folder: Path, name: str, url: str | None) -> Peer:
    """Our own `serve`: web and engine in one process."""
    home = folder / name.replace(" ", "-")
    made = homes.init(home, database=url, email="admin@example.org", login="admin", base_url="http://127.0.0.1")
    with (home / "quarterdeck.toml").open("a") as file:
        file.write("\n[intake]\nper_minute = 100000000\n")

    def start(port: int) -> AbstractContextManager[Any]:
        return serving(["quarterdeck", "serve", "--home", str(home), "--port", str(port)], port)

    return Peer(name, "quarterdeck", made["intake_key"], "202 after the commit", start, lambda: stored(home))


def alertmanager(folder: Path, program: str) -> Peer:
    """Debian's Alertmanager, which keeps alerts in memory."""
    config, data = folder / "alertmanager.yml", folder / "alertmanager"
    config.write_text(QUIET)

    def start(port: int) -> AbstractContextManager[Any]:
        words = [program, f"--config.file={config}", f"--storage.path={data}", "--cluster.listen-address="]
        return serving([*words, f"--web.listen-address=127.0.0.1:{port}"], port, module=False)

    def kept() -> int:
        port = free_port()
        with start(port), urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
            lines = answer.read().decode().splitlines()
        return sum(int(float(line.split()[-1])) for line in lines if line.startswith("alertmanager_alerts{"))

    return Peer("Alertmanager", "alertmanager", "", "in memory", start, kept)


def alerta(folder: Path, server: Server) -> Peer:
    """Alerta's API under gunicorn with two workers, in an environment of its own."""
    venv = folder / "venv"
    subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
    pip = [str(venv / "bin" / "python"), "-m", "pip", "install", "--quiet", "-r", str(HERE / "alerta.txt")]
    subprocess.run(pip, check=True, capture_output=True)
    database = make_url(server.create_database()).database or ""
    settings = {
        "DATABASE_URL": f"postgresql://quarterdeck@/{database}?host={server.folder}",
        "SECRET_KEY": "benchmark",
        "AUTH_REQUIRED": "False",
        "PLUGINS": "",
    }
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | settings

    def start(port: int) -> AbstractContextManager[Any]:
        words = [str(venv / "bin" / "gunicorn"), "-w", "2", "--threads", "8", "-b", f"127.0.0.1:{port}"]
        return serving([*words, "alerta:create_app()"], port, module=False, env=env)

    def kept() -> int:
        with server.connect(database) as connection:
            if connection.execute("SELECT to_regclass('alerts')").fetchone() == (None,):
                return 0  # it makes its tables when it first starts
            found = connection.execute("SELECT count(*) FROM alerts").fetchone()
        return int(found[0]) if found else 0

    return Peer("Alerta on PostgreSQL", "alerta", "", "answers after the commit", start, kept)


@contextmanager
def peers(folder: Path, with_alerta: bool) -> Iterator[list[Peer]]:
    """Those that can be had on this machine; of the others it is said why not."""
    with ExitStack() as stack:
        server = start_postgres(durable=True)
        stack.callback(server.stop)
        found = [
            quarterdeck(folder, "Quarterdeck on SQLite", None),
            quarterdeck(folder, "Quarterdeck on PostgreSQL", server.create_database()),
        ]
        if program := shutil.which("prometheus-alertmanager") or shutil.which("alertmanager"):
            found.append(alertmanager(folder, program))
        else:
            say.print("Alertmanager is left out: there is no such program here.")
        if with_alerta:
            try:
                found.append(alerta(folder, server))
            except subprocess.CalledProcessError as refused:
                said = (refused.stderr or b"").decode()[-300:]
                say.print(f"Alerta is left out: it could not be installed. {said}", markup=False)
        yield found


def measure(found: Sequence[Peer], seconds: float, connections: int) -> list[Row]:
    rows = []
    for size in SIZES:
        for peer in found:
            before, port = peer.kept(), free_port()
            many = max(2, connections // 8) if size > 1 else connections
            with peer.start(port):
                warm = load(port, f"{peer.face}/{size}", peer.key, 1, many, prefix=f"w{size}")
                full = load(port, f"{peer.face}/{size}", peer.key, seconds, many, prefix=f"f{size}")
            rows.append(Row(peer, size, full, warm["answered"] + full["answered"], peer.kept() - before))
            say.print(f"  {peer.name}, {size} a request: {full['rate']:,.0f} alerts/s", highlight=False)
    return rows


def show(rows: list[Row]) -> None:
    for size in SIZES:
        own = [row for row in rows if row.size == size]
        ours = own[0].found["rate"]
        title = f"new alerts, {size} in a request"
        table = Table("", "alerts/s", "ours on SQLite : it", "p50", "p99", "promise", "answered", "kept", title=title)
        for row in own:
            rate = row.found["rate"]
            table.add_row(
                row.peer.name,
                f"{rate:,.0f}",
                f"{ours / rate:.2f}" if rate else "",
                f"{row.found['p50_ms']:.0f} ms",
                f"{row.found['p99_ms']:.0f} ms",
                row.peer.promise,
                f"{row.answered:,}",
                f"{row.kept:,}",
            )
        say.print(table)
        for row in own:
            odd = {code: n for code, n in row.found["statuses"].items() if code not in ("200", "201", "202")}
            if odd or row.found["unanswered"]:
                say.print(
                    f"{row.peer.name}: other answers {odd}, unanswered {row.found['unanswered']}", highlight=False
                )
    say.print("kept: what is there after kill -9, the warm-up's alerts included.", highlight=False)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--connections", type=int, default=128)
    parser.add_argument("--without-alerta", action="store_true", help="do not install it")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, peers(Path(folder), not given.without_alerta) as found:
        show(measure(found, given.seconds, given.connections))


if __name__ == "__main__":
    main()
