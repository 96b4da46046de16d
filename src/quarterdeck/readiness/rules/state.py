"""An exercise as its events have made it, and the fold that makes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import lru_cache
from typing import Any, Literal

import msgspec

from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import Instant
from quarterdeck.readiness import events as ev
from quarterdeck.readiness.rules.scenario import Expectation, Scenario

State = Literal["planned", "running", "ended", "evaluated", "closed", "cancelled"]
STATES: tuple[State, ...] = ("planned", "running", "ended", "evaluated", "closed", "cancelled")


@dataclass(frozen=True)
class Met:
    """When and by whom an expectation was met; `position`: of the evidence in the record, None: a person says so."""

    at: Instant
    late: bool
    by: str
    number: int | None = None
    position: int | None = None
    as_planned: bool = True


@dataclass(frozen=True)
class Judgement:
    met: bool
    note: str
    by: str


@dataclass(frozen=True)
class Rated:
    rating: ev.exercising.Rating
    suggested: ev.exercising.Rating | None
    text: str
    by: str


@dataclass(frozen=True)
class Exercise:
    """`due` and `delivered` are injects; `incidents` the numbers of the drill's incidents."""

    number: int
    state: State
    scenario: Scenario
    plan_revision: int
    team: str | None
    facilitator: str
    evaluator: str
    participants: tuple[str, ...]
    started_at: Instant | None = None
    ended_at: Instant | None = None
    due: tuple[str, ...] = ()
    delivered: tuple[str, ...] = ()
    deliveries: tuple[str, ...] = ()
    incidents: tuple[int, ...] = ()
    met: Mapping[str, Met] = field(default_factory=dict)
    missed: frozenset[str] = frozenset()
    judged: Mapping[str, Judgement] = field(default_factory=dict)
    ratings: Mapping[str, Rated] = field(default_factory=dict)
    findings: int = 0

    @property
    def name(self) -> str:
        return f"EX-{self.number}"

    def at(self, minutes: int) -> Instant:
        """The instant at a minute of its clock, which must run or have run."""
        assert self.started_at is not None
        return self.started_at + timedelta(minutes=minutes)

    def deadline(self, expected: Expectation) -> Instant:
        begins = next((one.at for one in self.scenario.injects if one.id == expected.after), 0)
        return self.at(begins + expected.within)


@lru_cache(maxsize=64)
def _scenario(document: bytes) -> Scenario:
    return Scenario.model_validate_json(document)


def scenario_from(document: Mapping[str, Any]) -> Scenario:
    """The scenario of a recorded document; one object for each content."""
    return _scenario(msgspec.json.encode(document))


def evolve(state: Exercise | None, event: Event) -> Exercise:
    """Fold one event; an event of a later version that is not known here changes nothing."""
    if isinstance(event, ev.ExercisePlanned):
        return Exercise(
            number=event.number,
            state="planned",
            scenario=scenario_from(event.scenario),
            plan_revision=event.plan_revision,
            team=event.team,
            facilitator=event.facilitator,
            evaluator=event.evaluator,
            participants=event.participants,
        )
    assert state is not None, f"{type(event).__name__} before ExercisePlanned"
    step = _STEPS.get(type(event))
    return step(state, event) if step else state


def _met(s: Exercise, e: ev.ExpectationMet) -> Exercise:
    met = Met(e.at, e.late, e.by, e.number, e.position, e.as_planned)
    return replace(s, met={**s.met, e.expectation: met})


def _rated(s: Exercise, e: ev.ObjectiveRated) -> Exercise:
    return replace(s, ratings={**s.ratings, e.objective: Rated(e.rating, e.suggested, e.text, e.by)})


def _judged(s: Exercise, e: ev.ExpectationJudged) -> Exercise:
    return replace(s, judged={**s.judged, e.expectation: Judgement(e.met, e.note, e.by)})


def _delivered(s: Exercise, e: ev.InjectDelivered) -> Exercise:
    return replace(s, delivered=(*s.delivered, e.inject), deliveries=(*s.deliveries, *e.deliveries))


_STEPS: dict[type[Event], Any] = {
    ev.EvaluatorAppointed: lambda s, e: replace(s, evaluator=e.evaluator),
    ev.ExerciseStarted: lambda s, e: replace(s, state="running", started_at=e.at, plan_revision=e.plan_revision),
    ev.InjectDue: lambda s, e: replace(s, due=(*s.due, e.inject)),
    ev.InjectDelivered: _delivered,
    ev.InjectFailed: lambda s, e: replace(s, delivered=(*s.delivered, e.inject)),
    ev.IncidentRaised: lambda s, e: replace(s, incidents=(*s.incidents, e.number)),
    ev.ExpectationMet: _met,
    ev.ExpectationMissed: lambda s, e: replace(s, missed=s.missed | {e.expectation}),
    ev.ExpectationJudged: _judged,
    ev.ExerciseEnded: lambda s, e: replace(s, state="ended", ended_at=e.at),
    ev.ObjectiveRated: _rated,
    ev.FindingNoted: lambda s, e: replace(s, findings=s.findings + 1),
    ev.ExerciseEvaluated: lambda s, e: replace(s, state="evaluated"),
    ev.ExerciseClosed: lambda s, e: replace(s, state="closed"),
    ev.ExerciseCancelled: lambda s, e: replace(s, state="cancelled"),
}
