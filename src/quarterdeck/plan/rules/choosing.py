"""What the plan says in a case: severity, path, steps, route, grades, due dates. All pure."""

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.time import Instant
from quarterdeck.plan.rules.model import (
    COMMANDER,
    ByLabel,
    Calendar,
    IncidentType,
    Plan,
    ReviewRule,
    Route,
    SeverityScheme,
)
from quarterdeck.plan.rules.procedure import Step
from quarterdeck.plan.rules.values import DAYS, SEVERITIES


def compute_severity(scheme: SeverityScheme, impact: str, urgency: str) -> str:
    """The matrix's answer, `SEV1` … `SEV5`. Raises `Invalid` for a grade that the scheme does not have."""
    row = scheme.matrix.get(impact)
    if row is None:
        raise Invalid(f"The plan has no impact {impact!r}; it has {', '.join(scheme.matrix)}.")
    if urgency not in row:
        raise Invalid(f"The plan has no urgency {urgency!r}; it has {', '.join(row)}.")
    return row[urgency]


def worse(a: str, b: str) -> str:
    """The more severe of two severities."""
    return min(a, b)


def rank(severity: str) -> int:
    """0 for SEV1 … 4 for SEV5: the urgency with which its messages are sent."""
    return list[str](SEVERITIES).index(severity)


def commanding_role(plan: Plan | None) -> str:
    """The role that directs an incident under this plan; the usual one where no plan was in force."""
    return plan.commander if plan else COMMANDER


def type_and_parents(plan: Plan, type: str | None) -> Iterator[IncidentType]:
    """The type, its parent, and so on up; nothing for a type that the plan does not know."""
    seen: set[str] = set()
    while type is not None and type in plan.types and type not in seen:
        seen.add(type)
        found = plan.types[type]
        yield found
        type = found.parent


def severity_for(plan: Plan, type: str | None, impact: str, urgency: str) -> str:
    """The matrix's severity, raised to the floor of the incident's type (or of its nearest parent that sets one)."""
    computed = compute_severity(plan.severity, impact, urgency)
    floor = next((t.severity_floor for t in type_and_parents(plan, type) if t.severity_floor), None)
    return worse(computed, floor) if floor else computed


def procedure_for(plan: Plan, type: str | None) -> str | None:
    """The id of the procedure of the type or of its nearest parent that names one."""
    return next((t.procedure for t in type_and_parents(plan, type) if t.procedure), None)


def commander_post_for(plan: Plan, type: str | None) -> str | None:
    """The post that commands at first, by the type or its nearest parent that names one."""
    return next((t.commander_post for t in type_and_parents(plan, type) if t.commander_post), None)


def path_for(plan: Plan, type: str | None, severity: str, service_path: str | None = None) -> str | None:
    """The id of the escalation path: the type's, else the service's, else the severity's.

    None when the severity escalates to nobody: then no override pages anybody either. A service's path that
    this revision no longer has counts as none.
    """
    level = plan.severity.levels.get(severity)  # type: ignore[call-overload]  # any text may be asked for
    if level is None or level.escalation is None:
        return None
    override = next((t.escalation for t in type_and_parents(plan, type) if t.escalation), None)
    if override:
        return override
    return service_path if service_path in plan.escalation else str(level.escalation)


def steps_for(plan: Plan, type: str | None, severity: str) -> tuple[Step, ...]:
    """The steps of the type's procedure that apply at this severity, in the procedure's order."""
    procedure = plan.procedures.get(procedure_for(plan, type) or "")
    steps = procedure.steps if procedure else ()
    return tuple(step for step in steps if step.on_severity is None or severity in step.on_severity)


def review_rule_for(plan: Plan, severity: str) -> ReviewRule | None:
    """The review rule of a severity; None when it needs no review."""
    level = plan.severity.levels.get(severity)  # type: ignore[call-overload]  # any text may be asked for
    return level.review if level else None


def route_for(plan: Plan, labels: Mapping[str, str]) -> Route | None:
    """The first route whose matchers all hold. About a microsecond for each five routes."""
    return plan.router.find(labels)


def _grade(given: str | ByLabel | None, labels: Mapping[str, str], default: str) -> str:
    if isinstance(given, ByLabel):
        return given.values.get(labels.get(given.label, ""), given.otherwise)
    return given or default


def impact_of(plan: Plan, route: Route | None, labels: Mapping[str, str]) -> str:
    """The impact that a route gives to a signal; the plan's default without one."""
    return _grade(route.impact if route else None, labels, plan.defaults.impact)


def urgency_of(plan: Plan, route: Route | None, labels: Mapping[str, str]) -> str:
    """The urgency that a route gives to a signal; the plan's default without one."""
    return _grade(route.urgency if route else None, labels, plan.defaults.urgency)


def service_of(route: Route, labels: Mapping[str, str]) -> str | None:
    """The service's id that a route names: literally, or as the value of `{label}` (None if the signal lacks it)."""
    if route.service and route.service.startswith("{"):
        return labels.get(route.service[1:-1]) or None
    return route.service


def suppressed(route: Route, now: Instant) -> str | None:
    """The reason for which the route's signals open no incident at this instant; None if they do."""
    rule = route.suppress
    if rule is None or (rule.until is not None and now >= rule.until):
        return None
    local = now.astimezone(ZoneInfo(rule.zone))
    day = local.weekday()
    if rule.hours:
        start, end = (time.fromisoformat(part) for part in rule.hours.split("-"))
        wall = local.time().replace(tzinfo=None)
        inside = start <= wall < end if start < end else wall >= start or wall < end
        if not inside:
            return None
        if start > end and wall < end:
            day = (day - 1) % 7  # the small hours belong to the evening before
    return rule.reason if rule.days is None or DAYS[day] in rule.days else None


def working_days_after(calendar: Calendar, start: Instant, days: int) -> Instant:
    """The closing time of the `days`-th working day after the day of `start`, as an instant in UTC."""
    zone = ZoneInfo(calendar.zone)
    day = start.astimezone(zone).date()
    while days > 0:
        day += timedelta(days=1)
        if DAYS[day.weekday()] in calendar.working_days and day not in calendar.holidays:
            days -= 1
    return datetime.combine(day, time.fromisoformat(calendar.closes), zone).astimezone(start.tzinfo)
