"""Faults of support hours: hours that never come, and the worse that waits while the lesser pages at any hour."""

from datetime import time

from quarterdeck.plan.rules.model import Plan
from quarterdeck.plan.rules.reading import Reading
from quarterdeck.plan.rules.references import find


def check_hours(reading: Reading, plan: Plan | None) -> None:
    """Add a fault for each severity whose pages could never wait as the plan says."""
    for path, level in find(reading.document, "severity.levels.*"):
        waits = isinstance(level, dict) and level.get("urgent") is False and level.get("escalation") is not None
        if waits and _calendar(reading).get("opens") is None:
            problem = "its pages would wait for support hours, and the plan has none"
            reading.blame((*path, "urgent"), problem, "give `calendar.opens`, or write `urgent: true`")
    if plan:
        _opens_before_it_closes(reading, plan)
        _the_worse_never_waits_longer(reading, plan)


def _calendar(reading: Reading) -> dict[str, object]:
    found = reading.document.get("calendar")
    return found if isinstance(found, dict) else {}


def _opens_before_it_closes(reading: Reading, plan: Plan) -> None:
    calendar = plan.calendar
    if calendar.opens and time.fromisoformat(calendar.opens) >= time.fromisoformat(calendar.closes):
        problem = f"support hours would begin at {calendar.opens} and end at {calendar.closes} of the same day"
        reading.blame(("calendar", "opens"), problem, "open before you close")


def _the_worse_never_waits_longer(reading: Reading, plan: Plan) -> None:
    paging = sorted((id, level) for id, level in plan.severity.levels.items() if level.escalation)
    for id, level in paging:
        lesser = next((other for other, one in paging if other > id and one.urgent), None)
        if not level.urgent and lesser:
            problem = f"waits for support hours, while {lesser}, which is less severe, pages at any hour"
            path = ("severity", "levels", id, "urgent")
            reading.blame(path, problem, f"write `urgent: true` here, or `urgent: false` at {lesser}")
