"""The plan in sentences, for people: spans of time, escalation paths, matchers, suppression."""

from collections.abc import Sequence

from quarterdeck.plan.rules.communication import Elevation
from quarterdeck.plan.rules.model import ByLabel, Calendar, EscalationPath, Matcher, Plan, ReviewRule, Suppression
from quarterdeck.plan.rules.values import DAYS, Day

_DAYS = {
    "mon": "Monday",
    "tue": "Tuesday",
    "wed": "Wednesday",
    "thu": "Thursday",
    "fri": "Friday",
    "sat": "Saturday",
    "sun": "Sunday",
}


def span(minutes: int) -> str:
    """`45 min`, `2 h`, `1 h 30 min`, `3 days`."""
    if minutes % 1440 == 0:
        days = minutes // 1440
        return f"{days} day{'s' if days > 1 else ''}"
    hours, rest = divmod(minutes, 60)
    return " ".join(part for part in (f"{hours} h" if hours else "", f"{rest} min" if rest else "") if part)


def joined(parts: list[str], word: str = "and") -> str:
    """`a, b and c`."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {word} {parts[-1]}"


def post(plan: Plan, id: str) -> str:
    found = plan.posts.get(id)
    return f"the {found.title[0].lower()}{found.title[1:]}" if found else id


def target(plan: Plan, text: str) -> str:
    """`schedule:primary` → `whoever is on call in primary`."""
    kind, _, name = text.partition(":")
    match kind:
        case "schedule":
            return f"whoever is on call in “{name}”"
        case "team":
            return f"everybody in the team “{name}”"
        case "post":
            return post(plan, name)
        case _:
            return name


def rungs(plan: Plan, path: EscalationPath) -> list[tuple[str, str]]:
    """When, and whom: `("at once", "whoever is on call …")`, `("after 5 min", …)`, …, the senior manager last."""
    told: list[tuple[str, str]] = []
    waited = 0
    for level in path.levels:
        when = "at once" if waited == 0 else f"after {span(waited)}"
        told.append((when, joined([target(plan, name) for name in level.notify])))
        waited += level.acknowledge_within
    if path.repeat:
        times = "once more" if path.repeat == 1 else f"{path.repeat} more times"
        told.append((f"after {span(waited)}", f"all of these {times}"))
        waited *= path.repeat + 1
    told.append((f"after {span(waited)}", f"at last {post(plan, path.final)}"))
    return told


def sentence(plan: Plan, path: EscalationPath) -> str:
    """`At once: …; after 5 min: …; after 20 min: at last the chief information officer.`"""
    text = "; ".join(f"{when}: {whom}" for when, whom in rungs(plan, path))
    return f"{text[0].upper()}{text[1:]}."


def matcher(test: Matcher) -> str:
    """`severity is critical or page`."""
    listed = joined(list(test.value), "or") if isinstance(test.value, tuple) else test.value
    return {
        "=": f"{test.label} is {listed or 'empty'}",
        "!=": f"{test.label} is not {listed or 'empty'}",
        "in": f"{test.label} is {listed}",
        "not_in": f"{test.label} is none of {listed}",
        "prefix": f"{test.label} begins with {listed}",
        "exists": f"there is a label {test.label}",
    }[test.op]


def matchers(tests: tuple[Matcher, ...]) -> str:
    """`severity is critical, and team is web`; `everything else` without a test."""
    return joined([matcher(test) for test in tests], "and") if tests else "everything else"


def given(value: str | ByLabel | None, default: str) -> str:
    """`high`, or `by severity: critical → high; otherwise medium`."""
    if isinstance(value, ByLabel):
        cases = ", ".join(f"{name} → {grade}" for name, grade in value.values.items())
        return f"by {value.label}: {cases}; otherwise {value.otherwise}"
    return value or default


def days(which: Sequence[Day]) -> str:
    """`Monday, Tuesday and Friday`."""
    return joined([_DAYS[day] for day in which])


def support_hours(calendar: Calendar) -> str:
    """`Monday to Friday, 08:00 to 17:00 Europe/Berlin`; empty where the plan has none."""
    if calendar.opens is None:
        return ""
    usual = calendar.working_days == DAYS[:5]
    which = "Monday to Friday" if usual else days(calendar.working_days)
    free = f", without {', '.join(map(str, calendar.holidays))}" if calendar.holidays else ""
    return f"{which}, {calendar.opens} to {calendar.closes} {calendar.zone}{free}"


def suppression(rule: Suppression) -> str:
    """`on Saturday and Sunday, 22:00 to 06:00 UTC, until …`; `always` without limits."""
    parts = []
    if rule.days:
        parts.append(f"on {days(rule.days)}")
    if rule.hours:
        parts.append(f"{rule.hours.replace('-', ' to ')} {rule.zone}")
    if rule.until:
        parts.append(f"until {rule.until:%Y-%m-%d %H:%M %Z}")
    return ", ".join(parts) or "always"


def review(plan: Plan, rule: ReviewRule) -> str:
    """`within 5 working days, led by the incident manager`."""
    days = f"{rule.due_working_days} working day{'s' if rule.due_working_days > 1 else ''}"
    permitted = ", who may have commanded" if rule.commander_may_lead else ""
    return f"within {days}, led by {post(plan, rule.facilitator)}{permitted}"


def elevation(plan: Plan, rule: Elevation) -> str:
    """`SEV1, open for longer than 2 h: the chief information officer; after 15 min without an answer …`."""
    conditions = [" or ".join(rule.severities)] if rule.severities else []
    if rule.open_longer_than:
        conditions.append(f"open for longer than {span(rule.open_longer_than)}")
    if rule.tolerance_breached:
        conditions.append("longer than the service tolerates")
    if rule.update_overdue_by:
        conditions.append(f"an update overdue by {span(rule.update_overdue_by)}")
    told = f"; after {span(rule.acknowledge_within)} without an answer ".join(post(plan, id) for id in rule.to)
    said = f"{', '.join(conditions) or 'every incident'}: {told}"
    return f"{said[0].upper()}{said[1:]}"
