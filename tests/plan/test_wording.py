"""The plan in sentences."""

import pytest

from quarterdeck.plan.rules import wording
from tests.plan.texts import example_plan, plan_from

PLAN = example_plan()


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(1, "1 min"), (60, "1 h"), (90, "1 h 30 min"), (1440, "1 day"), (4320, "3 days"), (1500, "25 h")],
)
def test_spans_of_time_are_said_shortly(minutes: int, words: str) -> None:
    assert wording.span(minutes) == words


def test_an_escalation_path_is_one_sentence_that_ends_with_the_senior_manager() -> None:
    assert wording.sentence(PLAN, PLAN.escalation["major"]) == (
        "At once: whoever is on call in “primary”; "
        "after 5 min: whoever is on call in “primary” and the incident manager; "
        "after 10 min: the head of operations; after 20 min: at last the chief information officer."
    )


def test_repeats_are_said_and_their_time_is_counted() -> None:
    assert wording.rungs(PLAN, PLAN.escalation["standard"])[-2:] == [
        ("after 30 min", "all of these once more"),
        ("after 1 h", "at last the chief information officer"),
    ]


def test_matchers_read_as_conditions() -> None:
    batch = next(route for route in PLAN.routing if route.name == "nightly-batch")
    assert wording.matchers(batch.match) == "service is batch and severity is warning"
    assert wording.matchers(()) == "everything else"


def test_suppression_says_when() -> None:
    limits = "days: [sat, sun], hours: '22:00-06:00', until: '2026-06-01T00:00:00Z'"
    rule = (
        plan_from(("  - name: rest\n", f"  - name: rest\n    suppress: {{reason: x, {limits}}}\n")).routing[-1].suppress
    )
    assert rule is not None
    assert wording.suppression(rule) == "on Saturday and Sunday, 22:00 to 06:00 UTC, until 2026-06-01 00:00 UTC"


def test_support_hours_name_their_days_and_their_zone() -> None:
    given = 'calendar: {zone: Europe/Berlin, opens: "08:00", working_days: [mon, fri], holidays: [2026-12-25]}'
    plan = plan_from(("posts:\n", f"{given}\nposts:\n"))
    assert wording.support_hours(plan.calendar) == "Monday and Friday, 08:00 to 17:00 Europe/Berlin, without 2026-12-25"
    assert wording.support_hours(PLAN.calendar) == "Monday to Friday, 08:00 to 17:00 UTC"
    assert wording.support_hours(plan_from().calendar) == ""
