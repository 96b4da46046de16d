"""Does a scenario fit this plan: are its type, steps, roles, audiences, rules and people there?"""

import difflib
from collections.abc import Collection, Iterator

from quarterdeck.plan.rules import Plan, procedure_for
from quarterdeck.plan.rules.faults import Path
from quarterdeck.readiness.rules.scenario import Scenario
from quarterdeck.readiness.rules.scenario_text import Checked, check, verdict

Missing = tuple[Path, str, str]
"""Where, what is missing, and what to do."""


def check_against(
    text: str, plan: Plan, services: Collection[str] | None = None, name: str = "scenario.yaml"
) -> Checked:
    """Like `check`, and held against the plan. `services`: ids in the catalogue; None: not known, not asked."""
    checked = check(text, name)
    if checked.scenario is None:
        return checked
    for path, problem, remedy in missing(checked.scenario, plan, services):
        checked.reading.blame(path, problem, remedy)
    return verdict(checked.scenario, checked.reading)


def missing(scenario: Scenario, plan: Plan, services: Collection[str] | None = None) -> Iterator[Missing]:
    """What the scenario names and this plan lacks."""
    if scenario.type not in plan.types:
        yield ("type",), f"the plan has no incident type `{scenario.type}`", _near(scenario.type, plan.types)
        return
    if services is not None and scenario.service and scenario.service not in services:
        yield ("service",), f"`{scenario.service}` is not in the catalogue", _near(scenario.service, services)
    for key, value, grades in (
        ("impact", scenario.impact, plan.severity.impact),
        ("urgency", scenario.urgency, plan.severity.urgency),
    ):
        known = [grade.id for grade in grades]
        if value is not None and value not in known:
            yield (key,), f"the plan has no {key} `{value}`", _near(value, known)
    yield from _people(scenario, plan)
    yield from _expected(scenario, plan)


def _people(scenario: Scenario, plan: Plan) -> Iterator[Missing]:
    for at, inject in enumerate(scenario.injects):
        for key, target in (
            ("to", inject.message.to if inject.message else None),
            ("who", inject.unavailable.who if inject.unavailable else None),
        ):
            post = target.removeprefix("post:") if target and target.startswith("post:") else None
            if post is not None and post not in plan.posts:
                path: Path = ("injects", at, inject.happening, key)
                yield path, f"the plan has no post `{post}`", _near(post, plan.posts)


def _expected(scenario: Scenario, plan: Plan) -> Iterator[Missing]:
    procedure = procedure_for(plan, scenario.type)
    steps = [step.id for step in plan.procedures[procedure].steps] if procedure else []
    known: dict[str, tuple[str, list[str]]] = {
        "step": (f"the procedure `{procedure}` has no step", steps),
        "role": ("the plan has no role", list(plan.roles)),
        "update": ("the plan tells no audience", list(plan.communication.audiences)),
        "elevation": ("the plan has no elevation rule", [*(one.name for one in plan.communication.elevation), "any"]),
        "severity": ("the plan has no severity", list(map(str, plan.severity.levels))),
    }
    for at, one in enumerate(scenario.expected):
        if one.of is not None and one.what in known and one.of not in known[one.what][1]:
            words, names = known[one.what]
            yield ("expected", at, "of"), f"{words} `{one.of}`", _near(one.of, names)


def _near(name: str, known: Collection[str]) -> str:
    found = difflib.get_close_matches(name, known, 1)
    if found:
        return f"did you mean `{found[0]}`?"
    return f"name one of {', '.join(list(known)[:8])}" if known else "there is none to name"
