"""What a plan says to an incident: every answer that does not depend on how it went."""

from dataclasses import dataclass

from quarterdeck.direction.rules.facts import Fact
from quarterdeck.plan.rules import (
    EscalationPath,
    Plan,
    Step,
    commander_post_for,
    path_for,
    procedure_for,
    review_rule_for,
    severity_for,
    steps_for,
    type_and_parents,
    wording,
    worse,
)


@dataclass(frozen=True)
class Answer:
    """A plan's answer. `path_words` names every rung, so that a changed path differs from its former self."""

    type: str | None
    severity: str
    commander: str | None
    procedure: str | None
    steps: dict[str, Step]
    path: EscalationPath | None
    path_words: str | None
    acknowledge_within: int | None
    """Minutes."""
    review: str | None
    waits: bool
    """Pages of this severity wait for support hours."""


def answer(plan: Plan | None, fact: Fact, service_path: str | None) -> Answer:
    """By the plan, or, without one, what is recorded.

    What a person decided stands: a severity that was set by hand against the computed one is kept, unless the type's
    floor forbids it. A type or a grade that the plan does not know falls back to its defaults, as for an alert.
    """
    if plan is None:
        return Answer(fact.type, fact.severity, None, None, {}, None, None, None, None, False)
    type = fact.type if fact.type in plan.types else plan.defaults.type
    severity = _severity(plan, type, fact)
    name = path_for(plan, type, severity, service_path)
    path = plan.escalation[name] if name else None
    procedure = procedure_for(plan, type)
    post = commander_post_for(plan, type)
    level = plan.severity.levels.get(severity)  # type: ignore[call-overload]  # any text may be recorded
    rule = review_rule_for(plan, severity)
    return Answer(
        type=type,
        severity=severity,
        commander=wording.post(plan, post) if post else None,
        procedure=plan.procedures[procedure].title if procedure else None,
        steps={step.id: step for step in steps_for(plan, type, severity)},
        path=path,
        path_words=f"{path.title}: {wording.sentence(plan, path)}" if path else None,
        acknowledge_within=level.acknowledge_within if level else None,
        review=wording.review(plan, rule) if rule else None,
        waits=plan.calendar.opens is not None and level is not None and not level.urgent,
    )


def _severity(plan: Plan, type: str, fact: Fact) -> str:
    if fact.severity != fact.computed_severity:
        floor = next((one.severity_floor for one in type_and_parents(plan, type) if one.severity_floor), None)
        return worse(fact.severity, floor) if floor else fact.severity
    scheme, defaults = plan.severity, plan.defaults
    impact = fact.impact if fact.impact in scheme.matrix else defaults.impact
    urgency = fact.urgency if fact.urgency in scheme.matrix[impact] else defaults.urgency
    return severity_for(plan, type, impact, urgency)


def decided_by(fact: Fact, service_path: str | None) -> tuple[str | None, ...]:
    """All of the fact that an answer depends on: two facts with the same get the same answer."""
    by_hand = fact.severity if fact.severity != fact.computed_severity else None
    return (fact.type, fact.impact, fact.urgency, by_hand, service_path)
