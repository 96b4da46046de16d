"""The questions that screens and programs ask about readiness."""

from quarterdeck.readiness.views.contacting import (
    GROUPS,
    Tested,
    TestRow,
    answered_since,
    contact_test_of,
    contact_tests,
    selected,
    tested,
)
from quarterdeck.readiness.views.covering import (
    Coverage,
    DocumentTried,
    TypeRow,
    coverage,
    exercised_documents,
    last_exercises,
)
from quarterdeck.readiness.views.cutting import scenario_cut_from, scenario_outlined
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
from quarterdeck.readiness.views.maturity import Maturity, maturity

__all__ = [
    "GROUPS",
    "MOST",
    "Coverage",
    "DocumentTried",
    "ExerciseRow",
    "Finding",
    "InjectRow",
    "Maturity",
    "ObjectiveRow",
    "Sheet",
    "TestRow",
    "Tested",
    "TypeRow",
    "answered_since",
    "contact_test_of",
    "contact_tests",
    "coverage",
    "exercise_of_incident",
    "exercised_documents",
    "exercises",
    "last_exercises",
    "maturity",
    "scenario_cut_from",
    "scenario_outlined",
    "selected",
    "sheet",
    "tested",
]
