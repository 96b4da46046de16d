"""Dead references: names that lead nowhere. Works on the document as read, so that faults of shape hide none."""

import difflib
from collections.abc import Iterator
from typing import Any

from quarterdeck.plan.rules.faults import Path
from quarterdeck.plan.rules.reading import Reading

_REFERENCES: tuple[tuple[str, str], ...] = (
    ("owner", "posts"),
    ("approver", "posts"),
    ("commander", "roles"),
    ("defaults.type", "types"),
    ("defaults.impact", "severity.impact"),
    ("defaults.urgency", "severity.urgency"),
    ("roles.*.filled_by", "post:"),
    ("roles.*.deputies.*", "posts"),
    ("severity.matrix.*.*", "severity.levels"),
    ("severity.levels.*.escalation", "escalation"),
    ("severity.levels.*.review.facilitator", "posts"),
    ("types.*.parent", "types"),
    ("types.*.severity_floor", "severity.levels"),
    ("types.*.procedure", "procedures"),
    ("types.*.escalation", "escalation"),
    ("types.*.commander_post", "posts"),
    ("procedures.*.owner", "posts"),
    ("procedures.*.steps.*.role", "roles"),
    ("procedures.*.steps.*.on_severity.*", "severity.levels"),
    ("escalation.*.levels.*.notify.*", "post:"),
    ("escalation.*.final", "posts"),
    ("routing.*.type", "types"),
    ("routing.*.impact", "severity.impact"),
    ("routing.*.impact.values.*", "severity.impact"),
    ("routing.*.impact.otherwise", "severity.impact"),
    ("routing.*.urgency", "severity.urgency"),
    ("routing.*.urgency.values.*", "severity.urgency"),
    ("routing.*.urgency.otherwise", "severity.urgency"),
    ("policy", "policies"),
    ("serves.*", "objectives"),
    ("policies.*.owner", "posts"),
    ("policies.*.approver", "posts"),
    ("policies.*.serves.*", "objectives"),
    ("guidelines.*.owner", "posts"),
    ("guidelines.*.approver", "posts"),
    ("guidelines.*.procedure", "procedures"),
    ("guidelines.*.serves.*", "objectives"),
    ("procedures.*.approver", "posts"),
    ("procedures.*.serves.*", "objectives"),
    ("objectives.*.owner", "posts"),
    ("measures.*.owner", "posts"),
    ("measures.*.objective", "objectives"),
    ("measures.*.severities.*", "severity.levels"),
    ("measures.*.types.*", "types"),
    ("communication.audiences.*.by", "roles"),
    ("communication.audiences.*.approver", "roles"),
    ("communication.audiences.*.to.*", "post:"),
    ("communication.elevation.*.by", "roles"),
    ("communication.elevation.*.to.*", "posts"),
    ("communication.elevation.*.severities.*", "severity.levels"),
    ("communication.status_page.audience", "communication.audiences"),
)
_ONE_OF = {
    "posts": "post",
    "roles": "role",
    "types": "incident type",
    "procedures": "procedure",
    "escalation": "escalation path",
    "policies": "policy",
    "objectives": "objective",
    "severity.levels": "severity level",
    "severity.impact": "impact",
    "severity.urgency": "urgency",
    "communication.audiences": "audience",
}


def find(document: Any, pattern: str) -> Iterator[tuple[Path, Any]]:
    """All values of the document whose path fits `types.*.parent`; what has another shape is passed over."""
    found: list[tuple[Path, Any]] = [((), document)]
    for part in pattern.split("."):
        found = [
            ((*path, key), value)
            for path, node in found
            for key, value in (
                node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
            )
            if part in ("*", key)
        ]
    yield from found


def names_in(document: Any, section: str) -> list[str] | None:
    """The ids that a section defines; None if it cannot be read, so that nobody is blamed for naming one."""
    node: Any = next((value for _, value in find(document, section)), {})
    if isinstance(node, dict):
        return list(node)
    if isinstance(node, list) and all(isinstance(item, dict) and isinstance(item.get("id"), str) for item in node):
        return [item["id"] for item in node]
    return None


def references_in(document: Any) -> Iterator[tuple[str, str]]:
    """Everything that is named somewhere: the section in which it has to be, and its name."""
    for _, among, wanted in _references(document):
        yield among, wanted


def _references(document: Any) -> Iterator[tuple[Path, str, str]]:
    for pattern, section in _REFERENCES:
        for path, value in find(document, pattern):
            if isinstance(value, str) and section != "post:":
                yield path, section, value
            elif isinstance(value, str) and value.startswith("post:"):
                yield path, "posts", value.removeprefix("post:")


def check_references(reading: Reading) -> None:
    names = {section: names_in(reading.document, section) for section in _ONE_OF}
    for path, among, wanted in _references(reading.document):
        known = names[among]
        if known is not None and wanted not in known and _well_formed(wanted) and not reading.excused(wanted):
            _dead(reading, path, wanted, among, known)


def _well_formed(name: str) -> bool:
    return bool(name) and len(name) <= 63


def _dead(reading: Reading, path: Path, name: str, section: str, known: list[str]) -> None:
    near = difflib.get_close_matches(name, known, 1)
    choice = f", or name one of {', '.join(known[:8])}" if known else ""
    remedy = f"did you mean `{near[0]}`?" if near else f"define it under `{section}`{choice}"
    reading.blame(path, f"there is no {_ONE_OF[section]} `{name}`", remedy)
