"""What can happen to an exercise (`exercise/{number}`), and to an incident that belongs to one (`drill/{number}`).

`by` is a person's id, or the principal's (`engine`, `key/…`) where no person acted.
"""

from typing import Any, Literal

from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import Instant

Rating = Literal["P", "S", "M", "U"]


class ExercisePlanned(Event, frozen=True, kw_only=True):
    """Opens the stream, with the scenario copied: later changes to its file do not change the exercise."""

    number: int
    title: str
    kind: str
    type: str
    scenario: dict[str, Any]
    text: str
    """The file as it was written."""
    plan_revision: int
    """In force when it was planned, and the scenario fitted it."""
    team: str | None = None
    facilitator: str
    evaluator: str
    participants: tuple[str, ...] = ()
    """Person ids; none: whoever the plan pages."""
    scheduled_at: Instant | None = None
    announced: bool = True
    """The participants are told when it is scheduled."""
    by: str


class EvaluatorAppointed(Event, frozen=True, kw_only=True):
    evaluator: str
    by: str


class ExerciseStarted(Event, frozen=True, kw_only=True):
    """Its clock runs. `plan_revision` is the one that is tested from now on."""

    plan_revision: int
    by: str


class InjectDue(Event, frozen=True, kw_only=True):
    """The minute of an inject has come; a reaction lets it happen."""

    inject: str


class InjectDelivered(Event, frozen=True, kw_only=True):
    """It happened: `how` in words, `people` who were told, `delivery` the messages."""

    inject: str
    how: str
    people: tuple[str, ...] = ()
    deliveries: tuple[str, ...] = ()


class InjectFailed(Event, frozen=True, kw_only=True):
    """It could not happen; the facilitator has to improvise."""

    inject: str
    reason: str


class IncidentRaised(Event, frozen=True, kw_only=True):
    """An incident marked as a drill belongs to this exercise."""

    number: int
    title: str


class ExpectationMet(Event, frozen=True, kw_only=True):
    """What was expected happened (`at`), as the record of the drill's incident shows at `position`."""

    expectation: str
    late: bool
    by: str
    number: int
    position: int | None = None
    as_planned: bool = True
    """False: out of the plan's order, or by somebody whose task it was not."""


class ExpectationMissed(Event, frozen=True, kw_only=True):
    """Its time (`at`) passed without it. It may still be met, late."""

    expectation: str


class ExpectationJudged(Event, frozen=True, kw_only=True):
    """A person says whether it was met: where only people can see it, or where the record has it wrong."""

    expectation: str
    met: bool
    note: str = ""
    by: str


class ExerciseEnded(Event, frozen=True, kw_only=True):
    """Its clock stops, its pages are withdrawn. `real`: because a real incident came."""

    by: str
    reason: str
    real: bool = False


class ObjectiveRated(Event, frozen=True, kw_only=True):
    """The evaluator's decision, beside what the evidence had suggested."""

    objective: str
    rating: Rating
    suggested: Rating | None = None
    text: str
    by: str


class FindingNoted(Event, frozen=True, kw_only=True):
    """A strength to keep, or something to improve; the latter becomes the lesson of that number."""

    finding: str
    kind: Literal["strength", "improvement"]
    text: str
    objective: str | None = None
    lesson: int | None = None
    by: str


class ExerciseEvaluated(Event, frozen=True, kw_only=True):
    """Every objective is rated. `failed` are those not met (U); `procedure` is the one that was tried."""

    type: str
    team: str | None = None
    procedure: str | None = None
    plan_revision: int
    failed: tuple[str, ...] = ()
    summary: str
    by: str


class ExerciseClosed(Event, frozen=True, kw_only=True):
    by: str


class ExerciseCancelled(Event, frozen=True, kw_only=True):
    """It will not take place."""

    by: str
    reason: str


class DrillOpened(Event, frozen=True, kw_only=True):
    """This incident is part of that exercise."""

    number: int
    exercise: int
