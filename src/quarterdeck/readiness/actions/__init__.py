"""What can be done in readiness: exercises are planned, run, judged and closed."""

from quarterdeck.readiness.actions.contacting import ask_person, start_contact_test, take_answer, take_loss
from quarterdeck.readiness.actions.exercising import (
    appoint_evaluator,
    cancel_exercise,
    end_exercise,
    plan_exercise,
    start_exercise,
)
from quarterdeck.readiness.actions.happening import clear_away, inject_now, let_happen
from quarterdeck.readiness.actions.judging import (
    close_exercise,
    evaluate_exercise,
    judge_expectation,
    note_finding,
    rate_objective,
)
from quarterdeck.readiness.actions.watching import join_exercise, watch

__all__ = [
    "appoint_evaluator",
    "ask_person",
    "cancel_exercise",
    "clear_away",
    "close_exercise",
    "end_exercise",
    "evaluate_exercise",
    "inject_now",
    "join_exercise",
    "judge_expectation",
    "let_happen",
    "note_finding",
    "plan_exercise",
    "rate_objective",
    "start_contact_test",
    "start_exercise",
    "take_answer",
    "take_loss",
    "watch",
]
