"""Real notifications, bent out of shape, at the intake doors: taken or refused, never a fault of ours."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.house.fuzzing import Target, ask, target

JSON = {"content-type": "application/json"}


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    with target(tmp_path_factory.mktemp("fuzz")) as made:
        yield made


ALERT = {
    "status": "firing",
    "labels": {"alertname": "HighLatency", "service": "checkout", "severity": "critical"},
    "annotations": {"summary": "p99 is 3 s", "runbook_url": "https://wiki.example.com/latency"},
    "startsAt": "2026-03-02T08:58:00.000Z",
    "endsAt": "0001-01-01T00:00:00Z",
    "generatorURL": "http://prometheus:9090/graph?g0.expr=x",
    "fingerprint": "0a1b2c3d4e5f6071",
}
SHAPES: dict[str, dict[str, Any]] = {
    "alertmanager": {
        "version": "4",
        "groupKey": '{}:{alertname="HighLatency"}',
        "truncatedAlerts": 0,
        "status": "firing",
        "receiver": "quarterdeck",
        "groupLabels": {"alertname": "HighLatency"},
        "commonLabels": {},
        "commonAnnotations": {},
        "externalURL": "http://alertmanager:9093",
        "alerts": [ALERT, {**ALERT, "status": "resolved", "fingerprint": "1"}],
    },
    "enqueue": {
        "routing_key": "",
        "event_action": "trigger",
        "dedup_key": "checkout/latency",
        "client": "Prometheus",
        "client_url": "https://prometheus.example.com",
        "links": [{"href": "https://wiki.example.com", "text": "Runbook"}],
        "images": [{"src": "https://grafana.example.com/x.png"}],
        "payload": {
            "summary": "p99 is 3 s",
            "source": "checkout-7",
            "severity": "critical",
            "timestamp": "2026-03-02T08:58:00Z",
            "component": "api",
            "group": "prod",
            "class": "latency",
            "custom_details": {"p99": 3.1, "shards": [1, 2]},
        },
    },
    "generic": {
        "signals": [
            {
                "title": "p99 is 3 s",
                "severity": "critical",
                "dedup_key": "checkout/latency",
                "service": "checkout",
                "labels": {"region": "eu"},
                "links": ["https://wiki.example.com", {"href": "https://x.example.com", "text": "X"}],
                "details": {"p99": 3.1},
                "started_at": "2026-03-02T08:58:00Z",
            }
        ]
    },
}
WRONG = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([10**400, -(2**63), 2**64, 1e308, "\x00", "\u202e", "x" * 5_000, "9999-12-31T23:59:59Z"]),
    st.text(max_size=40),
    st.lists(st.none(), max_size=2),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=2),
)


@st.composite
def mutated(draw: Any, value: Any) -> Any:
    """The real shape with some of it left out, doubled, renamed, or of another kind."""
    if not draw(st.integers(0, 9)):
        return draw(WRONG)
    if isinstance(value, dict):
        kept = {name: draw(mutated(inner)) for name, inner in value.items() if draw(st.integers(0, 11))}
        return kept | draw(st.dictionaries(st.text(max_size=8), WRONG, max_size=1))
    if isinstance(value, list):
        return [draw(mutated(inner)) for inner in value for _ in range(draw(st.integers(0, 2)))]
    return value


@st.composite
def bodies(draw: Any, shape: str, key: str) -> bytes:
    value = draw(mutated(SHAPES[shape]))
    if shape == "enqueue" and isinstance(value, dict) and draw(st.integers(0, 5)):
        value["routing_key"] = key
        value["event_action"] = draw(st.sampled_from(["trigger", "acknowledge", "resolve", "Trigger", None]))
    body = json.dumps(value, ensure_ascii=draw(st.booleans())).encode("utf-8", "surrogatepass")
    if not draw(st.integers(0, 9)):
        at = draw(st.integers(0, len(body)))
        body = body[:at] + draw(st.binary(max_size=3)) + body[at + draw(st.integers(0, 3)) :]
    return body


def knock(fuzzed: Target, shape: str, requests: int) -> dict[int, int]:
    """So many bodies at one door; how many got which answer."""
    key = fuzzed.intake_key
    paths = {"enqueue": ["/v2/enqueue", "/v2/change/enqueue"]}.get(shape, [f"/intake/{shape}/{key}"])
    answered: dict[int, int] = {}

    @seed(20260302)
    @settings(
        max_examples=requests,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(body=bodies(shape, key), path=st.sampled_from(paths))
    def one(body: bytes, path: str) -> None:
        answer = ask(fuzzed, "POST", path, "nobody", content=body, headers=JSON)
        answered[answer.status_code] = answered.get(answer.status_code, 0) + 1
        assert answer.status_code in {202, 400, 401, 413}, answer.text

    one()
    return answered


@pytest.mark.parametrize("shape", SHAPES)
def test_a_real_notification_bent_out_of_shape_is_taken_or_refused(fuzzed: Target, shape: str) -> None:
    answered = knock(fuzzed, shape, 150)
    assert answered.get(202) and answered.get(400), "both have to occur, or the bending is too strong or too weak"


@pytest.mark.long
@pytest.mark.parametrize("shape", SHAPES)
def test_ten_thousand_notifications_bent_out_of_shape(fuzzed: Target, shape: str) -> None:
    knock(fuzzed, shape, 10_000)
