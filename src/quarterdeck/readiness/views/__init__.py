"""The questions that screens and programs ask about readiness."""

from quarterdeck.readiness.views.covering import (
    Coverage,
    DocumentTried,
    TypeRow,
    coverage,
    exercised_documents,
    last_exercises,
)
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
    "Coverage",
    "DocumentTried",
    "ExerciseRow",
    "Finding",
    "InjectRow",
    "ObjectiveRow",
    "Sheet",
    "TypeRow",
    "coverage",
    "exercise_of_incident",
    "exercised_documents",
    "exercises",
    "last_exercises",
    "sheet",
]
