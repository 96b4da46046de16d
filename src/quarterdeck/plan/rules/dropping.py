"""Take a procedure out of a plan's files, or make a guideline of it, and let nothing name what is gone."""

from collections.abc import Mapping
from typing import Any

from quarterdeck.kernel.errors import Refused
from quarterdeck.plan.rules import yaml_text as write
from quarterdeck.plan.rules.editing import GONE, edited
from quarterdeck.plan.rules.faults import Path
from quarterdeck.plan.rules.reading import read
from quarterdeck.plan.rules.yaml_nodes import piece_of


def without_procedure(files: Mapping[str, str], id: str) -> dict[str, str]:
    """The files without a procedure and the incident types that it alone serves; what named them names another.

    Raises `Refused` if no type would be left.
    """
    document = read(files).document
    types: dict[str, Any] = dict(document.get("types") or {})
    gone = {name for name, type in types.items() if isinstance(type, dict) and type.get("procedure") == id}
    gone |= {
        name
        for name, type in types.items()
        if isinstance(type, dict) and type.get("parent") in gone and not type.get("procedure")
    }
    kept = [name for name in types if name not in gone]
    others = [name for name in document.get("procedures") or {} if name != id]
    if not kept or not others:
        raise Refused("LastOne", "A plan needs at least one incident type with its procedure. Write another one first.")
    changes: list[tuple[Path, Any]] = [(("types", name), GONE) for name in types if name in gone]
    changes += [(("types", name, "parent"), GONE) for name in kept if types[name].get("parent") in gone]
    if (document.get("defaults") or {}).get("type") in gone:
        changes.append((("defaults", "type"), kept[0]))
    for place, route in enumerate(document.get("routing") or []):
        if isinstance(route, dict) and route.get("type") in gone:
            changes.append((("routing", place, "type"), kept[0]))
    for name, guideline in (document.get("guidelines") or {}).items():
        if isinstance(guideline, dict) and guideline.get("procedure") == id:
            changes.append((("guidelines", name, "procedure"), others[0]))
    rest = {name: text for name, text in files.items() if name != f"procedures/{id}.md"}
    if id in (read(rest).document.get("procedures") or {}):
        changes.append((("procedures", id), GONE))
    return edited(rest, changes)


def as_guideline(files: Mapping[str, str], id: str) -> dict[str, str]:
    """The same, with the procedure's text kept as a guideline that explains another."""
    document = read(files).document
    procedure = (document.get("procedures") or {}).get(id) or {}
    others = [name for name in document.get("procedures") or {} if name != id]
    rest = without_procedure(files, id)
    title, owner = str(procedure.get("title", id)), str(procedure.get("owner", document.get("owner", "")))
    front = write.block({"title": title, "owner": owner, "procedure": others[0]}, 0)
    text = procedure.get("text") or _steps_as_text(title, procedure.get("steps"))
    name = f"guidelines/{id}.md"
    while name in rest:
        name = f"{name.removesuffix('.md')}-2.md"
    return {**rest, name: f"---\n{front}\n---\n\n{text}\n"}


def without_document(files: Mapping[str, str], section: str, id: str) -> dict[str, str]:
    """The files without a policy or a guideline."""
    rest = {name: text for name, text in files.items() if name != f"{section}/{id}.md"}
    path: Path = (section, id)
    if id in (read(rest).document.get(section) or {}):
        rest = edited(rest, [(path, GONE)])
    document = read(rest).document
    return edited(rest, [(("policy",), GONE)]) if section == "policies" and document.get("policy") == id else rest


def _steps_as_text(title: str, steps: Any) -> str:
    lines = [f"# {title}", ""]
    for number, step in enumerate(steps if isinstance(steps, list) else [], 1):
        lines.append(f"{number}. {step.get('title', '') if isinstance(step, dict) else step}")
    return "\n".join(lines)


def body_of(name: str, text: str) -> str:
    """The prose of a Markdown file, without its front matter."""
    return piece_of(name, text).body
