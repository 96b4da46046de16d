"""A sender of PagerDuty events at a fixed pace: tries again as a real client does, and notes when each 202 came."""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

PAUSES = (0.2, 1.0, 5.0, 10.0)
"""Seconds before an event that was not accepted is sent again; then it counts as refused."""
Event = tuple[str, dict[str, Any]]


def event(key: str, service: str, alertname: str, **labels: str) -> Event:
    """An alert by its dedup key. The key stands in the summary too, so that a page shows whose it is."""
    payload = {"summary": f"{alertname} on {service} [{key}]", "source": f"{key}.example.org", "severity": "critical"}
    details = {"service": service, "alertname": alertname, "severity": "critical", **labels}
    return key, {**payload, "custom_details": details}


def named_in(text: str) -> str:
    """The dedup key in a page's text."""
    return text.partition("[")[2].partition("]")[0]


@dataclass
class Sender:
    """Open loop: alert `n` is sent at its appointed time, whatever became of the others."""

    port: int
    key: str
    accepted: dict[str, float] = field(default_factory=dict)
    """Dedup key → when the 202 arrived (seconds since 1970)."""
    waits: list[float] = field(default_factory=list)
    """Seconds from the appointed time to the 202."""
    again: int = 0
    refused: int = 0
    _idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = field(default_factory=list)

    async def run(self, total: int, per_second: float, nth: Callable[[int], Event]) -> None:
        began = time.monotonic()
        tasks: set[asyncio.Task[None]] = set()
        for number in range(total):
            wait = began + number / per_second - time.monotonic()
            if wait > 0:
                await asyncio.sleep(wait)
            task = asyncio.create_task(self._send(began + number / per_second, *nth(number)))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        if tasks:
            await asyncio.wait(tasks)

    async def _send(self, appointed: float, dedup_key: str, payload: dict[str, Any]) -> None:
        event = {"routing_key": self.key, "event_action": "trigger", "dedup_key": dedup_key, "payload": payload}
        body = json.dumps(event).encode()
        request = f"POST /v2/enqueue HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
        for pause in (*PAUSES, None):
            if await self._taken(request):
                self.accepted[dedup_key] = time.time()
                self.waits.append(time.monotonic() - appointed)
                return
            if pause is not None:
                self.again += 1
                await asyncio.sleep(pause)
        self.refused += 1

    async def _taken(self, request: bytes) -> bool:
        try:
            async with asyncio.timeout(30):
                pair = self._idle.pop() if self._idle else await asyncio.open_connection("127.0.0.1", self.port)
                reader, writer = pair
                writer.write(request)
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                length = head.partition(b"content-length:")[2].partition(b"\r\n")[0]
                await reader.readexactly(int(length or b"0"))
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            return False
        self._idle.append(pair)
        return b" 202 " in head.split(b"\r\n", 1)[0]
