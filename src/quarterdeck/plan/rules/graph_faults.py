"""Faults of a procedure's graph: dead names, circles, steps never reached, deadlines that nobody can keep."""

import difflib
from collections.abc import Iterator
from typing import Any

from quarterdeck.plan.rules.choosing import path_for, procedure_for, type_and_parents, worse
from quarterdeck.plan.rules.faults import Path
from quarterdeck.plan.rules.graph import predecessors
from quarterdeck.plan.rules.model import Plan
from quarterdeck.plan.rules.procedure import Procedure, Step
from quarterdeck.plan.rules.reading import Reading
from quarterdeck.plan.rules.references import find
from quarterdeck.plan.rules.values import SEVERITIES, Severity
from quarterdeck.plan.rules.wording import span


def check_step_names(reading: Reading) -> None:
    """Steps that are named and do not exist; seen in the document as read, whatever else is wrong with it."""
    for path, steps in find(reading.document, "procedures.*.steps"):
        if not isinstance(steps, list):
            continue
        every = {step["id"]: step for step in steps if isinstance(step, dict) and isinstance(step.get("id"), str)}
        for index, step in enumerate(steps):
            for where, name in _named(step) if isinstance(step, dict) else ():
                if name not in every:
                    near = difflib.get_close_matches(name, every, 1)
                    remedy = f"did you mean `{near[0]}`?" if near else f"name one of {', '.join(list(every)[:8])}"
                    reading.blame((*path, index, *where), f"there is no step `{name}` in this procedure", remedy)
                elif where[0] == "only_if":
                    _check_answers(reading, (*path, index, *where), every[name], step["only_if"][name])


def _named(step: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    after, only_if, anchor = step.get("after"), step.get("only_if"), step.get("counted_from")
    for index, name in enumerate(after if isinstance(after, list) else ()):
        if isinstance(name, str):
            yield ("after", index), name
    for name in only_if if isinstance(only_if, dict) else ():
        yield ("only_if", name), name
    if isinstance(anchor, str) and anchor.startswith("step:"):
        yield ("counted_from",), anchor.removeprefix("step:")


def _check_answers(reading: Reading, path: Path, question: dict[str, Any], wanted: Any) -> None:
    decides = question.get("decides")
    answers = decides.get("answers") if isinstance(decides, dict) else None
    if decides is None:
        reading.blame(path, f"the step `{path[-1]}` decides nothing", "give it `decides:` with a question and answers")
    elif isinstance(answers, dict) and isinstance(wanted, list):
        for index, answer in enumerate(wanted):
            if isinstance(answer, str) and answer not in answers:
                problem = f"`{path[-1]}` has no answer `{answer}`"
                reading.blame((*path, index), problem, f"name one of {', '.join(map(str, answers))}")


def check_graphs(reading: Reading, plan: Plan) -> None:
    """Faults of sense in the procedures of a plan whose shape is right."""
    for name, procedure in plan.procedures.items():
        every = {step.id: step for step in procedure.steps}
        circular = _circles(reading, name, procedure, every)
        for index, step in enumerate(procedure.steps):
            path: Path = ("procedures", name, "steps", index)
            if not circular and not _reachable(step, every):
                problem = "can never be reached: the answers or severities that it wants exclude one another"
                reading.blame((*path, "only_if"), problem, "correct `only_if` or `on_severity`")
            if step.skip == "never" and not step.mandatory:
                reading.blame(
                    (*path, "skip"), "can never be skipped, and yet is not mandatory", "add `mandatory: true`"
                )
            if step.within is not None:
                _check_order(reading, path, step, every)
    _check_reaction_times(reading, plan)


def _circles(reading: Reading, name: str, procedure: Procedure, every: dict[str, Step]) -> bool:
    done: set[str] = set()
    for start in procedure.steps:
        trail: list[str] = []
        if _walk(start.id, every, done, trail):
            circle = " → ".join(trail[trail.index(trail[-1]) :])
            index = [step.id for step in procedure.steps].index(trail[-1])
            path: Path = ("procedures", name, "steps", index)
            reading.blame(path, f"the steps wait for one another: {circle}", "break the circle")
            return True
    return False


def _walk(here: str, every: dict[str, Step], done: set[str], trail: list[str]) -> bool:
    """Depth first; True with the circle at the end of the trail. At most 100 steps: the recursion stays shallow."""
    if here in trail:
        trail.append(here)
        return True
    if here in done or here not in every:
        return False
    trail.append(here)
    if any(_walk(before, every, done, trail) for before in predecessors(every[here])):
        return True
    trail.pop()
    done.add(here)
    return False


def _reachable(step: Step, every: dict[str, Step]) -> bool:
    wanted: dict[str, set[str]] = {}
    severities: set[Severity] = set(SEVERITIES)
    todo = [step]
    while todo:
        one = todo.pop()
        severities &= set(one.on_severity or SEVERITIES)
        for question, answers in (one.only_if or {}).items():
            wanted[question] = wanted[question] & set(answers) if question in wanted else set(answers)
            if question in every:
                todo.append(every[question])
    return bool(severities) and all(wanted.values())


def _check_order(reading: Reading, path: Path, step: Step, every: dict[str, Step]) -> None:
    for name in step.after:
        before = every.get(name)
        if before is None or before.within is None or before.counted_from != step.counted_from or not step.within:
            continue
        if step.within < before.within and step.counted_from != "ready":
            problem = (
                f"is due after {span(step.within)}, before `{name}`, which it waits for, is due ({span(before.within)})"
            )
            reading.blame((*path, "within"), problem, "allow more time, or ask for the earlier step sooner")


def _check_reaction_times(reading: Reading, plan: Plan) -> None:
    """No step may be due before the first person paged had the time that the path itself grants to acknowledge."""
    blamed: set[tuple[str, int]] = set()
    for type in plan.types:
        name = procedure_for(plan, type)
        procedure = plan.procedures.get(name or "")
        for severity in _severities(plan, type) if name and procedure else ():
            path = plan.escalation.get(path_for(plan, type, severity) or "")
            granted = path.levels[0].acknowledge_within if path else 0
            for index, step in enumerate(procedure.steps if procedure else ()):
                early = step.within is not None and step.within < granted
                if not early or step.counted_from not in ("declared", "detected") or (str(name), index) in blamed:
                    continue
                if step.on_severity is None or severity in step.on_severity:
                    blamed.add((str(name), index))
                    place: Path = ("procedures", str(name), "steps", index, "within")
                    problem = (
                        f"is due after {span(step.within or 0)}, while at {severity} the first person paged has "
                        f"{span(granted)} to acknowledge"
                    )
                    reading.blame(place, problem, "allow more time, or shorten that path's first `acknowledge_within`")


def _severities(plan: Plan, type: str) -> Iterator[Severity]:
    floor = next((found.severity_floor for found in type_and_parents(plan, type) if found.severity_floor), None)
    for severity in plan.severity.levels:
        if floor is None or worse(severity, floor) == severity:
            yield severity
