"""XES, the event logs of process mining → incidents: a trace is an incident, an event a row of its log.

Logs that Quarterdeck wrote carry its own facts (`quarterdeck:fact`) and come back as they were.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from quarterdeck.kernel.errors import Invalid
from quarterdeck.migration.rules.asked import COUNTED, Asked
from quarterdeck.migration.rules.cells import Cells
from quarterdeck.migration.rules.instants import reader
from quarterdeck.migration.rules.mapping import SYSTEM, fitted
from quarterdeck.migration.rules.native import Fact, told_natively
from quarterdeck.migration.rules.rows import Row, incident
from quarterdeck.migration.rules.told import LONGEST_NUMBER, Rejection, Told
from quarterdeck.migration.sources.files.markup import Piece, pieces
from quarterdeck.migration.sources.files.opening import opened

KINDS = ("string", "date", "int", "float", "boolean", "id")
MOST_EVENTS = 20_000
MOST_ATTRIBUTES = 500
_TELL = 200


@dataclass
class _Trace:
    """What has been read of a trace: its attributes, under `case:…`, and its events with their lines."""

    line: int
    attributes: dict[str, str] = field(default_factory=dict)
    events: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    count: int = 0


def read(path: Path, asked: Asked) -> Iterator[Told | Rejection]:
    """Trace by trace, as they come."""
    with opened(path) as file:
        asked.seen.encoding, asked.seen.dates = "XML", "Y-M-D"
        tellers = _Tellers(asked)
        for done, trace in enumerate(_traces(pieces(file), file.name)):
            if done % _TELL == 0:
                asked.progress("Reading", file.done, file.size)
            yield from tellers.told(trace)


def _traces(found: Iterator[Piece], name: str) -> Iterator[_Trace]:
    trace: _Trace | None = None
    event: dict[str, str] | None = None
    inside: list[str] = []
    for piece in found:
        if piece.kind == "end":
            inside.pop()
            if piece.name == "trace" and trace is not None and inside == ["log"]:
                yield trace
                trace = None
            elif piece.name == "event":
                event = None
            continue
        if not inside and piece.name != "log":
            raise Invalid("That is no XES.", (f"{name}:{piece.line}: it begins with <{piece.name[:40]}>, not <log>",))
        if inside == ["log"] and piece.name == "trace":
            trace = _Trace(piece.line)
        elif inside == ["log", "trace"] and piece.name == "event" and trace is not None:
            event = {}
            trace.count += 1
            if trace.count <= MOST_EVENTS:
                trace.events.append((piece.line, event))
        elif piece.name in KINDS and trace is not None:
            key, value = piece.attributes.get("key", "")[:200], piece.attributes.get("value", "")
            if inside == ["log", "trace"] and len(trace.attributes) < MOST_ATTRIBUTES:
                trace.attributes[f"case:{key}"] = value
            elif inside == ["log", "trace", "event"] and event is not None and len(event) < MOST_ATTRIBUTES:
                event[key] = value
        inside.append(piece.name)


class _Tellers:
    """Cells for each set of attributes that occurs; a log's events need not all have the same."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._cells: dict[frozenset[str], Cells] = {}
        self._any = False

    def told(self, trace: _Trace) -> Iterator[Told | Rejection]:
        seen = self._asked.seen
        seen.rows += trace.count
        if trace.count > MOST_EVENTS:
            yield Rejection(trace.line, f"the trace has {trace.count:,} events; at most {MOST_EVENTS:,}")
            return
        if trace.events and "quarterdeck:fact" in trace.events[0][1]:
            yield self._native(trace)
            return
        rows: list[Row] = [(line, {**trace.attributes, **event}) for line, event in trace.events]
        if not rows:
            yield Rejection(trace.line, "the trace has no events")
            return
        try:
            cells = self._fitting(rows)
        except Invalid as error:
            if not self._any:
                raise
            yield Rejection(trace.line, "; ".join(error.errors[:2]))
            return
        self._any = True
        if self._asked.look:
            for _, row in rows:
                for name in COUNTED:
                    if name in cells.columns:
                        seen.count(name, row.get(cells.columns[name], "").strip())
        yield from incident(cells, cells.value(rows[0][1], "number") or "", rows)

    def _fitting(self, rows: list[Row]) -> Cells:
        keys = frozenset(key for _, row in rows for key in row)
        found = self._cells.get(keys)
        if found is None:
            mapping, seen = self._asked.mapping, self._asked.seen
            assert mapping is not None
            columns = fitted(mapping, sorted(keys))
            seen.columns = tuple(dict.fromkeys((*seen.columns, *sorted(keys))))
            seen.fitted = {**columns, **seen.fitted}
            seen.zone = mapping.zone
            read_instant = reader(mapping.dates or "Y-M-D", mapping.zone)
            found = Cells(mapping, columns, read_instant, self._asked.names, seen.unmapped)
            self._cells[keys] = found
        return found

    def _native(self, trace: _Trace) -> Told | Rejection:
        source = trace.attributes.get("case:quarterdeck:source", "")
        system, _, number = source.partition(":")
        if not number or len(number) > LONGEST_NUMBER or not SYSTEM.fullmatch(system):
            return Rejection(trace.line, "quarterdeck:source is missing or no SYSTEM:NUMBER")
        facts: list[Fact] = [
            (line, event.get("quarterdeck:type", ""), event.get("quarterdeck:fact", "")) for line, event in trace.events
        ]
        return told_natively(system, number, facts, self._asked.names)
