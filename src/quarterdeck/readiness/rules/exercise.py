"""The decisions that carry an exercise from its plan to its end, and its clock: injects, deadlines, the last minute."""

from collections.abc import Iterator, Sequence

from quarterdeck.kernel.errors import Invalid, Refused
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.lifecycle import Lifecycle
from quarterdeck.kernel.time import Instant
from quarterdeck.readiness import events as ev
from quarterdeck.readiness.rules.scoring import suggested
from quarterdeck.readiness.rules.state import Exercise, State, evolve

OUT_OF_TIME = "its time was over"


def allow(state: Exercise, doing: str, *states: State) -> None:
    if state.state not in states:
        reason = "ExerciseCancelled" if state.state == "cancelled" else f"Exercise{state.state.capitalize()}"
        wanted = " or ".join(states)
        raise Refused(reason, f"{state.name} is {state.state}; to {doing} it has to be {wanted}.")


def start(state: Exercise, by: str, now: Instant, *, revision: int) -> list[Event]:
    allow(state, "start it", "planned")
    return [ev.ExerciseStarted(at=now, plan_revision=revision, by=by)]


def cancel(state: Exercise, by: str, now: Instant, *, reason: str) -> list[Event]:
    allow(state, "cancel it", "planned")
    return [ev.ExerciseCancelled(at=now, by=by, reason=text("reason", reason, 2_000))]


def end(state: Exercise, by: str, now: Instant, *, reason: str, real: bool = False) -> list[Event]:
    allow(state, "end it", "running")
    return [ev.ExerciseEnded(at=now, by=by, reason=text("reason", reason, 2_000), real=real)]


def appoint(state: Exercise, evaluator: str, by: str, now: Instant) -> list[Event]:
    allow(state, "appoint its evaluator", "planned", "running", "ended")
    check_evaluator(evaluator, state.participants)
    return [] if evaluator == state.evaluator else [ev.EvaluatorAppointed(at=now, evaluator=evaluator, by=by)]


def check_evaluator(evaluator: str, participants: Sequence[str]) -> None:
    """Nobody judges what they did themselves."""
    if evaluator in participants:
        raise Refused("EvaluatorTakesPart", "Whoever takes part cannot judge it: name another evaluator.")


# -- the clock -----------------------------------------------------------------------------------


def due(state: Exercise) -> Instant | None:
    """The next inject, the next deadline that is not met, or the last minute."""
    return min((at for at, _ in _coming(state)), default=None)


def wake(state: Exercise, now: Instant) -> list[Event]:
    """Everything whose time has come, each at its own instant, in order. Nothing happens after the last minute."""
    events: list[Event] = []
    for _, event in sorted(_coming(state), key=lambda pair: pair[0]):
        if event.at <= now:
            events.append(event)
    return events


def _coming(state: Exercise) -> Iterator[tuple[Instant, Event]]:
    if state.state != "running":
        return
    for inject in state.scenario.injects:
        if inject.id not in state.due:
            at = state.at(inject.at)
            yield at, ev.InjectDue(at=at, inject=inject.id)
    for expected in state.scenario.expected:
        if expected.id not in state.met and expected.id not in state.missed and expected.id not in state.judged:
            at = state.deadline(expected)
            yield at, ev.ExpectationMissed(at=at, expectation=expected.id)
    last = state.at(state.scenario.minutes)
    yield last, ev.ExerciseEnded(at=last, by="engine", reason=OUT_OF_TIME)


def inject_now(state: Exercise, inject: str, now: Instant) -> list[Event]:
    """The facilitator lets it happen before its minute."""
    allow(state, "let something happen", "running")
    if inject not in {one.id for one in state.scenario.injects}:
        raise Invalid("The scenario has no such inject.", (f"inject: {inject[:63]!r}",))
    return [] if inject in state.due else [ev.InjectDue(at=now, inject=inject)]


