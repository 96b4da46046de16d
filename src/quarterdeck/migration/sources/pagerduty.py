"""Incidents and log entries of PagerDuty, as its REST API gives them → incidents with who was paged and who answered.

A file, or a folder of files (the pages of an export): `{"incidents": […]}`, `{"log_entries": […]}`, lists, or an object
a line; an incident may hold its own `log_entries`.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from quarterdeck.kernel.errors import Invalid
from quarterdeck.migration.rules.asked import Asked
from quarterdeck.migration.rules.documents import each, inside, instant, needed, text, words
from quarterdeck.migration.rules.paged import Entry, Paged, What, told_by_pager
from quarterdeck.migration.rules.told import Rejection, Told
from quarterdeck.migration.sources.files.items import items
from quarterdeck.migration.sources.files.opening import opened
from quarterdeck.migration.sources.files.spill import Spill

MOST_ENTRIES = 20_000
_PRIORITIES = {f"p{n}": f"SEV{n}" for n in range(1, 6)} | {f"sev{n}": f"SEV{n}" for n in range(1, 6)}
_URGENCIES = {"high": "SEV2", "low": "SEV4"}
_ENTRIES: dict[str, What] = {
    "acknowledge": "acknowledged",
    "assign": "assigned",
    "delegate": "assigned",
    "escalate": "assigned",
    "notify": "paged",
    "annotate": "noted",
    "resolve": "resolved",
    "reopen": "reopened",
}


def read(path: Path, asked: Asked) -> Iterator[Told | Rejection]:
    files = sorted(path.rglob("*.json*")) if path.is_dir() else [path]
    if not files:
        raise Invalid("There is nothing to bring in.", (f"{path.name}: holds no JSON file",))
    with closing(Spill()) as spill:
        for file in files:
            yield from _into(spill, file, asked)
        total = spill.keys()
        for done, (id, group) in enumerate(spill.groups()):
            if done % 200 == 0:
                asked.progress("Telling", done, total)
            yield from _told(id, group, asked)


def _into(spill: Spill, path: Path, asked: Asked) -> Iterator[Rejection]:
    with opened(path) as file:
        for name, line, one in items(file, ("incidents", "log_entries")):
            asked.progress("Reading", file.done, file.size)
            asked.seen.rows += 1
            if not isinstance(one, dict):
                yield Rejection(line, f"{file.name}: it is no object")
                continue
            entry = name == "log_entries" or text(one, "type").endswith("_log_entry")
            id = text(inside(one, "incident"), "id") if entry else text(one, "id")
            if not id:
                yield Rejection(line, f"{file.name}: {'the log entry names no incident' if entry else 'it has no id'}")
                continue
            spill.add(id, line, {"entry" if entry else "incident": one})


def _told(id: str, group: Any, asked: Asked) -> Iterator[Told | Rejection]:
    found = [(line, one["incident"]) for line, one in group if "incident" in one]
    entries = [one["entry"] for _, one in group if "entry" in one]
    if not found:
        yield Rejection(group[0][0], f"{id[:60]}: {len(entries)} log entries, but the incident itself is not there")
        return
    line, incident = found[0]
    for again, other in found[1:]:
        if other != incident:
            yield Rejection(again, f"{id[:60]} stands in line {line} already; this one is left out")
    try:
        entries += each(incident, "log_entries")
        if len(entries) > MOST_ENTRIES:
            raise ValueError(f"{len(entries):,} log entries; at most {MOST_ENTRIES:,}")
        yield told_by_pager(_paged(line, incident, entries), asked.names)
    except ValueError as error:
        yield Rejection(line, f"{id[:60]}: {error}")


def _paged(line: int, one: Mapping[str, Any], entries: list[Mapping[str, Any]]) -> Paged:
    urgency, priority = text(one, "urgency"), text(inside(one, "priority"), "summary", "name")
    acknowledgements = [needed(ack, "at") for ack in each(one, "acknowledgements")]
    over = text(one, "status") == "resolved"
    triggered = next((entry for entry in entries if _kind(entry) == "trigger"), {})
    return Paged(
        system="pagerduty",
        number=text(one, "incident_number", "id"),
        line=line,
        title=text(one, "title", "summary", "description"),
        opened=needed(one, "created_at"),
        severity=_PRIORITIES.get(priority.lower(), _URGENCIES.get(urgency, "SEV3")),
        grade=priority,
        urgency=urgency,
        opened_by=text(inside(triggered, "agent"), "summary"),
        service=text(inside(one, "service"), "summary", "name"),
        teams=words(one, "teams"),
        entries=[entry for each_ in entries for entry in _entries(each_)] + _notes(one, entries),
        acknowledged=min(acknowledgements, default=None),
        ended=instant(one, "resolved_at", "last_status_change_at") if over else None,
        ended_by=text(inside(one, "last_status_change_by"), "summary") if over else "",
        merged_into=_merged_into(inside(one, "resolve_reason")),
    )


def _merged_into(reason: Mapping[str, Any]) -> str:
    if text(reason, "type") != "merge_resolve_reason":
        return ""
    return text(inside(reason, "incident"), "summary", "id") or "another incident"


def _notes(one: Mapping[str, Any], entries: Sequence[Mapping[str, Any]]) -> list[Entry]:
    """Of `/incidents/ID/notes`, if they were put in and the log does not hold them already."""
    if any(_kind(entry) == "annotate" for entry in entries):
        return []
    return [
        Entry(needed(note, "created_at"), "noted", text(inside(note, "user"), "summary"), text=text(note, "content"))
        for note in each(one, "notes")
    ]


def _kind(entry: Mapping[str, Any]) -> str:
    return text(entry, "type").removesuffix("_reference").removesuffix("_log_entry")


def _entries(entry: Mapping[str, Any]) -> Iterator[Entry]:
    kind, at = _kind(entry), needed(entry, "created_at")
    what, by = _ENTRIES.get(kind, "stage"), text(inside(entry, "agent"), "summary")
    channel = inside(entry, "channel")
    if kind == "trigger":
        return
    if what == "assigned":
        if kind == "escalate":
            yield Entry(at, "stage", by, text="escalated")
        yield from (Entry(at, what, by, whom) for whom in words(entry, "assignees")[:1])
    elif what == "paged":
        how = text(inside(channel, "notification"), "type") or text(channel, "type")
        yield Entry(at, what, by, text(inside(entry, "user"), "summary"), how)
    elif what == "noted":
        yield Entry(
            at, what, by, text=text(entry, "note") or text(channel, "content", "summary") or text(entry, "summary")
        )
    else:
        yield Entry(at, what, by, text=kind.replace("_", " "))
