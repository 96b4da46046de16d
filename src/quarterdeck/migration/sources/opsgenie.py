"""Alerts and incidents of Opsgenie, as its API gives them, with `logs` and `notes` where they were put in → incidents.

A file, or a folder of files: `{"data": […]}`, lists, or an object a line. Without logs the report's times to
acknowledge and to close, in milliseconds, say when.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.time import Instant
from quarterdeck.migration.rules.asked import Asked
from quarterdeck.migration.rules.documents import each, inside, instant, needed, text, words
from quarterdeck.migration.rules.paged import Entry, Paged, What, told_by_pager
from quarterdeck.migration.rules.told import Rejection, Told
from quarterdeck.migration.sources.files.items import items
from quarterdeck.migration.sources.files.opening import opened

_PRIORITIES = {f"P{n}": f"SEV{n}" for n in range(1, 6)}
_LOGS: tuple[tuple[re.Pattern[str], What], ...] = (
    (re.compile(r"\bunacknowledged\b|\bun-acknowledged\b", re.I), "noted"),
    (re.compile(r"\backnowledged\b", re.I), "acknowledged"),
    (re.compile(r"\b(closed|resolved)\b", re.I), "resolved"),
    (re.compile(r"\breopened\b", re.I), "reopened"),
)
_OWNER = re.compile(r"(?:ownership|assigned|owner)[^\[]{0,60}\[([^\]]{1,200})\]", re.I)
_YEARS = timedelta(days=36_600) / timedelta(milliseconds=1)


def read(path: Path, asked: Asked) -> Iterator[Told | Rejection]:
    files = sorted(path.rglob("*.json*")) if path.is_dir() else [path]
    if not files:
        raise Invalid("There is nothing to bring in.", (f"{path.name}: holds no JSON file",))
    for one in files:
        yield from _file(one, asked)


def _file(path: Path, asked: Asked) -> Iterator[Told | Rejection]:
    with opened(path) as file:
        for _, line, one in items(file, ("data", "alerts", "incidents")):
            asked.progress("Reading", file.done, file.size)
            asked.seen.rows += 1
            if isinstance(one, dict) and isinstance(one.get("data"), dict):
                one = one["data"]
            if not isinstance(one, dict):
                yield Rejection(line, f"{file.name}: it is no object")
                continue
            try:
                yield told_by_pager(_paged(line, one), asked.names)
            except ValueError as error:
                yield Rejection(line, f"{file.name}: {text(one, 'id', 'tinyId')}: {error}")


def _paged(line: int, one: Mapping[str, Any]) -> Paged:
    opened_at, report = needed(one, "createdAt"), inside(one, "report")
    over, priority = text(one, "status") in ("closed", "resolved"), text(one, "priority")
    entries = [entry for log in each(one, "logs") for entry in _entries(log)]
    entries += [
        Entry(needed(note, "createdAt"), "noted", text(note, "owner"), text=text(note, "note"))
        for note in each(one, "notes")
    ]
    if (over_at := instant(one, "impactEndDate")) is not None:
        entries.append(Entry(over_at, "mitigated"))
    owner = text(one, "owner")
    if owner and not any(entry.what == "assigned" for entry in entries):
        entries.append(Entry(_after(opened_at, report, "ackTime") or opened_at, "assigned", whom=owner))
    ended = _after(opened_at, report, "closeTime") or instant(one, "closedAt", "resolvedAt", "updatedAt")
    return Paged(
        system="opsgenie",
        number=text(one, "id", "tinyId"),  # alerts and incidents each count their tiny ids, and begin anew
        line=line,
        title=text(one, "message"),
        opened=opened_at,
        severity=_PRIORITIES.get(priority, "SEV3"),
        grade=priority,
        opened_by=text(one, "source"),
        service=next(iter(words(one, "impactedServices")), "") or text(one, "entity"),
        teams=[team for team in (text(one, "ownerTeam"), *words(one, "teams")) if team],
        summary=text(one, "description"),
        entries=entries,
        impact_started=instant(one, "impactStartDate"),
        acknowledged=_after(opened_at, report, "ackTime"),
        acknowledged_by=text(report, "acknowledgedBy"),
        ended=ended if over else None,
        ended_by=text(report, "closedBy"),
    )


def _after(opened_at: Instant, report: Mapping[str, Any], name: str) -> Instant | None:
    """An instant from a report's milliseconds since the alert was made."""
    value = report.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < _YEARS:
        return None
    return opened_at + timedelta(milliseconds=value)


def _entries(log: Mapping[str, Any]) -> Iterator[Entry]:
    at, said, by = needed(log, "createdAt"), text(log, "log"), text(log, "owner")
    if owner := _OWNER.search(said):
        yield Entry(at, "assigned", by, owner[1])
        return
    found: What = next((what for pattern, what in _LOGS if pattern.search(said)), "noted")
    yield Entry(at, found, by, text=said)
