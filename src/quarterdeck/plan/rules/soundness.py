"""Faults of sense beside the matrix: repeated ids, circles, and what can never happen or never be kept."""

from collections import Counter
from typing import Any

from quarterdeck.plan.rules.communication_faults import check_communication, check_templates
from quarterdeck.plan.rules.faults import Path
from quarterdeck.plan.rules.graph_faults import check_graphs, check_step_names
from quarterdeck.plan.rules.matrix import check_matrix
from quarterdeck.plan.rules.model import Plan
from quarterdeck.plan.rules.reading import Reading
from quarterdeck.plan.rules.references import find

_OWN_IDS = (
    ("procedures.*.steps", "id"),
    ("severity.impact", "id"),
    ("severity.urgency", "id"),
    ("routing", "name"),
    ("communication.elevation", "name"),
    ("communication.status_page.parts", "id"),
)


def check_soundness(reading: Reading, plan: Plan | None) -> None:
    """Add every fault of sense. Most are seen in the document as read; a few need the whole plan to be in shape."""
    for check in (check_matrix, _repeated_ids, _repeated_targets, _circles, _unreachable_routes, _idle_levels):
        check(reading)
    check_step_names(reading)
    check_templates(reading)
    if plan:
        check_graphs(reading, plan)
        check_communication(reading, plan)
        _types_without_procedure(reading, plan)
        _paces_faster_than_updates(reading, plan)


def _repeated_ids(reading: Reading) -> None:
    for pattern, field in _OWN_IDS:
        for path, items in find(reading.document, pattern):
            first: dict[str, Path] = {}
            for index, item in enumerate(items if isinstance(items, list) else ()):
                name = item.get(field) if isinstance(item, dict) else None
                here: Path = (*path, index, field)
                if isinstance(name, str) and name in first:
                    problem = f"`{name}` is taken already at {reading.place(first[name])}"
                    reading.blame(here, problem, f"give each its own {field}")
                elif isinstance(name, str):
                    first[name] = here


def _repeated_targets(reading: Reading) -> None:
    for path, targets in find(reading.document, "escalation.*.levels.*.notify"):
        texts = [target for target in targets if isinstance(target, str)] if isinstance(targets, list) else []
        for target, count in Counter(texts).items():
            if count > 1:
                reading.blame(path, f"`{target}` is named {count} times", "name it once")


def _circles(reading: Reading) -> None:
    parents = {path[1]: value for path, value in find(reading.document, "types.*.parent") if isinstance(value, str)}
    blamed: set[str | int] = set()
    for start in parents:
        chain: list[str | int] = []
        here: str | int = start
        while here in parents and here not in chain:
            chain.append(here)
            here = parents[here]
        if here == start and not blamed & set(chain):
            blamed |= set(chain)
            circle = " → ".join(str(name) for name in (*chain, start))
            reading.blame(
                ("types", start, "parent"), f"the types are their own ancestors: {circle}", "break the circle"
            )


def _unreachable_routes(reading: Reading) -> None:
    routes = reading.document.get("routing")
    catch_all: str | None = None
    for index, route in enumerate(routes if isinstance(routes, list) else ()):
        if not isinstance(route, dict):
            continue
        if catch_all is not None:
            problem = f"can never match: `{catch_all}` above takes every signal"
            reading.blame(("routing", index), problem, "move it above that route, or remove it")
        elif route.get("match", []) == []:
            catch_all = str(route.get("name", f"route {index + 1}"))


def _idle_levels(reading: Reading) -> None:
    remedy = "name an escalation path, or remove it"
    for path, level in find(reading.document, "severity.levels.*"):
        if isinstance(level, dict) and level.get("escalation") is None:
            if level.get("urgent") is True:
                reading.blame((*path, "urgent"), "urgent, and yet nobody is paged", remedy)
            if level.get("acknowledge_within") is not None:
                reading.blame((*path, "acknowledge_within"), "nobody is paged, so nobody can acknowledge", remedy)


def _types_without_procedure(reading: Reading, plan: Plan) -> None:
    for name in plan.types:
        here: str | None = name
        seen: set[Any] = set()
        while here in plan.types and here not in seen and plan.types[here].procedure is None:
            seen.add(here)
            here = plan.types[here].parent
        if here is None or here in seen:
            problem = "has no procedure, and no parent that has one"
            reading.blame(("types", name), problem, "name one with `procedure:`", key=True)


def _paces_faster_than_updates(reading: Reading, plan: Plan) -> None:
    for name, audience in plan.communication.audiences.items():
        for severity, pace in audience.cadence.items():
            level = plan.severity.levels.get(severity)
            if level and (level.update_every is None or level.update_every > pace.every):
                kept = f"only every {level.update_every} min" if level.update_every else "at no set interval"
                problem = f"{audience.title} expect news every {pace.every} min, but {severity} is updated {kept}"
                remedy = f"lower `severity.levels.{severity}.update_every`, or raise this"
                path = ("communication", "audiences", name, "cadence", severity, "every")
                reading.blame(path, problem, remedy)
