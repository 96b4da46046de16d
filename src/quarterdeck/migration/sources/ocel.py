"""OCEL 2.0, object-centric event logs in JSON or XML → incidents: an object of their type and what touches it."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from quarterdeck.kernel.errors import Invalid
from quarterdeck.migration.rules.asked import COUNTED, Asked
from quarterdeck.migration.rules.cells import Cells
from quarterdeck.migration.rules.instants import reader
from quarterdeck.migration.rules.mapping import Mapping, fitted
from quarterdeck.migration.rules.objects import event_row, incident_type
from quarterdeck.migration.rules.rows import Row, incident
from quarterdeck.migration.rules.told import Rejection, Told
from quarterdeck.migration.sources.files.items import items
from quarterdeck.migration.sources.files.markup import Piece, pieces
from quarterdeck.migration.sources.files.opening import Opened, opened
from quarterdeck.migration.sources.files.spill import Spill

MOST_EVENTS = 20_000
MOST_RELATED = 1_000
_TELL = 2_000


def read(path: Path, asked: Asked) -> Iterator[Told | Rejection]:
    """Objects and events are set apart by object first, since either may come before the other."""
    mapping = asked.mapping
    assert mapping is not None
    with opened(path) as file, closing(Spill()) as spill:
        types: dict[str, int] = {}
        start = file.peek(1024).lstrip(b"\xef\xbb\xbf \t\r\n")
        found = _from_xml(file) if start.startswith(b"<") else _from_json(file)
        for done, (kind, line, one) in enumerate(found):
            if done % _TELL == 0:
                asked.progress("Reading", file.done, file.size)
            reason = _spill(spill, kind, line, one, types)
            if reason:
                yield Rejection(line, reason)
        wanted = incident_type(types, mapping.object_type)
        total = spill.keys()
        for done, (number, group) in enumerate(spill.groups()):
            if done % 200 == 0:
                asked.progress("Telling", done, total)
            yield from _told(number, group, wanted, mapping, asked)


def _spill(spill: Spill, kind: str, line: int, one: dict[str, Any], types: dict[str, int]) -> str | None:
    """Why it cannot be kept; None: it is."""
    id, type_ = one.get("id"), one.get("type")
    if not isinstance(id, str) or not isinstance(type_, str):
        return f"the {kind} has no id or no type"
    if kind == "object":
        types[type_] = types.get(type_, 0) + 1
        spill.add(id, line, {"object": one})
        return None
    related = [link for link in one.get("relationships") or () if isinstance(link, dict)]
    if len(related) > MOST_RELATED:
        return f"the event touches {len(related):,} objects; at most {MOST_RELATED:,}"
    touched = dict.fromkeys(str(link.get("objectId")) for link in related)
    if not touched:
        return "the event touches no object"
    for object_ in touched:
        spill.add(object_, line, {"event": one})
    return None


def _told(number: str, group: Any, wanted: str, mapping: Mapping, asked: Asked) -> Iterator[Told | Rejection]:
    objects = [(line, one["object"]) for line, one in group if "object" in one]
    events = [(line, one["event"]) for line, one in group if "event" in one]
    if not objects:
        yield from (Rejection(line, f"the object {number[:60]!r} is not in the file") for line, _ in events[:1])
        return
    line, object_ = objects[0]
    if object_["type"] != wanted:
        return
    yield from (Rejection(other, f"{number} stands in line {line} already") for other, _ in objects[1:])
    if not events or len(events) > MOST_EVENTS:
        yield Rejection(line, f"{number}: it has {len(events):,} events; 1 to {MOST_EVENTS:,} are wanted")
        return
    events.sort(key=lambda pair: str(pair[1].get("time", "")))
    rows: list[Row] = [(at, event_row(object_, event)) for at, event in events]
    asked.seen.rows += len(rows)
    cells = _cells(rows, mapping, asked)
    if asked.look:
        for _, row in rows:
            for name in COUNTED:
                if name in cells.columns:
                    asked.seen.count(name, row.get(cells.columns[name], "").strip())
    yield from incident(cells, number, rows)


def _cells(rows: list[Row], mapping: Mapping, asked: Asked) -> Cells:
    seen = asked.seen
    keys = sorted({key for _, row in rows for key in row})
    columns = fitted(mapping, keys)
    seen.encoding, seen.dates, seen.zone = "OCEL", mapping.dates or "Y-M-D", mapping.zone
    seen.columns = tuple(dict.fromkeys((*seen.columns, *keys)))
    seen.fitted = {**columns, **seen.fitted}
    return Cells(mapping, columns, reader(mapping.dates or "Y-M-D", mapping.zone), asked.names, seen.unmapped)


def _from_json(file: Opened) -> Iterator[tuple[str, int, dict[str, Any]]]:
    kinds = {"objects": "object", "events": "event"}
    any_ = False
    for name, line, one in items(file, kinds):
        if name not in kinds or not isinstance(one, dict):
            continue
        any_ = True
        yield kinds[name], line, one
    if not any_:
        raise Invalid("That is no OCEL.", (f"{file.name}: holds neither `objects` nor `events`",))


def _from_xml(file: Opened) -> Iterator[tuple[str, int, dict[str, Any]]]:
    """`<object>` and `<event>` outside of each other's relationships, as JSON would have them."""
    current: dict[str, Any] | None = None
    attribute: dict[str, str] = {}
    kind, began, inside = "", 0, list[str]()
    for piece in pieces(file):
        if piece.kind == "begin":
            if not inside and piece.name != "log":
                raise Invalid("That is no OCEL.", (f"{file.name}:{piece.line}: begins with <{piece.name[:40]}>",))
            if inside in (["log", "objects"], ["log", "events"]) and piece.name in ("object", "event"):
                kind, began = piece.name, piece.line
                current = {**piece.attributes, "attributes": [], "relationships": []}
            elif current is not None and piece.name == "attribute":
                attribute = dict(piece.attributes)
            elif current is not None and piece.name in ("relationship", "object"):
                _relate(current, piece)
            inside.append(piece.name)
            continue
        inside.pop()
        if current is not None and piece.name == "attribute":
            current["attributes"].append({**attribute, "value": piece.text})
        elif current is not None and len(inside) == 2 and piece.name == kind:
            yield kind, began, current
            current = None


def _relate(current: dict[str, Any], piece: Piece) -> None:
    link = piece.attributes.get("object-id") or piece.attributes.get("id")
    if link:
        current["relationships"].append({"objectId": link, "qualifier": piece.attributes.get("qualifier", "")})
