"""The questions that screens and programs ask about readiness."""

from quarterdeck.readiness.views.exercising import (
    MOST,
    ExerciseRow,
    Finding,
    InjectRow,
    ObjectiveRow,
    Sheet,
    exercise_of_incident,
    exercises,
    sheet,
)

__all__ = [
    "MOST",
    "ExerciseRow",
    "Finding",
    "InjectRow",
    "ObjectiveRow",
    "Sheet",
    "exercise_of_incident",
    "exercises",
    "sheet",
]
