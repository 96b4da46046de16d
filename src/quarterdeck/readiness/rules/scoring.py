"""What the evidence says of an exercise: each expectation, each objective, and how long it took to assemble.

Ratings are HSEEP's: P performed without challenges; S with some; M with major ones; U unable to be performed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Literal

from quarterdeck.kernel.time import Instant
from quarterdeck.plan.rules import Plan, procedure_for
from quarterdeck.readiness.events.exercising import Rating
from quarterdeck.readiness.rules.scenario import Expectation
from quarterdeck.readiness.rules.state import Exercise

RATINGS: dict[Rating, str] = {
    "P": "Performed without challenges: met, in a way that harmed no other activity and as the plan says",
    "S": "Performed with some challenges: met, and it could have been done better or faster",
    "M": "Performed with major challenges: met, but other activities suffered, or the plan was not followed",
    "U": "Unable to be performed: not met",
}
Titles = Mapping[tuple[str, str], str]
"""(what, id) → how the plan calls it."""
NO_TITLES: Titles = MappingProxyType({})
Verdict = Literal["met", "late", "missed", "unmet", "open"]


@dataclass(frozen=True)
class Judged:
    """An expectation as it stands. `missed`: its time has passed and it may still come; `unmet`: it will not."""

    expected: Expectation
    verdict: Verdict
    due: Instant | None
    at: Instant | None = None
    by: str | None = None
    number: int | None = None
    position: int | None = None
    as_planned: bool = True
    note: str = ""

    @property
    def after(self) -> timedelta | None:
        """How long before (negative) or after its deadline."""
        return None if self.at is None or self.due is None else self.at - self.due


def judged(state: Exercise, expected: Expectation) -> Judged:
    """A person's word counts before the record's."""
    due = state.deadline(expected) if state.started_at else None
    seen, said = state.met.get(expected.id), state.judged.get(expected.id)
    if said is not None:
        verdict: Verdict = ("late" if seen and seen.late else "met") if said.met else "unmet"
        at = seen.at if seen and said.met else None
        return Judged(expected, verdict, due, at, said.by, note=said.note, position=seen.position if seen else None)
    if seen is not None:
        verdict = "late" if seen.late else "met"
        return Judged(expected, verdict, due, seen.at, seen.by, seen.number, seen.position, seen.as_planned)
    if state.state in ("planned", "running"):
        return Judged(expected, "missed" if expected.id in state.missed else "open", due)
    return Judged(expected, "unmet", due)


@dataclass(frozen=True)
class Suggested:
    """A rating that the evidence supports, with the sentence that says why; None: there is nothing to go by."""

    rating: Rating | None
    why: str


def suggested(state: Exercise, objective: str, titles: Titles = NO_TITLES) -> Suggested:
    """U: something never happened. M: all did, some not as the plan says. S: all did, some late. P: all in time."""
    found = [judged(state, one) for one in state.scenario.expected if one.objective == objective]
    if not found:
        return Suggested(None, "Nothing that the record could show was expected: judge by what you saw.")
    n = len(found)
    unmet = [one for one in found if one.verdict in ("unmet", "missed", "open")]
    late = [one for one in found if one.verdict == "late"]
    astray = [one for one in found if not one.as_planned]
    if unmet:
        return Suggested("U", f"{len(unmet)} of {n} did not happen: {_named(unmet, titles)}.")
    if astray:
        return Suggested("M", f"All {n} happened, {len(astray)} not as the plan says: {_named(astray, titles)}.")
    if late:
        return Suggested("S", f"All {n} happened, {len(late)} late: {_named(late, titles)}.")
    return Suggested("P", "It happened in time." if n == 1 else f"All {n} happened in time.")


def _named(found: list[Judged], titles: Titles) -> str:
    return "; ".join(sentence(one.expected, titles) for one in found[:4]) + (" …" if len(found) > 4 else "")


_SAID = {
    "acknowledged": "somebody acknowledges",
    "step": "{of}",
    "role": "somebody takes the role of {of}",
    "severity": "the severity is {of} or worse",
    "update": "{of} is told",
    "elevation": "senior management takes note: {of}",
    "decision": "the decision is taken",
    "mitigated": "the harm ends",
    "resolved": "it is resolved",
    "observed": "",
}


def sentence(expected: Expectation, titles: Titles = NO_TITLES) -> str:
    """What is expected, in words; ids by the titles that the plan gives them."""
    if expected.says:
        return expected.says
    if expected.what == "elevation" and expected.of == "any":
        return "senior management takes note of an elevation"
    of = titles.get((expected.what, expected.of or ""), expected.of)
    said = _SAID[expected.what].format(of=of)
    return said[:1].upper() + said[1:]


def titles_of(plan: Plan, type: str) -> Titles:
    """What the plan calls the steps, roles, audiences and rules that a scenario names by their ids."""
    procedure = plan.procedures.get(procedure_for(plan, type) or "")
    return {
        **{("step", one.id): one.title for one in (procedure.steps if procedure else ())},
        **{("role", id): one.title.lower() for id, one in plan.roles.items()},
        **{("update", id): one.title for id, one in plan.communication.audiences.items()},
        **{("elevation", one.name): one.title for one in plan.communication.elevation},
    }


@dataclass(frozen=True)
class Assembly:
    """How long it took until everybody expected was there. `took` None: `missing` never came, or it still waits."""

    roles: int
    there: int
    took: timedelta | None
    missing: tuple[str, ...]


def assembly(state: Exercise) -> Assembly:
    """From the beginning until the last expected role was taken; without expected roles, until the acknowledgement."""
    wanted = [one for one in state.scenario.expected if one.what == "role"]
    wanted = wanted or [one for one in state.scenario.expected if one.what == "acknowledged"]
    found = [(one, judged(state, one)) for one in wanted]
    there = [one.at for _, one in found if one.at is not None]
    missing = tuple(one.of or "acknowledgement" for one, verdict in found if verdict.at is None)
    took = max(there) - state.started_at if there and not missing and state.started_at else None
    return Assembly(len(wanted), len(there), took, missing)
