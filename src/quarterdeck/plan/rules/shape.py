"""Faults of shape: what pydantic finds (missing, unknown, wrong type, out of bounds), said in our words and placed."""

import difflib
import json
from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from quarterdeck.plan.rules.faults import Path
from quarterdeck.plan.rules.model import Plan
from quarterdeck.plan.rules.reading import Reading

M = TypeVar("M", bound=BaseModel)
_REMEDY_MISSING = {
    "final": "name the post of the senior manager at whom the path ends, such as `final: chief-information-officer`",
    "defaults": "say what an incident is taken for at first: `type`, `impact` and `urgency`",
    "matrix": "give a severity for each impact and urgency",
    "login": "give the login of the person who holds the post",
    "approver": "name the post that approves the plan",
    "duties": "list what the role has to do",
    "authority": "list what the role may decide alone",
}


def schema() -> dict[str, Any]:
    """The JSON Schema of one plan file: any sections of the plan, none of them required, since files are joined."""
    whole = {key: value for key, value in _schema(Plan).items() if key != "required"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **whole,
        "title": "Quarterdeck plan file",
        "description": "One or more sections of an incident management plan; all files of a directory are joined.",
    }


@cache
def _schema(model: type[BaseModel]) -> dict[str, Any]:
    return model.model_json_schema()


def validate(reading: Reading) -> Plan | None:
    """The plan, or None; every fault of shape is added to the reading."""
    return validate_as(Plan, reading, _REMEDY_MISSING)


def validate_as(model: type[M], reading: Reading, remedies: Mapping[str, str]) -> M | None:
    """The document as this model, or None and every fault of shape. `remedies`: what to do where a key is missing."""
    try:
        return model.model_validate_json(json.dumps(reading.document))
    except ValidationError as error:
        for found in error.errors(include_url=False):
            _add(model, reading, found, remedies)
        return None


def _add(model: type[BaseModel], reading: Reading, found: Any, remedies: Mapping[str, str]) -> None:
    path, on_key = _path(reading.document, found["loc"])
    kind = found["type"]
    if kind == "missing" and len(path) == 1 and reading.excused(str(path[0])):
        return
    if kind == "too_short" and len(found["input"]) >= found["ctx"]["min_length"]:
        return  # pydantic counts only items without fault; theirs are told already
    problem, remedy = _words(model, kind, path, found, remedies)
    place = reading.place(path, key=on_key or kind in ("extra_forbidden", "missing"))
    if not any(f.place == place and f.path == ".".join(map(str, path)) for f in reading.faults):
        reading.fault(place, path, problem, remedy)


def _path(document: Any, loc: tuple[int | str, ...]) -> tuple[Path, bool]:
    """Pydantic's location without the names of union members, and whether the key itself is meant."""
    path: list[str | int] = []
    here = document
    for index, part in enumerate(loc):
        if part == "[key]":
            return tuple(path), True
        last = index == len(loc) - 1
        if isinstance(here, dict) and isinstance(part, str) and (part in here or (last and not _is_member(part))):
            path.append(part)
            here = here.get(part)
        elif isinstance(here, list) and isinstance(part, int) and part < len(here):
            path.append(part)
            here = here[part]
    return tuple(path), False


def _is_member(part: str) -> bool:
    return part in ("text", "by label", "str", "tuple[str, ...]")


