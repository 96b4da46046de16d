"""Is the plan complete? Rule packs of standards and laws, each requirement answered with its citation and a fix.

A pack is data; what it may ask is the fixed vocabulary of `CHECKS`. A requirement that files alone cannot answer needs
`Facts` from the record, and is `unknown` without them.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from quarterdeck.plan.rules.choosing import procedure_for, steps_for
from quarterdeck.plan.rules.model import Plan
from quarterdeck.plan.rules.procedure import Step
from quarterdeck.plan.rules.values import Frozen, Slug, Text, Title

Status = Literal["met", "missing", "answered", "unknown", "not-applicable"]
MAJOR = "SEV1"
MAJORS = ("SEV1", "SEV2")


class Requirement(Frozen):
    """One thing that a standard asks of a plan. `check` names one check of the vocabulary, with its parameters."""

    id: Slug
    cite: Text
    asks: Text
    check: dict[str, dict[str, Any]] = Field(min_length=1, max_length=1)
    fix: Text


class Pack(Frozen):
    """The requirements of one standard or law, in force from one day to another."""

    id: Slug
    title: Title
    source: Text
    effective_from: Annotated[date, Field(strict=False)]
    effective_until: Annotated[date, Field(strict=False)] | None = None
    items: tuple[Requirement, ...] = Field(min_length=1)

    def in_effect(self, on: date) -> bool:
        return self.effective_from <= on and (self.effective_until is None or on <= self.effective_until)


@dataclass(frozen=True)
class Facts:
    """What only the record knows; None: nobody has looked."""

    approved: bool | None = None
    """The revision in force was approved by somebody other than its authors."""
    exercised: bool | None = None
    """A procedure of the revision in force has been exercised."""


@dataclass(frozen=True)
class Finding:
    """How one requirement stands. `where`: what in the plan answers it, or what is missing."""

    pack: str
    item: str
    cite: str
    asks: str
    status: Status
    where: str
    fix: str
    about: Literal["policy", "plan"] = "plan"
    """Whose gap it is: the policy's that the plan stands under, or the plan's."""


Answer = tuple[bool | None, str]


def examine(plan: Plan, packs: Iterable[Pack], on: date, facts: Facts | None = None) -> tuple[Finding, ...]:
    """Every requirement of every pack in effect on that day; a pack that does not apply gives one line."""
    found: list[Finding] = []
    for pack in packs:
        standard = plan.standards.get(pack.id)
        if not pack.in_effect(on):
            continue
        if standard is not None and not standard.applies:
            why = standard.why or "the plan gives no reason"
            found.append(Finding(pack.id, "", pack.title, "", "not-applicable", why, ""))
            continue
        exceptions = standard.exceptions if standard else {}
        found += [_finding(plan, pack, item, exceptions, facts or Facts()) for item in pack.items]
    return tuple(found)


def _finding(plan: Plan, pack: Pack, item: Requirement, exceptions: Mapping[str, str], facts: Facts) -> Finding:
    ((name, parameters),) = item.check.items()
    met, where = CHECKS[name](plan, facts, **parameters)
    status: Status = "met" if met else "unknown" if met is None else "missing"
    if status != "met" and item.id in exceptions:
        status, where = "answered", exceptions[item.id]
    about: Literal["policy", "plan"] = "policy" if parameters.get("in") == "policies" and plan.policy else "plan"
    return Finding(pack.id, item.id, item.cite, item.asks, status, where, "" if status == "met" else item.fix, about)


# -- the vocabulary ----------------------------------------------------------------------------------


def _texts(plan: Plan, where: str) -> list[tuple[str, str]]:
    """Place and text of the prose that a check may read."""
    policies = [(f"policy {id}", one.text or "") for id, one in plan.policies.items()]
    procedures = [
        (f"procedure {id}, step {step.id}", " ".join((step.title, step.details or "", step.evidence or "")))
        for id, one in plan.procedures.items()
        for step in one.steps
    ] + [(f"procedure {id}", one.text) for id, one in plan.procedures.items() if one.text]
    if where == "policies":
        return policies
    if where == "procedures":
        return procedures
    levels = [(f"severity {id}", f"{one.title} {one.meaning}") for id, one in plan.severity.levels.items()]
    roles = [
        (f"role {id}", " ".join((one.purpose or "", *one.duties, *one.authority))) for id, one in plan.roles.items()
    ]
    guidelines = [(f"guideline {id}", one.text or "") for id, one in plan.guidelines.items()]
    own = [("the plan's text", f"{plan.purpose or ''} {plan.scope} {plan.text or ''}")]
    return [*policies, *own, *levels, *roles, *procedures, *guidelines]


def _says(
    plan: Plan, facts: Facts, *, words: list[str] | None = None, words_all: list[str] | None = None, **place: str
) -> Answer:
    texts = [(where, re.sub(r"\s+", " ", text).casefold()) for where, text in _texts(plan, place["in"])]
    places = []
    for word in words_all or ():
        where = next((where for where, text in texts if word.casefold() in text), None)
        if where is None:
            return False, f"nothing says “{word}”"
        places.append(where)
    if words:
        where = next((where for word in words for where, text in texts if word.casefold() in text), None)
        if where is None:
            return False, f"nothing says “{'” or “'.join(words)}”"
        places.append(where)
    return True, ", ".join(dict.fromkeys(places))


def _count(plan: Plan, facts: Facts, *, of: str, least: int) -> Answer:
    things: dict[str, Any] = {
        "types": plan.types,
        "measures": plan.measures,
        "objectives": plan.objectives,
        "audiences": plan.communication.audiences,
        "routing": plan.routing,
    }
    n = len(things[of])
    return n >= least, f"{n} {of}" if n else f"no {of}"


def _has(plan: Plan, facts: Facts, *, of: str, field: str) -> Answer:
    return bool(getattr(plan, field)), f"{of}.{field}"


def _approved(plan: Plan, facts: Facts) -> Answer:
    return facts.approved, "the revision in force" if facts.approved is not None else "the files do not say"


def _exercised(plan: Plan, facts: Facts) -> Answer:
    return facts.exercised, "the record of exercises" if facts.exercised is not None else "the files do not say"


def _all(missing: list[str], met: str) -> Answer:
    return not missing, met if not missing else f"missing: {', '.join(missing[:8])}"


def _roles_with_authority(plan: Plan, facts: Facts) -> Answer:
    return _all([id for id, role in plan.roles.items() if not role.authority], f"{len(plan.roles)} roles")


def _severity_scheme(plan: Plan, facts: Facts, *, levels: int) -> Answer:
    n = len(plan.severity.levels)
    return (
        n >= levels,
        f"{n} severity levels by {len(plan.severity.impact)} impacts and {len(plan.severity.urgency)} urgencies",
    )


def _every_type_has_procedure(plan: Plan, facts: Facts, *, steps: int) -> Answer:
    thin = [
        id for id in plan.types if (name := procedure_for(plan, id)) is None or len(plan.procedures[name].steps) < steps
    ]
    return _all(thin, f"{len(plan.types)} types")


def _every_type_has_criteria(plan: Plan, facts: Facts) -> Answer:
    return _all([id for id, one in plan.types.items() if not one.declare_when], f"{len(plan.types)} types")


def _every_objective_measured(plan: Plan, facts: Facts) -> Answer:
    measured = {one.objective for one in plan.measures.values()}
    if not plan.objectives:
        return False, "no objectives"
    return _all([id for id in plan.objectives if id not in measured], f"{len(plan.objectives)} objectives")


def _reviewed_every(plan: Plan, facts: Facts, *, days: int) -> Answer:
    return plan.review_interval_days <= days, f"every {plan.review_interval_days} days"


def _reviewed_on(
    plan: Plan, facts: Facts, *, any_of: list[str] | None = None, all_of: list[str] | None = None
) -> Answer:
    named = set[str](plan.review_on)
    met = (any_of is None or bool(named & set(any_of))) and set(all_of or ()) <= named
    return met, f"review_on: {', '.join(plan.review_on) or 'nothing'}"


def _steps(plan: Plan) -> list[Step]:
    return [step for one in plan.procedures.values() for step in one.steps if step.mandatory]


def _steps_with_deadlines(plan: Plan, facts: Facts, *, share: float) -> Answer:
    return _share([step.within is not None for step in _steps(plan)], share, "a deadline")


def _steps_with_evidence(plan: Plan, facts: Facts, *, share: float) -> Answer:
    return _share([step.evidence is not None for step in _steps(plan)], share, "evidence")


def _share(having: list[bool], least: float, what: str) -> Answer:
    n = sum(having)
    return bool(having) and n >= least * len(having), f"{n} of {len(having)} mandatory steps have {what}"


def _steps_for(plan: Plan, facts: Facts, *, severity: str, least: int) -> Answer:
    thin = [id for id in plan.types if len(steps_for(plan, id, severity)) < least]
    return _all(thin, f"every type has steps at {severity}")


def _major_escalate(plan: Plan, facts: Facts) -> Answer:
    major = {id: one for id, one in plan.severity.levels.items() if id in MAJORS}
    if not major:
        return False, f"the scheme has no {MAJOR}"
    return _all([id for id, one in major.items() if one.escalation is None], f"{', '.join(major)}")


def _elevation(plan: Plan, facts: Facts) -> Answer:
    rules = [one for one in plan.communication.elevation if one.severities is None or MAJOR in one.severities]
    met, where = _major_escalate(plan, facts)
    if not met:
        return met, where
    return bool(rules), rules[0].title if rules else f"nothing is elevated at {MAJOR}"


def _cadence_for_major(plan: Plan, facts: Facts) -> Answer:
    told = [one.title for one in plan.communication.audiences.values() if MAJOR in one.cadence]
    return bool(told), ", ".join(told) or f"nobody is told at {MAJOR}"


def _review_of_major(plan: Plan, facts: Facts) -> Answer:
    level = plan.severity.levels.get(MAJOR)  # type: ignore[call-overload]  # a constant that the scheme may lack
    if level is None or level.review is None:
        return False, f"{MAJOR} is not reviewed"
    return True, f"{MAJOR}: within {level.review.due_working_days} working days"


def _commander(plan: Plan, facts: Facts) -> Answer:
    role = plan.roles.get(plan.commander)
    return bool(role and role.filled_by), role.title if role else f"no role `{plan.commander}`"


def _deputies(plan: Plan, facts: Facts) -> Answer:
    role = plan.roles.get(plan.commander)
    return bool(role and role.deputies), f"deputies of {role.title}" if role else f"no role `{plan.commander}`"


def _roles_filled(plan: Plan, facts: Facts) -> Answer:
    named = {step.role for step in _steps(plan)}
    empty = [id for id in named if not (plan.roles[id].filled_by or plan.roles[id].deputies)]
    vacant = [id for id in sorted(empty) if id != "scribe"]
    return _all(vacant, f"{len(named)} roles")


def _chain(plan: Plan, facts: Facts) -> Answer:
    return plan.policy is not None, f"policy {plan.policy}" if plan.policy else "the plan names no policy"


def _templates(plan: Plan, facts: Facts, *, least: int) -> Answer:
    n = len(plan.communication.audiences) + len(plan.communication.elevation)
    return n >= least, f"{n} templates"


def _classified(plan: Plan, facts: Facts) -> Answer:
    closed = [id for id, one in plan.procedures.items() if one.classification in ("confidential", "restricted")]
    return bool(closed), ", ".join(closed) or "no procedure is confidential"


CHECKS: dict[str, Callable[..., Answer]] = {
    "says": _says,
    "count": _count,
    "has": _has,
    "approved": _approved,
    "exercised": _exercised,
    "roles_with_authority": _roles_with_authority,
    "severity_scheme": _severity_scheme,
    "every_type_has_procedure": _every_type_has_procedure,
    "every_type_has_criteria": _every_type_has_criteria,
    "every_objective_measured": _every_objective_measured,
    "reviewed_every": _reviewed_every,
    "reviewed_on": _reviewed_on,
    "steps_with_deadlines": _steps_with_deadlines,
    "steps_with_evidence": _steps_with_evidence,
    "steps_for": _steps_for,
    "major_escalate": _major_escalate,
    "elevation": _elevation,
    "cadence_for_major": _cadence_for_major,
    "review_of_major": _review_of_major,
    "commander": _commander,
    "deputies": _deputies,
    "roles_filled": _roles_filled,
    "chain": _chain,
    "templates": _templates,
    "classified": _classified,
}
