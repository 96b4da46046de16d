"""Where the plan puts a signal: whose it is, how bad it is, what it belongs together with, whether it is suppressed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b

from quarterdeck.kernel.time import Instant
from quarterdeck.plan import rules as plan_rules
from quarterdeck.plan.rules import ByLabel, InForce

NO_ROUTE = "(none)"
"""The name that stands in the record when no route matched and the plan's defaults hold."""
NO_PLAN = "(no plan)"
FALLBACK_GROUP_BY = ("service", "alertname", "component")
"""What unmatched signals are grouped by, besides their source."""
FALLBACK_WINDOW = 60
FALLBACK_CLEAR_AFTER = 5

_NAMES: dict[str, tuple[str, ...]] = {}


def deciding(in_force: InForce | None) -> tuple[str, ...]:
    """The labels that a place depends on: signals of one source that agree in these go to the same place."""
    if in_force is None:
        return FALLBACK_GROUP_BY
    names = _NAMES.get(in_force.content_hash)
    if names is None:
        if len(_NAMES) > 32:
            _NAMES.clear()
        names = _NAMES[in_force.content_hash] = tuple(sorted(_named(in_force)))
    return names


def _named(in_force: InForce) -> set[str]:
    names = set(FALLBACK_GROUP_BY)
    for route in in_force.plan.routing:
        names |= {matcher.label for matcher in route.match} | set(route.group_by)
        names |= {grade.label for grade in (route.impact, route.urgency) if isinstance(grade, ByLabel)}
        if route.service and route.service.startswith("{"):
            names.add(route.service[1:-1])
    return names


ServiceKnown = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Place:
    """`group_key` names the group that a signal belongs to; `window` and `clear_after` are minutes."""

    route: str
    group_key: str
    window: int
    clear_after: int
    auto_resolve: bool
    service: str | None = None
    incident_type: str = ""
    impact: str = ""
    urgency: str = ""
    suppressed_by: str | None = None


def place(
    in_force: InForce | None,
    source: str,
    labels: Mapping[str, str],
    now: Instant,
    known: ServiceKnown,
    drill: str = "",
) -> Place:
    """Ask the plan. Without a plan the signal is grouped by a fallback and held until there is one.

    `drill`: the exercise it belongs to; its signals are grouped among themselves.
    """
    found = _place(in_force, source, labels, now, known)
    return replace(found, group_key=_key("drill", drill, [found.group_key])) if drill else found


def _place(
    in_force: InForce | None, source: str, labels: Mapping[str, str], now: Instant, known: ServiceKnown
) -> Place:
    if in_force is None:
        return _fallback(NO_PLAN, source, labels)
    plan = in_force.plan
    route = plan_rules.route_for(plan, labels)
    impact = plan_rules.impact_of(plan, route, labels)
    urgency = plan_rules.urgency_of(plan, route, labels)
    if route is None:
        named = labels.get("service")
        service = named if named and known(named) else None
        return _fallback(NO_ROUTE, source, labels, service, plan.defaults.type, impact, urgency)
    named = plan_rules.service_of(route, labels)
    return Place(
        route.name,
        _key(route.name, named or "", [labels.get(label, "") for label in route.group_by]),
        route.group_window,
        route.auto_resolve_after,
        route.auto_resolve,
        named if named and known(named) else None,
        route.type or plan.defaults.type,
        impact,
        urgency,
        plan_rules.suppressed(route, now),
    )


def _fallback(
    route: str,
    source: str,
    labels: Mapping[str, str],
    service: str | None = None,
    incident_type: str = "",
    impact: str = "",
    urgency: str = "",
) -> Place:
    key = _key(route, source, [labels.get(label, "") for label in FALLBACK_GROUP_BY])
    return Place(route, key, FALLBACK_WINDOW, FALLBACK_CLEAR_AFTER, True, service, incident_type, impact, urgency)


def _key(*parts: str | Sequence[str]) -> str:
    flat = "\x1f".join(part if isinstance(part, str) else "\x1e".join(part) for part in parts)
    return blake2b(flat.encode("utf-8", "replace"), digest_size=16).hexdigest()


def gravest(in_force: InForce | None, was: tuple[str, str], now: tuple[str, str]) -> tuple[str, str]:
    """The graver impact and the graver urgency of two pairs, by the plan's scales (greatest first)."""
    if in_force is None:
        return was
    scheme = in_force.plan.severity
    return (
        _graver([grade.id for grade in scheme.impact], was[0], now[0]),
        _graver([grade.id for grade in scheme.urgency], was[1], now[1]),
    )


def _graver(scale: list[str], was: str, now: str) -> str:
    # A grade that only an older revision had cannot be compared: it stays.
    return now if was in scale and now in scale and scale.index(now) < scale.index(was) else was
