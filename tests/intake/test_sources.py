"""What each source makes of bytes: arrivals, faults, and nothing hostile."""

import string
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quarterdeck.intake.rules import Parsed, clean, key_of, severity_of
from quarterdeck.intake.rules.arrival import LONGEST_BODY
from quarterdeck.intake.sources import alertmanager, generic, pagerduty


def encode(value: Any) -> bytes:
    return msgspec.json.encode(value)


def alert(**given: Any) -> dict[str, Any]:
    return {
        "status": "firing",
        "labels": {"alertname": "HighLatency", "service": "api", "severity": "critical"},
        "annotations": {"summary": "p99 above 2 s", "runbook_url": "https://example.org/runbook"},
        "startsAt": "2026-03-02T08:59:00+01:00",
        "endsAt": "0001-01-01T00:00:00Z",
        "generatorURL": "http://example.org/graph",
        "fingerprint": "51ad6da7369deb4c",
        **given,
    }


def notification(*alerts: dict[str, Any]) -> bytes:
    return encode({"version": "4", "status": "firing", "externalURL": "http://example.org", "alerts": list(alerts)})


def event(**given: Any) -> dict[str, Any]:
    return {
        "routing_key": "qi0123456789",
        "event_action": "trigger",
        "dedup_key": "disk-1",
        "payload": {"summary": "disk full", "source": "db-1", "severity": "critical", "component": "db"},
        **given,
    }


def read(value: Any) -> Parsed:
    return pagerduty.parse(encode(value), "spare")


# -- alertmanager ------------------------------------------------------------------------------


def test_alertmanager_alerts_become_arrivals() -> None:
    (one,) = alertmanager.parse(notification(alert()), "spare").arrivals
    assert (one.action, one.dedup_key, one.title, one.severity) == (
        "raise",
        "51ad6da7369deb4c",
        "p99 above 2 s",
        "critical",
    )
    assert [link.text for link in one.links] == ["Runbook", "Source", "Alertmanager"]
    assert one.started_at is not None
    assert one.started_at.isoformat() == "2026-03-02T07:59:00+00:00"


def test_alertmanager_resolved_alerts_resolve_the_same_signal() -> None:
    parsed = alertmanager.parse(notification(alert(), alert(status="resolved")), "spare")
    assert [one.action for one in parsed.arrivals] == ["raise", "resolve"]
    assert len({one.key for one in parsed.arrivals}) == 1


def test_without_a_fingerprint_the_labels_name_the_alert() -> None:
    first = alert(labels={"a": "1", "b": "2"}, fingerprint="")
    second = alert(labels={"b": "2", "a": "1"}, fingerprint="")
    other = alert(labels={"b": "2", "a": "3"}, fingerprint="")
    keys = [one.key for one in alertmanager.parse(notification(first, second, other), "spare").arrivals]
    assert keys[0] == keys[1] != keys[2]


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ({"status": "maybe"}, "must be firing or resolved"),
        ({"labels": {}}, "is empty"),
        ({"labels": {"n": 3}}, "Expected `str`"),
        ({"labels": None}, "Expected `object`"),
    ],
)
def test_a_faulty_alert_is_named_and_the_others_are_kept(fault: dict[str, Any], says: str) -> None:
    parsed = alertmanager.parse(notification(alert(), alert(**fault), alert(fingerprint="x")), "spare")
    assert len(parsed.arrivals) == 2
    (error,) = parsed.errors
    assert error.startswith("alerts[1]")
    assert says in error


# -- pagerduty ---------------------------------------------------------------------------------


def test_pagerduty_events_map_one_to_one() -> None:
    (one,) = read(event(links=[{"href": "https://example.org/r", "text": "runbook"}])).arrivals
    assert (one.action, one.dedup_key, one.title, one.severity) == ("raise", "disk-1", "disk full", "critical")
    assert one.labels == {"source": "db-1", "severity": "critical", "component": "db"}
    assert read(event(event_action="acknowledge", payload=None)).arrivals[0].action == "acknowledge"
    resolve = read(event(event_action="resolve")).arrivals[0]
    assert (resolve.action, resolve.key) == ("resolve", one.key)


def test_a_trigger_without_a_key_gets_the_spare_one() -> None:
    assert read(event(dedup_key=None)).arrivals[0].dedup_key == "spare"


def test_custom_details_become_labels_that_routes_can_match() -> None:
    details = {"service": "payments", "free": 1, "deep": {"x": 1}, "text": "x" * 300, "ok": True}
    payload = {"summary": "s", "source": "h", "severity": "info", "custom_details": details}
    (one,) = read(event(payload=payload)).arrivals
    assert one.labels == {"service": "payments", "free": "1", "ok": "true", "source": "h", "severity": "info"}
    assert msgspec.json.decode(one.body) == details


@pytest.mark.parametrize(
    ("given_", "error"),
    [
        ({"event_action": "explode"}, "'event_action' is missing or is none of trigger, acknowledge, resolve"),
        ({"event_action": ["trigger"]}, "'event_action' is missing or is none of trigger, acknowledge, resolve"),
        ({"routing_key": 7}, "'routing_key' is missing or blank"),
        ({"dedup_key": "x" * 256}, "'dedup_key' must be text of at most 255 characters"),
        (
            {"event_action": "resolve", "dedup_key": None},
            "'dedup_key' is missing or blank; resolve needs that of the trigger",
        ),
        ({"payload": {"source": "s", "severity": "info"}}, "'payload.summary' is missing or blank"),
        (
            {"payload": {"summary": "s", "source": "s", "severity": "bad"}},
            "'payload.severity' is missing or is none of critical, error, warning, info",
        ),
        (
            {"payload": {"summary": "s", "source": "s", "severity": ["info"]}},
            "'payload.severity' is missing or is none of critical, error, warning, info",
        ),
    ],
)
def test_every_fault_of_an_event_is_named(given_: dict[str, Any], error: str) -> None:
    parsed = read(event(**given_))
    assert parsed.arrivals == []
    assert error in parsed.errors


