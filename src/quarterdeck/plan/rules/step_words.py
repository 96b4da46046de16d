"""Steps, measures and documents in sentences: when a step is due, after what, who may skip it; what a figure means."""

from quarterdeck.plan.rules.alignment import Measure
from quarterdeck.plan.rules.model import Plan
from quarterdeck.plan.rules.procedure import Procedure, Step
from quarterdeck.plan.rules.wording import joined, span, target

_ANCHORS = {
    "declared": "of the declaration",
    "detected": "of the detection",
    "acknowledged": "of the acknowledgement",
    "mitigated": "after the harm has ended",
    "resolved": "after the resolution",
    "ready": "from when it can begin",
}
_STATISTICS = {
    "median": "median",
    "p90": "nine in ten",
    "p95": "nineteen in twenty",
    "share": "share",
    "count": "count",
    "rate": "rate",
}


def deadline(procedure: Procedure, step: Step) -> str:
    """`within 20 min of the declaration`, `within 10 min after “Declare it”`; empty without one."""
    if step.within is None:
        return ""
    kind, _, id = step.counted_from.partition(":")
    anchor = f"after {_titled(procedure, id)}" if id else _ANCHORS[kind]
    return f"within {span(step.within)} {anchor}"


def conditions(procedure: Procedure, step: Step) -> tuple[str, ...]:
    """When it applies and can begin: `After “Halt the roll-out”.`, `Only if “Which way?” is answered “Roll back”.` …"""
    said = []
    if step.after:
        said.append(f"After {joined([_titled(procedure, id) for id in step.after])}.")
    for id, answers in (step.only_if or {}).items():
        asked = next((one.decides for one in procedure.steps if one.id == id), None)
        titles = asked.answers if asked else {}
        chosen = joined([f"“{titles.get(answer, answer)}”" for answer in answers], "or")
        said.append(f"Only if “{asked.question if asked else id}” is answered {chosen}.")
    if step.on_severity:
        said.append(f"Only at {joined(list(step.on_severity))}.")
    return tuple(said)


def question(step: Step) -> str:
    """`It decides: Which way do we go? Roll back, or Repair forward.` Empty where it decides nothing."""
    if step.decides is None:
        return ""
    return f"It decides: {step.decides.question} {joined(list(step.decides.answers.values()), 'or')}."


def skipping(step: Step) -> str:
    """Who may skip it, where that is not whoever works on it."""
    return {
        "never": "Nobody may skip it.",
        "by-commander": "Only the commander may skip it, with a reason.",
        "with-reason": "",
    }[step.skip]


def _titled(procedure: Procedure, id: str) -> str:
    return f"“{next((step.title for step in procedure.steps if step.id == id), id)}”"


def measure(one: Measure) -> str:
    """`Median in minutes, lower is better: target 5 within 90 days, judged from 10 cases on.`"""
    name = _STATISTICS[one.statistic]
    unit = "" if one.unit == one.statistic else f" in {one.unit}"
    wanted = f"{one.target * 100:g} %" if one.statistic == "share" else f"{one.target:g}"
    cases = "1 case" if one.minimum_n == 1 else f"{one.minimum_n} cases"
    return (
        f"{name[0].upper()}{name[1:]}{unit}, {one.better} is better: target {wanted} within {one.window_days} days, "
        f"judged from {cases} on."
    )


def targets(plan: Plan, names: tuple[str, ...]) -> str:
    """`whoever is on call in “primary” and the head of operations`; empty for nobody."""
    return joined([target(plan, name) for name in names]) if names else ""
