"""The requests of the load: bytes made from one template each, so that the generator is not the limit."""

import json
from collections.abc import Callable
from itertools import count
from typing import Any

Make = Callable[[], bytes]
DUPLICATES = 50
ALERTS_A_BATCH = 100


def http(path: str, body: bytes) -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _event(key: str, dedup_key: str) -> bytes:
    event = {
        "routing_key": key,
        "event_action": "trigger",
        "dedup_key": dedup_key,
        "payload": {
            "summary": f"p99 latency above 2 s on api-{dedup_key}",
            "source": f"api-{dedup_key}.example.org",
            "severity": "critical",
            "component": "api",
            "group": "production",
            "class": "latency",
            "custom_details": {"service": "checkout", "alertname": "HighLatency", "text": "x" * 560},
        },
        "links": [{"href": "https://example.org/runbook", "text": "runbook"}],
        "client": "benchmark",
    }
    return json.dumps(event).encode()


def _alerts(numbers: list[str]) -> list[dict[str, Any]]:
    return [
        {
            "status": "firing",
            "labels": {
                "alertname": "HighLatency",
                "instance": f"api-{number}:9100",
                "service": "checkout",
                "severity": "critical",
            },
            "annotations": {"summary": f"p99 latency above 2 s on api-{number}"},
            "startsAt": "2026-03-02T08:59:00Z",
            "endsAt": "0001-01-01T00:00:00Z",
            "generatorURL": "http://prometheus.example.org/graph?g0.expr=up",
            "fingerprint": number,
        }
        for number in numbers
    ]


def _webhook(alerts: list[dict[str, Any]]) -> bytes:
    """As Alertmanager tells its receivers."""
    return json.dumps({"version": "4", "status": "firing", "receiver": "quarterdeck", "alerts": alerts}).encode()


def _bare(alerts: list[dict[str, Any]]) -> bytes:
    """As Prometheus tells Alertmanager."""
    return json.dumps(alerts).encode()


FACES: dict[str, tuple[str, Callable[[list[dict[str, Any]]], bytes]]] = {
    "quarterdeck": ("/intake/alertmanager/{key}", _webhook),
    "alertmanager": ("/api/v2/alerts", _bare),
    "alerta": ("/webhooks/prometheus", _webhook),
}
"""Whom the same new alerts can be sent to: path, and how its body is put together."""


def maker(kind: str, key: str, prefix: str) -> tuple[Make, int]:
    """The next request's bytes, and how many signals each carries. `prefix` keeps generators apart."""
    if kind == "distinct":
        head = http("/v2/enqueue", _event(key, f"{prefix}00000000"))
        old, numbers = f"{prefix}00000000".encode(), count(1)
        return lambda: head.replace(old, b"%s%08d" % (prefix.encode(), next(numbers))), 1
    if kind == "duplicate":
        bodies = [http("/v2/enqueue", _event(key, f"{prefix}{n:08}")) for n in range(DUPLICATES)]
        numbers = count()
        return lambda: bodies[next(numbers) % DUPLICATES], 1
    if kind == "batch-repeated":
        path = FACES["quarterdeck"][0].format(key=key)
        batches = [
            http(path, _webhook(_alerts([f"{prefix}{batch:04}{n:04}" for n in range(ALERTS_A_BATCH)])))
            for batch in range(20)
        ]
        numbers = count()
        return lambda: batches[next(numbers) % len(batches)], ALERTS_A_BATCH
    if kind == "batch-distinct":
        return new_alerts("quarterdeck", key, prefix, ALERTS_A_BATCH), ALERTS_A_BATCH
    face, _, size = kind.partition("/")
    if face in FACES and size.isdigit():
        return new_alerts(face, key, prefix, int(size)), int(size)
    raise ValueError(f"There is no load {kind!r}.")


def new_alerts(face: str, key: str, prefix: str, size: int) -> Make:
    """Requests of `size` alerts each that nobody has seen before."""
    path, body = FACES[face]
    head = http(path.format(key=key), body(_alerts([f"{prefix}0000000{n:04}" for n in range(size)])))
    old, numbers = f"{prefix}0000000".encode(), count(1)
    return lambda: head.replace(old, b"%s%07d" % (prefix.encode(), next(numbers)))
