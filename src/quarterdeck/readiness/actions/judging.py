"""What people make of an exercise: what they saw, ratings in their own words, findings, and the verdict on it all."""

from quarterdeck.governance.rules import Permission, permitted
from quarterdeck.kernel.errors import Refused
from quarterdeck.kernel.ids import new_id
from quarterdeck.learning.actions import identify_lesson
from quarterdeck.plan.rules import procedure_for
from quarterdeck.readiness.events.exercising import Rating
from quarterdeck.readiness.rules import EXERCISE, Exercise
from quarterdeck.readiness.rules import exercise as rules
from quarterdeck.readiness.state import exercise, tested_plan
from quarterdeck.record import Tx


@permitted(Permission.REVIEW)
def judge_expectation(tx: Tx, *, number: int, expectation: str, met: bool, note: str = "") -> None:
    """Say whether it was met, where only people can see it or the record has it wrong."""
    by = _judge(tx, exercise(tx, number))
    tx.decide(EXERCISE, number, lambda s: rules.judge(s, expectation, by, tx.now, met=met, note=note))


@permitted(Permission.REVIEW)
def rate_objective(tx: Tx, *, number: int, objective: str, rating: Rating, text: str) -> None:
    """P, S, M or U, by the evaluator. What the evidence suggests is recorded beside it."""
    by = _evaluator(tx, exercise(tx, number))
    tx.decide(EXERCISE, number, lambda s: rules.rate(s, objective, by, tx.now, rating=rating, why=text))


@permitted(Permission.REVIEW)
def note_finding(tx: Tx, *, number: int, kind: str, text: str, objective: str | None = None) -> str:
    """A strength, or something to improve, which is kept as a lesson from now on; returns the finding's id."""
    state = exercise(tx, number)
    by, finding = _judge(tx, state), new_id(tx.now)
    rules.note_finding(state, finding, by, tx.now, kind=kind, words=text, objective=objective)  # or refuses
    lesson = identify_lesson(tx, source=state.name, observation=text) if kind == "improvement" else None
    tx.decide(
        EXERCISE,
        number,
        lambda s: rules.note_finding(s, finding, by, tx.now, kind=kind, words=text, objective=objective, lesson=lesson),
    )
    return finding


@permitted(Permission.REVIEW)
def evaluate_exercise(tx: Tx, *, number: int, summary: str) -> None:
    """The evaluator's verdict on the whole; every objective has been rated by then."""
    state = exercise(tx, number)
    by = _evaluator(tx, state)
    procedure = procedure_for(tested_plan(tx, state), state.scenario.type)
    tx.decide(EXERCISE, number, lambda s: rules.evaluate(s, by, tx.now, summary=summary, procedure=procedure))


@permitted(Permission.REVIEW)
def close_exercise(tx: Tx, *, number: int) -> None:
    """Nothing is left to be done about it."""
    by = tx.by.person or tx.by.id
    tx.decide(EXERCISE, number, lambda s: rules.close(s, by, tx.now))


def _judge(tx: Tx, state: Exercise) -> str:
    """Whoever takes part does not judge."""
    if tx.by.person is not None and tx.by.person in state.participants:
        raise Refused("ParticipantJudges", f"You take part in {state.name}: leave its judgement to the evaluator.")
    return tx.by.person or tx.by.id


def _evaluator(tx: Tx, state: Exercise) -> str:
    """The evaluator alone decides; a program or the operator at the host may write it down for them."""
    if tx.by.person is not None and tx.by.person != state.evaluator:
        raise Refused(
            "NotTheEvaluator",
            f"{state.name} is judged by its evaluator. Have yourself appointed first, if you stand in.",
        )
    return tx.by.person or state.evaluator