def test_a_change_event_is_a_change() -> None:
    body = {
        "routing_key": "k",
        "payload": {"summary": "deployed 1.2", "source": "ci", "timestamp": "2026-03-02T09:00:00Z"},
    }
    (one,) = pagerduty.parse_change(encode(body), "spare").arrivals
    assert (one.action, one.title, one.source) == ("change", "deployed 1.2", "ci")
    assert pagerduty.parse_change(encode({"routing_key": "k"}), "spare").errors == [
        "'payload.summary' is missing or blank"
    ]


# -- generic -----------------------------------------------------------------------------------


def test_a_generic_signal_needs_only_a_title() -> None:
    (one,) = generic.parse(b'{"title": "disk full", "unknown": 1}', "spare").arrivals
    assert (one.action, one.dedup_key, one.severity) == ("raise", "spare", "error")


def test_a_list_of_generic_signals_is_read_one_by_one() -> None:
    signals = [
        {"title": "a"},
        {"title": ""},
        {"title": 3},
        {"title": "b", "service": "db", "links": ["https://example.org"]},
    ]
    for body in (encode(signals), encode({"signals": signals})):
        parsed = generic.parse(body, "spare")
        assert [one.title for one in parsed.arrivals] == ["a", "b"]
        assert [error.split(":")[0] for error in parsed.errors] == ["signals[1].title", "signals[2]"]
        assert parsed.arrivals[0].key != parsed.arrivals[1].key
        assert parsed.arrivals[1].labels["service"] == "db"


def test_generic_status_words_are_understood() -> None:
    (one,) = generic.parse(b'{"status": "resolved", "dedup_key": "x"}', "spare").arrivals
    assert one.action == "resolve"
    assert generic.parse(b'{"action": "resolve"}', "spare").errors


# -- hostile text ------------------------------------------------------------------------------


@pytest.mark.parametrize("bad", ["a\x00b", "a\u202eb", "a\u2066b", "a\x1b[31mb", "a\ufeffb", "a\u200bb"])
def test_control_and_direction_characters_do_not_pass(bad: str) -> None:
    assert clean(bad).startswith("a\ufffd")
    body = notification(alert(labels={"alertname": bad, bad: "x"}, annotations={"summary": bad}, fingerprint=bad))
    (one,) = alertmanager.parse(body, "spare").arrivals
    for text in (one.title, one.dedup_key, *one.labels, *one.labels.values()):
        assert bad not in text


def test_honest_text_passes_unchanged() -> None:
    for text in ('é ü 日本 "quoted" <b>x</b>', "two\nlines\tand a tab", "👩‍🚒 fire"):
        assert clean(text) == text


def test_only_web_links_pass() -> None:
    links = [{"href": href} for href in ("javascript:alert(1)", "data:text/html,x", "//x", "https://example.org/ok")]
    (one,) = read(event(links=links, client="x", client_url="javascript:x")).arrivals
    assert [link.href for link in one.links] == ["https://example.org/ok"]


def test_long_text_is_cut() -> None:
    payload = {"summary": "s" * 5000, "source": "h", "severity": "info", "custom_details": {"x": "y" * 100_000}}
    (one,) = read(event(payload=payload)).arrivals
    assert len(one.title) == 1024
    assert len(one.body.encode()) <= LONGEST_BODY


def test_more_than_64_labels_are_cut() -> None:
    labels = {f"label{n}": "v" for n in range(100)}
    (one,) = alertmanager.parse(notification(alert(labels=labels)), "spare").arrivals
    assert len(one.labels) == 64


@pytest.mark.parametrize("parse", [alertmanager.parse, pagerduty.parse, pagerduty.parse_change, generic.parse])
@pytest.mark.parametrize("body", [b"", b"[", b"null", b"3", b"\xff\xfe", b'"x"', b"[" * 100_000])
def test_what_is_no_such_document_is_refused(parse: Any, body: bytes) -> None:
    with pytest.raises((msgspec.DecodeError, UnicodeDecodeError, RecursionError)):
        parse(body, "spare")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(string.ascii_letters, max_size=10), inner, max_size=4)
    ),
    max_leaves=10,
)
FIELDS = st.sampled_from(
    [
        "alerts",
        "signals",
        "title",
        "labels",
        "status",
        "action",
        "severity",
        "payload",
        "summary",
        "source",
        "dedup_key",
    ]
)


@settings(deadline=None)
@given(
    body=st.one_of(JSON, st.dictionaries(FIELDS, JSON, max_size=6), st.lists(st.dictionaries(FIELDS, JSON), max_size=3))
)
def test_whatever_json_comes_a_source_answers_or_says_no(body: Any) -> None:
    for parse in (alertmanager.parse, pagerduty.parse, pagerduty.parse_change, generic.parse):
        try:
            parsed = parse(encode(body), "spare")
        except msgspec.DecodeError:
            continue
        assert parsed.arrivals or parsed.errors or body in ([], {}) or parse is not pagerduty.parse


def test_unknown_severities_are_not_overlooked() -> None:
    assert [severity_of(word) for word in ("page", "P3", " Warn ", "weird", None)] == [
        "critical",
        "warning",
        "warning",
        "error",
        "error",
    ]


def test_source_and_key_together_name_a_signal() -> None:
    assert key_of("a", "x") != key_of("b", "x")
    assert len(key_of("a", "x")) == 32
