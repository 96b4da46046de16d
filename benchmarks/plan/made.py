"""A large plan and many incidents, made rather than found: 300 services, 60 procedures, 1,500 lines and more."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from sqlalchemy import Connection, insert

from quarterdeck.command.projections import incident, incident_task
from quarterdeck.kernel.time import micros
from quarterdeck.plan.rules import Plan, severity_for, steps_for
from quarterdeck.plan.sources.example import example_files

SERVICES, PROCEDURES = 300, 60
BEGAN = datetime(2024, 1, 1, tzinfo=UTC)


def large_plan(within: int = 60) -> dict[str, str]:
    """The example plan with a route for each service and more procedures, types and steps, in one file more."""
    files = dict(example_files())
    yaml = YAML(typ="safe", pure=True)
    whole = yaml.load(files["plan.yaml"])
    role = whole.get("commander") or next(iter(_part(files, "roles")))
    post = whole["owner"]
    procedures = {
        f"made-{n}": {
            "title": f"Procedure {n}",
            "owner": post,
            "steps": [
                _line({"id": "look", "title": "Look", "role": role, "within": within, "mandatory": True}),
                _line({"id": "act", "title": "Act", "role": role, "after": ["look"], "within": within}),
                _line({"id": "check", "title": "Check", "role": role, "after": ["act"], "within": 2 * within}),
                _line({"id": "tell", "title": "Tell", "role": role, "within": 4 * within}),
            ],
        }
        for n in range(PROCEDURES)
    }
    types = {
        f"made-{n}": _line({"title": f"Type {n}", "declare_when": ["It looks like it."], "procedure": f"made-{n}",
                      "parent": whole["defaults"]["type"]})
        for n in range(PROCEDURES)
    }  # fmt: skip
    routes = [
        _line({"name": f"made-{n}", "match": [{"label": "service", "op": "=", "value": f"service-{n}"}],
         "service": f"service-{n}", "type": f"made-{n % PROCEDURES}"})
        for n in range(SERVICES)
    ]  # fmt: skip
    for name, part in (("procedures", procedures), ("types", types), ("routing", routes)):
        _add(files, name, part)
    return files


def _line(part: dict[str, Any]) -> CommentedMap:
    """Written on one line, as people write a step or a route."""
    found = CommentedMap(part)
    found.fa.set_flow_style()
    return found


def _part(files: dict[str, str], key: str) -> dict[str, object]:
    yaml = YAML(typ="safe", pure=True)
    for text in files.values():
        found = yaml.load(text) if text.lstrip()[:1] not in ("-",) else None
        if isinstance(found, dict) and key in found:
            return dict(found[key])
    raise KeyError(key)


def _add(files: dict[str, str], key: str, part: object) -> None:
    """Into the file that has this part already, else into plan.yaml."""
    yaml, name = YAML(), "plan.yaml"
    yaml.width = 4096
    for each, text in files.items():
        if each.endswith(".yaml") and any(line.startswith(f"{key}:") for line in text.splitlines()):
            name = each
    document = yaml.load(files[name])
    if isinstance(part, list):
        document.setdefault(key, [])
        document[key][:0] = part
    else:
        document.setdefault(key, {}).update(part)
    out = StringIO()
    yaml.dump(document, out)
    files[name] = out.getvalue()


@dataclass(frozen=True)
class Made:
    incidents: int
    steps: int


def fill(conn: Connection, plan: Plan, count: int, *, revision: int) -> Made:
    """Rows of `count` incidents with their steps straight into the read tables, as projections would leave them."""
    rows = list(_incidents(plan, count, revision))
    tasks = [task for _, steps in rows for task in steps]
    for start in range(0, len(rows), 500):
        conn.execute(insert(incident), [row for row, _ in rows[start : start + 500]])
    for start in range(0, len(tasks), 500):
        conn.execute(insert(incident_task), tasks[start : start + 500])
    return Made(len(rows), len(tasks))


def _incidents(plan: Plan, count: int, revision: int) -> Iterator[tuple[dict[str, object], list[dict[str, object]]]]:
    dice = random.Random(7)  # the same incidents in every run
    impacts = [grade.id for grade in plan.severity.impact]
    urgencies = [grade.id for grade in plan.severity.urgency]
    types = list(plan.types)
    for number in range(1, count + 1):
        declared = micros(BEGAN + timedelta(minutes=40 * number))
        type, impact, urgency = dice.choice(types), dice.choice(impacts), dice.choice(urgencies)
        severity = severity_for(plan, type, impact, urgency)
        resolved = declared + dice.randint(10, 400) * 60_000_000
        row: dict[str, object] = {
            "number": number, "title": f"Incident {number}", "type": type, "state": "closed", "severity": severity,
            "computed_severity": severity, "severity_reason": None, "impact": impact, "urgency": urgency,
            "statement": "", "service": f"service-{dice.randrange(SERVICES)}", "plan_revision": revision,
            "commander": "alice", "commander_by_default": False, "declared_by": "engine", "drill": False,
            "merged_into": None, "review": "none", "reopened": 0, "doubts": 0, "impact_started": None,
            "detected_at": declared, "declared_at": declared,
            "acknowledged_at": declared + dice.randint(0, 30) * 60_000_000,
            "mitigated_at": resolved, "resolved_at": resolved, "closed_at": resolved,
        }  # fmt: skip
        at = declared
        steps: list[dict[str, object]] = []
        for place, step in enumerate(steps_for(plan, type, severity)):
            at += dice.randint(1, 90) * 60_000_000
            due = declared + step.within * 60_000_000 if step.within and step.counted_from == "declared" else None
            steps.append({
                "number": number, "task": step.id, "position": number * 100 + place, "title": step.title,
                "step": step.id, "role": step.role, "mandatory": step.mandatory, "details": "", "state": "done",
                "overdue": False, "due": due, "settled_at": at, "settled_by": "alice", "waits_for": [],
                "skip": step.skip, "out_of_order": False, "entitled": True,
            })  # fmt: skip
        yield row, steps


def lines(files: dict[str, str]) -> int:
    return sum(len(text.splitlines()) for text in files.values())
