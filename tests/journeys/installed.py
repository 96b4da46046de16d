"""A home made and run with the real command line, and a provider of webhooks that keeps a log of its own."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from benchmarks.crash.bench import free_port
from quarterdeck.app import homes, settings
from quarterdeck.governance.views import people
from quarterdeck.kernel.principal import ENGINE
from quarterdeck.notify import actions as notify
from quarterdeck.notify.views import methods
from quarterdeck.record import Tx

COMMAND = [sys.executable, "-m", "quarterdeck"]


def quarterdeck(*words: str | Path, **options: Any) -> "subprocess.CompletedProcess[str]":
    """Run one command to its end."""
    command = [*COMMAND, *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, **options)


def await_(what: str, found: Callable[[], Any], seconds: float = 30) -> Any:
    """The first true value of `found`; a connection refused counts as not yet."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(OSError):
            if value := found():
                return value
        time.sleep(0.1)
    raise AssertionError(f"waited {seconds} s for {what}")


@dataclass
class Answer:
    """What the web face said."""

    status: int
    headers: Any
    text: str

    @property
    def body(self) -> Any:
        return json.loads(self.text)


class _Quiet(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_Quiet)


def ask(url: str, body: Any = None, key: str | None = None, *, form: bool = False, within: float = 15) -> Answer:
    """GET, or POST when there is a body. An HTTP error is an answer; no connection is an OSError."""
    data = None if body is None else (body.encode() if form else json.dumps(body).encode())
    headers = {"Content-Type": "application/x-www-form-urlencoded" if form else "application/json"}
    if key:
        headers["Authorization"] = f"Bearer {key}"
    request = urllib.request.Request(url, data=data, headers=headers)
    try:
        with _OPENER.open(request, timeout=within) as answer:
            return Answer(answer.status, answer.headers, answer.read().decode())
    except urllib.error.HTTPError as error:
        return Answer(error.code, error.headers, error.read().decode())


class Provider:
    """Takes webhooks; `pages` is its log, in order. `delay` is how long it holds an answer back."""

    def __init__(self) -> None:
        self.pages: list[dict[str, Any]] = []
        self.delay = 0.0
        provider = self

        class Taking(BaseHTTPRequestHandler):
            def do_POST(self) -> None:  # http.server's own name
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                provider.pages.append({**body, "to": self.path.strip("/")})
                time.sleep(provider.delay)
                with contextlib.suppress(OSError):
                    self.send_response(200)
                    self.send_header("Content-Length", "0")
                    self.end_headers()

            def log_message(self, *_: Any) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Taking)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@dataclass
class Installed:
    """A home and the processes that were started on it."""

    home: Path
    provider: Provider
    database: str | None = None
    environment: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    started: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.base = f"http://127.0.0.1:{self.port}"
        database = ["--database", self.database] if self.database else []
        made = quarterdeck("init", self.home, "--json", "--base-url", self.base, *database)
        assert made.returncode == 0, made.stderr
        self.keys = json.loads(made.stdout)
        file = self.home / "quarterdeck.toml"
        text = re.sub(r"outbound_allow = .*", 'outbound_allow = ["127.0.0.0/8"]', file.read_text())
        file.write_text(text + "pace_messages = 10000\n")
        self.reach("admin")

    def reach(self, login: str) -> None:
        """Pages to this person go to the provider, and nowhere else."""
        url = f"http://127.0.0.1:{self.provider.port}/{login}"

        def put(tx: Tx) -> None:
            person = next(one.id for one in people(tx.connection) if one.login == login)
            for method in methods(tx.connection, person):
                notify.remove_method(tx, method=method.id)
            notify.add_method(tx, person=person, kind="webhook", address=url, assume_verified=True)

        self.furnish(put)

    def furnish(self, put: Callable[[Tx], Any]) -> None:
        """Set up what a story needs, before anything runs."""
        record = homes.open_record(settings.load(self.home))
        try:
            record.perform(ENGINE, put)
        finally:
            record.close()

    def must(self, *words: str | Path) -> str:
        done = quarterdeck(*words, "--home", self.home)
        assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
        return done.stdout

    def start(self, what: str = "serve") -> "subprocess.Popen[bytes]":
        """`serve` or `web`, which are awaited, or `engine`."""
        port = [] if what == "engine" else ["--port", str(self.port)]
        with (self.home / "log").open("ab") as log:
            process = subprocess.Popen(
                [*COMMAND, what, "--home", str(self.home), *port],
                stdout=log,
                stderr=log,
                env={**os.environ, **self.environment},
            )
        self.started.append(process)
        if port:
            await_("the web face", lambda: ask(f"{self.base}/healthz").status == 200)
        return process

    def alert(self, key: str, action: str = "trigger", within: float = 15) -> Answer:
        details = {"alertname": key, "severity": "critical", "service": key}
        payload = {"summary": f"Alert {key}", "source": "probe", "severity": "critical", "custom_details": details}
        body = {"event_action": action, "dedup_key": key, "payload": payload, "routing_key": self.keys["intake_key"]}
        return ask(f"{self.base}/v2/enqueue", body, within=within)

    def get(self, path: str) -> Any:
        answer = ask(self.base + path, key=self.keys["api_key"])
        return answer.body if answer.status == 200 else None

    def post(self, path: str, body: Any = None) -> Answer:
        return ask(self.base + path, body or {}, self.keys["api_key"])

    def pages(self, to: str = "admin") -> list[dict[str, Any]]:
        return [page for page in self.provider.pages if page["to"] == to and page["purpose"] == "page"]

    def paged(self, *titles: str) -> bool:
        """Whether each of these alerts has reached somebody."""
        texts = [page["text"] + page["subject"] for page in self.provider.pages if page["purpose"] == "page"]
        return all(any(f"Alert {title}" in text for text in texts) for title in titles)

    def log(self) -> str:
        return (self.home / "log").read_text(errors="replace")

    def stop(self) -> None:
        for process in self.started:
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.kill()
            process.wait(timeout=20)


Make = Callable[[str], Installed]
"""`make("sqlite")` or `make("postgresql")`."""
