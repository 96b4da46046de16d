"""OCEL 2.0 as JSON: incidents, people, teams and services are objects, each fact an event that touches them. Pure."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec

from quarterdeck.migration.rules.writing.kept import Kept, iso, shown

_BEGINNING = "1970-01-01T00:00:00Z"
_TYPES = {
    "Incident": ("title", "severity", "type", "service", "state", "source"),
    "Person": (),
    "Team": (),
    "Service": (),
}


def ocel(incidents: Callable[[], Iterable[Kept]]) -> Iterator[str]:
    """Read through twice: once for the objects, once for the events."""
    yield '{"objectTypes":'
    yield _json([{"name": name, "attributes": _declared(fields)} for name, fields in _TYPES.items()])
    yield ',\n"objects":['
    kinds: set[str] = set()
    others: set[tuple[str, str]] = set()
    yield from _joined(_objects(incidents(), kinds, others))
    yield '],\n"eventTypes":'
    yield _json([{"name": name, "attributes": _declared(("by", "severity", "stage"))} for name in sorted(kinds)])
    yield ',\n"events":['
    yield from _joined(_events(incidents()))
    yield "]}\n"


def _declared(fields: Iterable[str]) -> list[dict[str, str]]:
    return [{"name": name, "type": "string"} for name in fields]


def _objects(incidents: Iterable[Kept], kinds: set[str], others: set[tuple[str, str]]) -> Iterator[dict[str, Any]]:
    for one in incidents:
        row = one.row
        facts = {name: getattr(row, name) for name in ("title", "severity", "type", "service", "state")}
        facts["source"] = one.source
        attributes = [
            {"name": name, "time": _BEGINNING, "value": str(value)}
            for name, value in facts.items()
            if value is not None
        ]
        yield {"id": one.source, "type": "Incident", "attributes": attributes, "relationships": []}
        for fact in one.facts:
            kinds.add(fact.name)
            for link in _links(one, fact.data, fact.by):
                kind, _, name = link["objectId"].partition(":")
                if kind in ("Person", "Team", "Service") and (kind, name) not in others:
                    others.add((kind, name))
                    yield {"id": link["objectId"], "type": kind, "attributes": [], "relationships": []}


def _events(incidents: Iterable[Kept]) -> Iterator[dict[str, Any]]:
    for one in incidents:
        for index, fact in enumerate(one.facts, 1):
            said = {"by": shown(fact.by), "severity": fact.data.get("severity"), "stage": fact.data.get("stage")}
            links = _links(one, fact.data, fact.by)
            yield {
                "id": f"{one.source}/{index}",
                "type": fact.name,
                "time": iso(fact.at),
                "attributes": [{"name": name, "value": value} for name, value in said.items() if value],
                "relationships": [{"objectId": one.source, "qualifier": "incident"}, *links],
            }


def _links(one: Kept, data: Any, by: str) -> list[dict[str, str]]:
    found = [("Person", shown(by), "by"), ("Person", shown(str(data.get("person") or "")), "person")]
    found += [("Team", str(data.get("team") or ""), "team"), ("Service", str(data.get("service") or ""), "service")]
    return [{"objectId": f"{kind}:{name}", "qualifier": qualifier} for kind, name, qualifier in found if name]


def _joined(found: Iterable[dict[str, Any]]) -> Iterator[str]:
    first = True
    for one in found:
        yield ("" if first else ",") + "\n" + _json(one)
        first = False


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
