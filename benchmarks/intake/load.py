"""The load generator: a process of its own, keep-alive connections with one request in flight each. Prints JSON.

    python -m benchmarks.intake.load PORT KIND KEY --seconds S --connections N [--rate R] [--prefix P]

Without --rate: each connection sends its next request as soon as it is answered (closed loop). With --rate: requests
are due at fixed instants and latency counts from when they were due, so that a slow server cannot hide (open loop).
"""

import argparse
import asyncio
import json
import time
from collections import deque
from typing import Any

import uvloop

from benchmarks.intake.requests import Make, maker


class Load:
    """What all connections share: the clock, the counts, and the requests that are due."""

    def __init__(self, make: Make, until: float, rate: float | None) -> None:
        self.make, self.until = make, until
        self.open_loop = rate is not None
        self.due: deque[float] = deque()
        self.idle: deque[Connection] = deque()
        self.statuses: dict[str, int] = {}
        self.latencies: list[float] = []
        self.lost = 0


class Connection(asyncio.Protocol):
    """One keep-alive connection."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.transport: Any = None
        self.sent = 0.0
        self.waiting = False
        self.buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.next()

    def next(self) -> None:
        now = time.perf_counter()
        if now >= self.load.until:
            return
        if self.load.open_loop:
            if not self.load.due:
                self.load.idle.append(self)
                return
            self.sent = self.load.due.popleft()
        else:
            self.sent = now
        self.waiting = True
        self.transport.write(self.load.make())

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head = self.buffer.find(b"\r\n\r\n")
        if head < 0:
            return
        at = self.buffer.lower().find(b"content-length:", 0, head)
        end = self.buffer.find(b"\r\n", at)
        length = int(self.buffer[at + 15 : end]) if at >= 0 else 0
        if len(self.buffer) < head + 4 + length:
            return
        status = self.buffer[9:12].decode()
        self.buffer = b""
        self.waiting = False
        load = self.load
        load.statuses[status] = load.statuses.get(status, 0) + 1
        load.latencies.append(time.perf_counter() - self.sent)
        self.next()

    def connection_lost(self, exc: Exception | None) -> None:
        self.load.lost += self.waiting


async def _pace(load: Load, rate: float) -> None:
    began, sent = time.perf_counter(), 0
    while (now := time.perf_counter()) < load.until:
        wanted = int((now - began) * rate)
        while sent < wanted:
            load.due.append(began + sent / rate)
            sent += 1
        while load.due and load.idle:
            load.idle.popleft().next()
        await asyncio.sleep(0.001)


async def run(
    port: int, kind: str, key: str, seconds: float, connections: int, rate: float | None, prefix: str
) -> None:
    make, signals = maker(kind, key, prefix)
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    load = Load(make, began + seconds, rate)
    made = [(await loop.create_connection(lambda: Connection(load), "127.0.0.1", port))[1] for _ in range(connections)]
    if rate is not None:
        await _pace(load, rate)
    while time.perf_counter() < load.until or any(one.waiting for one in made):
        await asyncio.sleep(0.02)
        if time.perf_counter() > load.until + 10:
            break
    took = time.perf_counter() - began
    for one in made:
        if one.transport is not None:
            one.transport.close()
    ordered = sorted(load.latencies) or [0.0]
    answered = load.statuses.get("202", 0) + load.statuses.get("200", 0) + load.statuses.get("201", 0)
    print(
        json.dumps(
            {
                "answered": answered * signals,
                "seconds": took,
                "rate": answered * signals / took,
                "p50_ms": ordered[len(ordered) // 2] * 1e3,
                "p99_ms": ordered[int(len(ordered) * 0.99)] * 1e3,
                "statuses": load.statuses,
                "unanswered": sum(one.waiting for one in made) + load.lost,
                "behind": len(load.due),
            }
        )
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("port", type=int)
    parser.add_argument("kind")
    parser.add_argument("key")
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--connections", type=int, default=128)
    parser.add_argument("--rate", type=float)
    parser.add_argument("--prefix", default="a")
    given = parser.parse_args()
    uvloop.run(run(given.port, given.kind, given.key, given.seconds, given.connections, given.rate, given.prefix))


if __name__ == "__main__":
    main()
