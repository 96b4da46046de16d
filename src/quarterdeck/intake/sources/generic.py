"""Our own plain JSON: one signal, a list of signals, or `{"signals": [...]}`."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from quarterdeck.intake.events import Link
from quarterdeck.intake.rules import (
    Action,
    Arrival,
    Parsed,
    clean,
    clean_body,
    clean_labels,
    clean_links,
    key_of,
    scalars,
    severity_of,
)

NAME = "generic"
_ACTIONS: dict[str, Action] = {
    "raise": "raise",
    "trigger": "raise",
    "firing": "raise",
    "acknowledge": "acknowledge",
    "acknowledged": "acknowledge",
    "resolve": "resolve",
    "resolved": "resolve",
    "change": "change",
}
_LONGEST_KEY = 255


class _Signal(msgspec.Struct):
    title: str = ""
    action: str = ""
    status: str = ""
    severity: str = "error"
    dedup_key: str = ""
    service: str = ""
    labels: dict[str, str] = {}
    links: list[str | Link] = []
    details: msgspec.Raw = msgspec.Raw(b"")
    started_at: str = ""


class _Many(msgspec.Struct):
    signals: list[msgspec.Raw]


_one = msgspec.json.Decoder(_Signal)
_list = msgspec.json.Decoder(list[msgspec.Raw])
_many = msgspec.json.Decoder(_Many)


def parse(body: bytes, spare_key: str) -> Parsed:
    """Faulty signals are listed, the others kept. Raises `msgspec.DecodeError` if it is no object or list."""
    parsed = Parsed()
    if body.lstrip()[:1] == b"[":
        raws = _list.decode(body)
    else:
        try:
            raws = _many.decode(body).signals
        except msgspec.ValidationError:
            _read(parsed, "", _one.decode(body), spare_key)
            return parsed
    for index, raw in enumerate(raws):
        path = f"signals[{index}]"
        try:
            _read(parsed, f"{path}.", _one.decode(raw), f"{spare_key}-{index}")
        except msgspec.ValidationError as error:
            parsed.errors.append(f"{path}: {error}")
    return parsed


def _read(parsed: Parsed, path: str, signal: _Signal, spare_key: str) -> None:
    errors = parsed.errors
    word = signal.action or signal.status or "raise"
    action = _ACTIONS.get(word.lower())
    before = len(errors)
    if action is None:
        errors.append(f"{path}action: is {clean(word, 40)!r}; it must be raise, acknowledge, resolve or change")
    if action in ("raise", "change") and not signal.title.strip():
        errors.append(f"{path}title: is missing; say in one line what is wrong")
    if action in ("acknowledge", "resolve") and not signal.dedup_key:
        errors.append(f"{path}dedup_key: is missing; {action} needs that of the signal")
    if len(signal.dedup_key) > _LONGEST_KEY:
        errors.append(f"{path}dedup_key: is longer than {_LONGEST_KEY} characters")
    if len(errors) > before or action is None:
        return
    dedup_key = clean(signal.dedup_key, _LONGEST_KEY) or spare_key
    if action in ("acknowledge", "resolve"):
        parsed.arrivals.append(Arrival(action=action, source=NAME, dedup_key=dedup_key, key=key_of(NAME, dedup_key)))
        return
    labels = scalars(msgspec.json.decode(signal.details)) if signal.details else {}
    labels |= signal.labels
    if signal.service:
        labels["service"] = signal.service
    severity = severity_of(signal.severity)
    labels.setdefault("severity", severity)
    parsed.arrivals.append(
        Arrival(
            action=action,
            source=NAME,
            dedup_key=dedup_key,
            key=key_of(NAME, dedup_key),
            title=clean(signal.title),
            severity=severity,
            labels=clean_labels(labels),
            links=clean_links([Link(link) if isinstance(link, str) else link for link in signal.links]),
            body=clean_body(signal.details),
            started_at=_instant(signal.started_at),
        )
    )


def _instant(value: Any) -> datetime | None:
    try:
        found: datetime = msgspec.convert(value, datetime)
    except msgspec.ValidationError:
        return None
    if found.tzinfo is None or not 1970 <= found.year <= 9000:
        return None
    return found.astimezone(UTC)