# -- what people say -----------------------------------------------------------------------------


def judge(state: Exercise, expectation: str, by: str, now: Instant, *, met: bool, note: str = "") -> list[Event]:
    """What a person saw stands above what the record says; said again, the last word counts."""
    allow(state, "judge what was expected", "running", "ended")
    if expectation not in {one.id for one in state.scenario.expected}:
        raise Invalid("The scenario expects no such thing.", (f"expectation: {expectation[:63]!r}",))
    note = text("note", note, 2_000, needed=False)
    return [ev.ExpectationJudged(at=now, expectation=expectation, met=met, note=note, by=by)]


def rate(
    state: Exercise, objective: str, by: str, now: Instant, *, rating: ev.exercising.Rating, why: str
) -> list[Event]:
    """P, S, M or U, in the evaluator's own words; what the evidence suggests is kept beside it."""
    allow(state, "rate its objectives", "ended")
    if objective not in {one.id for one in state.scenario.objectives}:
        raise Invalid("The scenario has no such objective.", (f"objective: {objective[:63]!r}",))
    if rating not in ("P", "S", "M", "U"):
        raise Invalid("There is no such rating.", ("rating: give P, S, M or U",))
    found = suggested(state, objective).rating
    why = text("text", why, 5_000)
    return [ev.ObjectiveRated(at=now, objective=objective, rating=rating, suggested=found, text=why, by=by)]


def note_finding(
    state: Exercise,
    finding: str,
    by: str,
    now: Instant,
    *,
    kind: str,
    words: str,
    objective: str | None = None,
    lesson: int | None = None,
) -> list[Event]:
    allow(state, "note a finding", "running", "ended")
    if kind not in ("strength", "improvement"):
        raise Invalid("There is no such finding.", ("kind: give strength or improvement",))
    if objective is not None and objective not in {one.id for one in state.scenario.objectives}:
        raise Invalid("The scenario has no such objective.", (f"objective: {objective[:63]!r}",))
    if state.findings >= 100:
        raise Refused("TooManyFindings", f"{state.name} has 100 findings; that is enough for several exercises.")
    return [
        ev.FindingNoted(
            at=now,
            finding=finding,
            kind="strength" if kind == "strength" else "improvement",
            text=text("text", words, 5_000),
            objective=objective,
            lesson=lesson,
            by=by,
        )
    ]


def evaluate(state: Exercise, by: str, now: Instant, *, summary: str, procedure: str | None) -> list[Event]:
    """Refused until every objective is rated."""
    allow(state, "evaluate it", "ended")
    unrated = [one.title for one in state.scenario.objectives if one.id not in state.ratings]
    if unrated:
        raise Refused("ObjectivesUnrated", f"Rate these objectives first: {'; '.join(unrated)}.")
    failed = tuple(one.id for one in state.scenario.objectives if state.ratings[one.id].rating == "U")
    return [
        ev.ExerciseEvaluated(
            at=now,
            type=state.scenario.type,
            team=state.team,
            procedure=procedure,
            plan_revision=state.plan_revision,
            failed=failed,
            summary=text("summary", summary, 20_000),
            by=by,
        )
    ]


def close(state: Exercise, by: str, now: Instant) -> list[Event]:
    allow(state, "close it", "evaluated")
    return [ev.ExerciseClosed(at=now, by=by)]


def text(field: str, value: str, longest: int, *, needed: bool = True) -> str:
    """What somebody typed, within bounds and fit to be stored."""
    value = value.strip()
    if needed and not value:
        raise Invalid("A text is missing.", (f"{field}: say something",))
    if len(value) > longest or "\x00" in value or any("\ud800" <= c <= "\udfff" for c in value):
        raise Invalid("A text cannot be stored.", (f"{field}: at most {longest} characters, without NUL",))
    return value


EXERCISE: Lifecycle[Exercise] = Lifecycle("exercise", evolve, due, wake)
