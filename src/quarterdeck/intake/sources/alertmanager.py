"""Prometheus Alertmanager's webhook (version 4): one arrival per alert in the notification."""

from datetime import UTC, datetime

import msgspec

from quarterdeck.intake.events import Link
from quarterdeck.intake.rules import Arrival, Parsed, clean, clean_body, clean_labels, clean_links, key_of, severity_of

NAME = "alertmanager"


class _Alert(msgspec.Struct):
    labels: dict[str, str]
    status: str = "firing"
    annotations: dict[str, str] = {}
    startsAt: str = ""
    generatorURL: str = ""
    fingerprint: str = ""


class _Notification(msgspec.Struct):
    alerts: list[_Alert]
    externalURL: str = ""


class _Loose(msgspec.Struct):
    alerts: list[msgspec.Raw]
    externalURL: str = ""


_whole = msgspec.json.Decoder(_Notification)
_loose = msgspec.json.Decoder(_Loose)
_alert = msgspec.json.Decoder(_Alert)
_encoder = msgspec.json.Encoder()


def parse(body: bytes, spare_key: str) -> Parsed:
    """Faulty alerts are listed, the others kept. Raises `msgspec.DecodeError` if there is no list of alerts at all."""
    try:
        note = _whole.decode(body)
    except msgspec.ValidationError:
        return _one_by_one(body)
    parsed = Parsed()
    for index, alert in enumerate(note.alerts):
        _read(parsed, index, alert, note.externalURL)
    return parsed


def _one_by_one(body: bytes) -> Parsed:
    loose = _loose.decode(body)
    parsed = Parsed()
    for index, raw in enumerate(loose.alerts):
        try:
            alert = _alert.decode(raw)
        except msgspec.ValidationError as error:
            parsed.errors.append(f"alerts[{index}]: {error}")
        else:
            _read(parsed, index, alert, loose.externalURL)
    return parsed


def _read(parsed: Parsed, index: int, alert: _Alert, external_url: str) -> None:
    if alert.status not in ("firing", "resolved"):
        parsed.errors.append(f"alerts[{index}].status: is {clean(alert.status, 40)!r}; it must be firing or resolved")
        return
    if not alert.labels:
        parsed.errors.append(f"alerts[{index}].labels: is empty; an alert is known by its labels")
        return
    labels, notes = alert.labels, alert.annotations
    dedup_key = clean(alert.fingerprint, 64) or key_of(NAME, _encoder.encode(sorted(labels.items())).decode())
    if alert.status == "resolved":
        parsed.arrivals.append(Arrival(action="resolve", source=NAME, dedup_key=dedup_key, key=key_of(NAME, dedup_key)))
        return
    name = labels.get("alertname", "")
    links = [Link(alert.generatorURL, "Source"), Link(external_url, "Alertmanager")]
    links[:0] = [Link(notes[word], text) for word, text in _LINKS if word in notes]
    parsed.arrivals.append(
        Arrival(
            action="raise",
            source=NAME,
            dedup_key=dedup_key,
            key=key_of(NAME, dedup_key),
            title=clean(notes.get("summary") or notes.get("title") or name or next(iter(labels.values())) or "Alert"),
            severity=severity_of(labels.get("severity")),
            labels=clean_labels(labels),
            links=clean_links(links),
            body=clean_body(_encoder.encode(notes)) if notes else "",
            started_at=_instant(alert.startsAt),
        )
    )


_LINKS = (("runbook_url", "Runbook"), ("dashboard_url", "Dashboard"))


def _instant(text: str) -> datetime | None:
    try:
        found: datetime = msgspec.convert(text, datetime)
    except msgspec.ValidationError:
        return None
    if found.tzinfo is None or not 1970 <= found.year <= 9000:
        return None
    return found.astimezone(UTC)
