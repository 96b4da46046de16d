"""Makes a fossil of every event shape that has none yet: `python -m tests.house.fossilise`.

An event, once recorded, is there for ever; so every shape ever shipped keeps one sample in tests/house/fossils and
a test proves that it still loads. Run this after adding an event type, or a field (which needs a default), and commit
what it writes. Never change or delete a fossil to please the test: change the event instead.
"""

import json
from pathlib import Path
from typing import Any

import msgspec
from msgspec import inspect

from quarterdeck.app import wiring
from quarterdeck.kernel.events import Event, type_name

FOSSILS = Path(__file__).parent / "fossils"


def shipped() -> dict[str, type[Event]]:
    """Every event type of the house under its stored name."""
    return {type_name(event): event for event in wiring.house().events}


def fossils() -> list[Path]:
    return sorted(FOSSILS.glob("*.json"))


def type_of(fossil: Path) -> str:
    """`command.IncidentDeclared.1.json` is a fossil of `command.IncidentDeclared`."""
    return fossil.name.rsplit(".", 2)[0]


def shape(document: Any) -> Any:
    """What counts as a shape: the names of the fields, at every depth."""
    if isinstance(document, dict):
        return {name: shape(value) for name, value in document.items()}
    if isinstance(document, list):
        return [shape(value) for value in document[:1]]
    return None


def sample(event: type[Event]) -> dict[str, Any]:
    """One event of the type with every field filled in, as it would be stored."""
    stored: dict[str, Any] = _sample(inspect.type_info(event), "")
    return stored


def _sample(kind: inspect.Type, name: str) -> Any:
    match kind:
        case inspect.DateTimeType():
            return "2026-03-02T09:00:00Z"
        case inspect.DateType():
            return "2026-03-02"
        case inspect.BoolType():
            return True
        case inspect.IntType():
            return 7
        case inspect.FloatType():
            return 1.5
        case inspect.StrType() | inspect.AnyType():
            return f"some {name.replace('_', ' ')}".strip()
        case inspect.LiteralType(values):
            return values[0]
        case inspect.EnumType(cls):
            return next(iter(cls)).value
        case inspect.UnionType(types):
            return _sample(next(each for each in types if not isinstance(each, inspect.NoneType)), name)
        case inspect.NoneType():
            return None
        case inspect.ListType(item_type=item) | inspect.VarTupleType(item_type=item) | inspect.SetType(item_type=item):
            return [_sample(item, name)]
        case inspect.FrozenSetType(item_type=item):
            return [_sample(item, name)]
        case inspect.TupleType(item_types):
            return [_sample(item, name) for item in item_types]
        case inspect.DictType(key_type, value_type):
            return {str(_sample(key_type, name)): _sample(value_type, name)}
        case inspect.StructType(fields=fields, tag_field=tag_field, tag=tag):
            tagged = {tag_field: tag} if tag_field else {}
            return tagged | {field.encode_name: _sample(field.type, field.name) for field in fields}
        case inspect.DataclassType(fields=fields) | inspect.TypedDictType(fields=fields):
            return {field.encode_name: _sample(field.type, field.name) for field in fields}
    raise TypeError(f"{name}: events are made of plain values, not of {kind}")


def missing() -> dict[str, dict[str, Any]]:
    """Samples of the shapes that have no fossil yet, by type."""
    known: dict[str, list[Any]] = {}
    for fossil in fossils():
        known.setdefault(type_of(fossil), []).append(shape(json.loads(fossil.read_text())))
    samples = {name: sample(event) for name, event in shipped().items()}
    return {name: document for name, document in samples.items() if shape(document) not in known.get(name, [])}


def add_missing() -> list[Path]:
    FOSSILS.mkdir(exist_ok=True)
    added = []
    for name, document in missing().items():
        msgspec.json.decode(json.dumps(document), type=shipped()[name])  # a sample that does not load is no fossil
        number = 1 + sum(type_of(fossil) == name for fossil in fossils())
        path = FOSSILS / f"{name}.{number}.json"
        path.write_text(json.dumps(document, indent=2) + "\n")
        added.append(path)
    return added


if __name__ == "__main__":
    for path in add_missing():
        print(f"added {path.name}")
