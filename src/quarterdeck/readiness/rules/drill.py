"""Which exercise an incident belongs to; and what its record shows of what the exercise expects."""

from collections.abc import Iterator
from dataclasses import dataclass

from quarterdeck.kernel.events import Event
from quarterdeck.kernel.lifecycle import Lifecycle
from quarterdeck.kernel.time import Instant
from quarterdeck.readiness import events as ev
from quarterdeck.readiness.rules.scenario import Expectation
from quarterdeck.readiness.rules.state import Exercise


@dataclass(frozen=True)
class Drill:
    number: int
    exercise: int


def evolve(state: Drill | None, event: Event) -> Drill:
    assert isinstance(event, ev.DrillOpened)
    return Drill(event.number, event.exercise)


DRILL: Lifecycle[Drill] = Lifecycle("drill", evolve)


@dataclass(frozen=True)
class Sight:
    """One thing that happened to an incident of the exercise. `of`: which step, role, audience, rule or severity."""

    what: str
    of: str | None
    at: Instant
    by: str
    number: int
    position: int | None
    as_planned: bool = True


def met_by(state: Exercise, sight: Sight) -> list[Event]:
    """The expectations that this meets, each once; also after the end, as long as it happened before."""
    if state.started_at is None or state.state not in ("running", "ended"):
        return []
    if state.ended_at is not None and sight.at > state.ended_at:
        return []
    return [
        ev.ExpectationMet(
            at=sight.at,
            expectation=expected.id,
            late=sight.at > state.deadline(expected),
            by=sight.by,
            number=sight.number,
            position=sight.position,
            as_planned=sight.as_planned,
        )
        for expected in _waiting(state)
        if _fits(expected, sight)
    ]


def _waiting(state: Exercise) -> Iterator[Expectation]:
    return (one for one in state.scenario.expected if one.id not in state.met)


def _fits(expected: Expectation, sight: Sight) -> bool:
    if expected.what != sight.what:
        return False
    if expected.of is None or expected.of == sight.of:
        return True
    if expected.what == "elevation":
        return expected.of == "any"
    return expected.what == "severity" and sight.of is not None and sight.of <= expected.of
