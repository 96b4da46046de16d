"""PagerDuty Events API v2: alert events (`/v2/enqueue`) and change events (`/v2/change/enqueue`)."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from quarterdeck.intake.events import Link
from quarterdeck.intake.rules import (
    SEVERITIES,
    Action,
    Arrival,
    Parsed,
    clean,
    clean_body,
    clean_labels,
    clean_links,
    key_of,
    scalars,
)

NAME = "pagerduty"
_ACTIONS: dict[str, Action] = {"trigger": "raise", "acknowledge": "acknowledge", "resolve": "resolve"}
_LONGEST_KEY = 255


class _Payload(msgspec.Struct):
    summary: Any = None
    source: Any = None
    severity: Any = None
    timestamp: Any = None
    component: Any = None
    group: Any = None
    class_: Any = msgspec.field(name="class", default=None)
    custom_details: msgspec.Raw = msgspec.Raw(b"")


class _Event(msgspec.Struct):
    routing_key: Any = None
    event_action: Any = None
    dedup_key: Any = None
    payload: _Payload | None = None
    links: Any = None
    client: Any = None
    client_url: Any = None


_decoder = msgspec.json.Decoder(_Event)


def parse(body: bytes, spare_key: str) -> Parsed:
    """`spare_key` becomes the dedup_key of a trigger that has none. Raises `msgspec.DecodeError` if it is no event."""
    event = _decoder.decode(body)
    errors: list[str] = []
    routing_key = _required(event.routing_key, "routing_key", errors)
    action = _ACTIONS.get(event.event_action) if isinstance(event.event_action, str) else None
    if action is None:
        errors.append("'event_action' is missing or is none of trigger, acknowledge, resolve")
    dedup_key = _dedup_key(event.dedup_key, action, spare_key, errors)
    parsed = Parsed(errors=errors, routing_key=routing_key)
    if action == "raise":
        payload = event.payload or _Payload()
        title = _required(payload.summary, "payload.summary", errors)
        _required(payload.source, "payload.source", errors)
        if payload.severity not in SEVERITIES:
            errors.append(f"'payload.severity' is missing or is none of {', '.join(SEVERITIES)}")
        if not errors:
            parsed.arrivals.append(_raised(event, payload, title, dedup_key))
    elif action is not None and not errors:
        parsed.arrivals.append(Arrival(action=action, source=NAME, dedup_key=dedup_key, key=key_of(NAME, dedup_key)))
    return parsed


def parse_change(body: bytes, spare_key: str) -> Parsed:
    """A change event. Raises `msgspec.DecodeError` if it is none."""
    event = _decoder.decode(body)
    errors: list[str] = []
    routing_key = _required(event.routing_key, "routing_key", errors)
    payload = event.payload or _Payload()
    title = _required(payload.summary, "payload.summary", errors)
    parsed = Parsed(errors=errors, routing_key=routing_key)
    if not errors:
        parsed.arrivals.append(
            Arrival(
                action="change",
                source=clean(payload.source, 255) if isinstance(payload.source, str) and payload.source else NAME,
                dedup_key=spare_key,
                key=key_of(NAME, spare_key),
                title=clean(title),
                links=clean_links(_links(event)),
                body=clean_body(payload.custom_details),
                started_at=_instant(payload.timestamp),
            )
        )
    return parsed


def _raised(event: _Event, payload: _Payload, title: str, dedup_key: str) -> Arrival:
    labels: dict[str, str] = {}
    details = payload.custom_details
    if details:
        labels.update(scalars(msgspec.json.decode(details)))
    for name in ("source", "severity", "component", "group"):
        _label(labels, name, getattr(payload, name))
    _label(labels, "class", payload.class_)
    _label(labels, "client", event.client)
    return Arrival(
        action="raise",
        source=NAME,
        dedup_key=dedup_key,
        key=key_of(NAME, dedup_key),
        title=clean(title),
        severity=payload.severity,
        labels=clean_labels(labels),
        links=clean_links(_links(event)),
        body=clean_body(details),
        started_at=_instant(payload.timestamp),
    )


def _dedup_key(given: Any, action: str | None, spare_key: str, errors: list[str]) -> str:
    if given is None or given == "":
        if action in ("acknowledge", "resolve"):
            errors.append(f"'dedup_key' is missing or blank; {action} needs that of the trigger")
        return spare_key
    if not isinstance(given, str) or len(given) > _LONGEST_KEY:
        errors.append(f"'dedup_key' must be text of at most {_LONGEST_KEY} characters")
        return spare_key
    return clean(given, _LONGEST_KEY)


def _required(value: Any, name: str, errors: list[str]) -> str:
    if isinstance(value, str) and value.strip():
        return value
    errors.append(f"'{name}' is missing or blank")
    return ""


def _label(labels: dict[str, str], name: str, value: Any) -> None:
    if isinstance(value, str) and value:
        labels[name] = value


def _links(event: _Event) -> list[Link]:
    links = []
    if isinstance(event.links, list):
        for link in event.links:
            if isinstance(link, dict) and isinstance(link.get("href"), str):
                text = link.get("text")
                links.append(Link(link["href"], text if isinstance(text, str) else ""))
    if isinstance(event.client_url, str):
        links.append(Link(event.client_url, event.client if isinstance(event.client, str) else "Client"))
    return links


def _instant(value: Any) -> datetime | None:
    try:
        found: datetime = msgspec.convert(value, datetime, strict=False)
    except (msgspec.ValidationError, OverflowError):
        return None
    if found.tzinfo is None or not 1970 <= found.year <= 9000:
        return None
    return found.astimezone(UTC)
