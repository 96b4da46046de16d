"""What the trackers' servers share: a real HTTP server that keeps issues, logs requests, and fails when told to."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

TOKEN = "the-token-of-the-tests"  # of a server that ends with the test
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass
class Asked:
    """One request that came in."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    data: Any


@dataclass
class Said:
    """One answer. `drop`: the connection breaks off instead, after the work was done."""

    status: int
    data: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    drop: bool = False


class Tracker:
    """`first`: answers given in turn before the tracker does anything. `drops`: it does the work, then breaks off."""

    def __init__(self) -> None:
        self.port = 0
        self.token = TOKEN
        self.log: list[Asked] = []
        self.first: list[Said] = []
        self.drops: list[str] = []
        self.before: Callable[[Asked], None] = lambda asked: None
        self._seconds = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def now(self) -> str:
        """Each change a second later than the last."""
        self._seconds += 1
        return f"{START + timedelta(seconds=self._seconds):%Y-%m-%dT%H:%M:%SZ}"

    def answer(self, asked: Asked) -> Said:
        self.log.append(asked)
        self.before(asked)
        if self.first:
            return self.first.pop(0)
        said = self.respond(asked)
        if asked.method in self.drops:
            self.drops.remove(asked.method)
            return Said(0, drop=True)
        return said

    def respond(self, asked: Asked) -> Said:
        raise NotImplementedError

    def made(self, method: str) -> list[Asked]:
        return [asked for asked in self.log if asked.method == method]


class _Server(ThreadingHTTPServer):
    daemon_threads = True


@contextmanager
def served(tracker: Tracker) -> Iterator[None]:
    class Handler(BaseHTTPRequestHandler):
        def _any(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            data = json.loads(body) if body else None
            said = tracker.answer(Asked(self.command, parts.path, dict(parse_qsl(parts.query)), headers, data))
            if said.drop:
                self.close_connection = True
                return
            content = said.raw if said.raw is not None else b"" if said.data is None else json.dumps(said.data).encode()
            self.send_response(said.status)
            for name, value in {"Content-Type": "application/json", **said.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = do_PUT = _any  # what the server calls

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = _Server(("127.0.0.1", 0), Handler)
    tracker.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