def _words(model: type[BaseModel], kind: str, path: Path, found: Any, remedies: Mapping[str, str]) -> tuple[str, str]:
    context, value = found.get("ctx", {}), found.get("input")
    name = str(path[-1]) if path else ""
    if kind == "missing":
        return "is missing", remedies.get(name, "add it")
    if kind == "extra_forbidden":
        return "unknown key", _suggestion(model, path)
    if kind in _EXPECTED:
        return f"{_shown(value)} is not {_EXPECTED[kind]}", _how(kind, value)
    if kind == "string_pattern_mismatch":
        return f"{_shown(value)} is not written as it should be", _pattern_help(context.get("pattern", ""))
    if kind in ("greater_than_equal", "less_than_equal"):
        bound = context.get("ge", context.get("le"))
        if kind == "greater_than_equal" and "within" in name:
            return f"{value} minutes cannot be kept by anybody", f"give at least {bound}"
        return f"{value} is out of bounds", f"give {'at least' if 'ge' in context else 'at most'} {bound}"
    if kind in ("literal_error", "enum"):
        return f"{_shown(value)} is no choice here", f"choose from {context.get('expected', '')}"
    if kind in ("too_short", "string_too_short"):
        return "is empty", f"give at least {context.get('min_length', 1)}"
    if kind in ("too_long", "string_too_long"):
        return "is too long", f"keep to at most {context.get('max_length', '')}"
    if kind == "value_error":
        problem, _, remedy = str(context.get("error", "")).partition("; ")
        return f"{_shown(value)} {problem}" if problem.startswith("is ") else problem, remedy or "correct it"
    return str(found.get("msg", kind)).rstrip(".").lower(), "correct it"


_EXPECTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing": "a whole number",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "dict_type": "a map",
    "model_type": "a map",
    "model_attributes_type": "a map",
    "date_type": "a date",
    "date_parsing": "a date",
    "date_from_datetime_parsing": "a date",
    "datetime_type": "an instant",
    "datetime_parsing": "an instant",
    "datetime_from_date_parsing": "an instant",
    "timezone_aware": "an instant with its zone",
}


def _how(kind: str, value: Any) -> str:
    if kind == "string_type":
        return "put it in quotes" if isinstance(value, int | float | bool) else "write one text"
    if kind == "bool_type":
        return "write true or false without quotes"
    if kind == "tuple_type":
        return "write a list: one item a line with `- `, or `[a, b]`"
    if kind in ("dict_type", "model_type", "model_attributes_type"):
        return "write `key: value` pairs, indented"
    if kind.startswith("datetime") or kind == "timezone_aware":
        return "write it as 2026-03-02T18:00:00Z"
    if kind.startswith("date"):
        return "write it as 2026-12-25"
    return "write digits without quotes"


def _pattern_help(pattern: str) -> str:
    if "schedule|person" in pattern:
        return "write `schedule:…`, `person:…`, `team:…` or `post:…`"
    if pattern.startswith("^(declared"):
        return "write declared, detected, acknowledged, mitigated, resolved, ready, or `step:` and a step's id"
    if r"\{" in pattern:
        return "write a service's id, or a label in braces such as `{service}`"
    if r"\d" in pattern:
        return "write a time such as 17:00"
    if "A-Z" in pattern:
        return "write the name of a label, such as `alertname`"
    return "use lower case letters, digits and `-`, and begin with a letter"


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a map"
    if isinstance(value, list | tuple):
        return "a list"
    return json.dumps(value, ensure_ascii=False)[:60]


def _suggestion(model: type[BaseModel], path: Path) -> str:
    known = _known_keys(_schema(model), path[:-1])
    near = difflib.get_close_matches(str(path[-1]), known, 1)
    if near:
        return f"did you mean `{near[0]}`? Otherwise remove it"
    return f"remove it, or use one of {', '.join(sorted(known))}" if known else "remove it"


def _known_keys(whole: dict[str, Any], path: Path) -> list[str]:
    """The keys that the schema has at a path."""
    nodes = [whole]
    for part in path:
        nodes = [step for node in nodes for step in _step(whole, node, part)]
    return [key for node in nodes for key in _resolved(whole, node).get("properties", {})]


def _step(whole: dict[str, Any], node: dict[str, Any], part: str | int) -> list[dict[str, Any]]:
    node = _resolved(whole, node)
    found = [node["items"]] if isinstance(part, int) and isinstance(node.get("items"), dict) else []
    if isinstance(part, str):
        inner = node.get("properties", {}).get(part) or next(iter(node.get("patternProperties", {}).values()), None)
        inner = inner or node.get("additionalProperties")
        found += [inner] if isinstance(inner, dict) else []
    return [choice for one in found for choice in (one.get("anyOf") or one.get("oneOf") or [one])]


def _resolved(whole: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in node:
        node = whole["$defs"][node["$ref"].rpartition("/")[2]]
    return node
