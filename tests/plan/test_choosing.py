"""What the plan says in a case: severity, path, steps, route, grades, suppression, working days."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.kernel.errors import Invalid
from quarterdeck.plan import rules
from quarterdeck.plan.rules import Router
from tests.plan.texts import example_plan, plan_from

PLAN = example_plan()
FRIDAY = datetime(2026, 3, 6, 23, 30, tzinfo=UTC)


def test_impact_and_urgency_give_the_severity() -> None:
    assert rules.compute_severity(PLAN.severity, "extensive", "high") == "SEV1"
    assert rules.compute_severity(PLAN.severity, "minor", "low") == "SEV5"


def test_a_grade_the_scheme_lacks_is_refused_with_those_it_has() -> None:
    with pytest.raises(Invalid, match="extensive, significant, moderate, minor"):
        rules.compute_severity(PLAN.severity, "enormous", "high")
    with pytest.raises(Invalid, match="high, medium, low"):
        rules.compute_severity(PLAN.severity, "minor", "never")


def test_a_type_s_floor_raises_and_never_lowers() -> None:
    assert rules.severity_for(PLAN, "personal-data-breach", "minor", "low") == "SEV2"
    assert rules.severity_for(PLAN, "personal-data-breach", "extensive", "high") == "SEV1"
    assert rules.severity_for(PLAN, "service-outage", "minor", "low") == "SEV5"


def test_a_type_takes_from_its_parent_what_it_leaves_out() -> None:
    assert PLAN.types["ransomware"].procedure is None
    assert rules.procedure_for(PLAN, "ransomware") == "security-incident"
    assert rules.commander_post_for(PLAN, "ransomware") == "information-security-officer"
    assert rules.path_for(PLAN, "ransomware", "SEV1") == "security"
    assert rules.procedure_for(PLAN, "no-such-type") is None


def test_the_type_s_path_comes_first_then_the_service_s_then_the_severity_s() -> None:
    assert rules.path_for(PLAN, "service-outage", "SEV1") == "major"
    assert rules.path_for(PLAN, "service-outage", "SEV1", service_path="standard") == "standard"
    assert rules.path_for(PLAN, "security-incident", "SEV1", service_path="standard") == "security"


def test_a_service_s_path_that_this_revision_lacks_counts_as_none() -> None:
    assert rules.path_for(PLAN, "service-outage", "SEV3", service_path="long-gone") == "standard"


def test_a_severity_that_pages_nobody_pages_nobody_by_another_path_either() -> None:
    assert rules.path_for(PLAN, "service-outage", "SEV4", service_path="major") is None
    assert rules.path_for(PLAN, "security-incident", "SEV5") is None


def test_steps_are_those_of_the_severity_in_the_procedure_s_order() -> None:
    everything = [step.id for step in PLAN.procedures["service-outage"].steps]
    assert [step.id for step in rules.steps_for(PLAN, "service-outage", "SEV1")] == everything
    few = [step.id for step in rules.steps_for(PLAN, "service-outage", "SEV3")]
    assert few == [name for name in everything if name in few]
    assert "elevate" not in few


def test_reviews_follow_the_severity() -> None:
    rule = rules.review_rule_for(PLAN, "SEV2")
    assert rule is not None
    assert rule.due_working_days == 5
    assert rules.review_rule_for(PLAN, "SEV3") is None


@pytest.mark.parametrize(
    ("labels", "route", "severity"),
    [
        ({"alertname": "Watchdog", "severity": "critical"}, "heartbeat", None),
        ({"alertname": "X", "severity": "info"}, "information", None),
        ({"alertname": "X", "severity": "critical", "service": "shop"}, "outage", "SEV2"),
        ({"alertname": "X", "severity": "critical", "impact": "extensive"}, "outage", "SEV1"),
        ({"alertname": "X", "severity": "warning"}, "degradation", "SEV4"),
        ({"alertname": "X", "severity": "error"}, "degradation", "SEV3"),
        ({"category": "security", "severity": "warning"}, "security", "SEV3"),
        ({"supplier": "", "severity": "critical"}, "supplier", "SEV2"),
        ({"change": "812", "severity": "critical"}, "change", "SEV2"),
        ({}, "everything-else", "SEV3"),
    ],
)
def test_the_example_routes_what_monitors_send(labels: dict[str, str], route: str, severity: str | None) -> None:
    found = rules.route_for(PLAN, labels)
    assert found is not None
    assert found.name == route
    if severity is None:
        assert rules.suppressed(found, FRIDAY)
    else:
        impact, urgency = rules.impact_of(PLAN, found, labels), rules.urgency_of(PLAN, found, labels)
        assert rules.severity_for(PLAN, found.type, impact, urgency) == severity


def test_a_service_is_named_literally_or_by_a_label() -> None:
    by_label = PLAN.routing[-1]
    assert rules.service_of(by_label, {"service": "shop"}) == "shop"
    assert rules.service_of(by_label, {}) is None
    batch = next(route for route in PLAN.routing if route.name == "nightly-batch")
    assert rules.service_of(batch, {"service": "other"}) == "batch"


@pytest.mark.parametrize(
    ("op", "value", "matching", "failing"),
    [
        ("=", "a", {"x": "a"}, {"x": "b"}),
        ("=", "", {}, {"x": "b"}),
        ("!=", "a", {}, {"x": "a"}),
        ("in", ("a", "b"), {"x": "b"}, {}),
        ("not_in", ("a", "b"), {}, {"x": "a"}),
        ("prefix", "ab", {"x": "abc"}, {"x": "ba"}),
        ("exists", None, {"x": ""}, {"y": "a"}),
    ],
)
def test_a_matcher_means_what_it_says(
    op: str, value: str | tuple[str, ...] | None, matching: dict[str, str], failing: dict[str, str]
) -> None:
    router = Router([("yes", [("x", op, value)])])
    assert router.find(matching) == "yes"
    assert router.find(failing) is None


@given(
    st.lists(
        st.lists(st.tuples(st.sampled_from("xyz"), st.sampled_from(["=", "!=", "prefix"]), st.sampled_from("ab")))
    ),
    st.dictionaries(st.sampled_from("xyz"), st.sampled_from(["", "a", "b", "ab"])),
)
def test_the_first_route_whose_matchers_all_hold_wins(
    routes: list[list[tuple[str, str, str]]], labels: dict[str, str]
) -> None:
    def holds(match: tuple[str, str, str]) -> bool:
        value = labels.get(match[0], "")
        return {"=": value == match[2], "!=": value != match[2], "prefix": value.startswith(match[2])}[match[1]]

    expected = next((index for index, matches in enumerate(routes) if all(map(holds, matches))), None)
    assert Router(list(enumerate(routes))).find(labels) == expected


SUPPRESSED = (
    '  - name: rest\n    suppress: {reason: Maintenance, hours: "22:00-06:00", days: [fri], zone: Europe/Berlin}\n'
)


@pytest.mark.parametrize(
    ("day", "hour", "quiet"),
    [(6, 20, False), (6, 21, True), (6, 23, True), (7, 4, True), (7, 5, False), (7, 22, False), (6, 3, False)],
)
def test_a_window_passes_midnight_and_belongs_to_the_day_it_began_on(day: int, hour: int, quiet: bool) -> None:
    route = plan_from(("  - name: rest\n", SUPPRESSED)).routing[-1]
    now = datetime(2026, 3, day, hour, 30, tzinfo=UTC)  # Berlin is one hour ahead in winter
    assert rules.suppressed(route, now) == ("Maintenance" if quiet else None)


def test_a_suppression_ends_when_it_says() -> None:
    until = '  - name: rest\n    suppress: {reason: Move, until: "2026-03-06T23:30:00Z"}\n'
    route = plan_from(("  - name: rest\n", until)).routing[-1]
    assert rules.suppressed(route, FRIDAY.replace(minute=29)) == "Move"
    assert rules.suppressed(route, FRIDAY) is None


def test_working_days_pass_over_weekends_and_holidays() -> None:
    calendar = "calendar: {zone: Europe/Berlin, closes: '16:00', holidays: [2026-03-09]}\n"
    plan = plan_from(("name: Small plan\n", f"name: Small plan\n{calendar}"))
    # 23:30 UTC on Friday is Saturday in Berlin; Monday is a holiday: Tuesday and Wednesday follow.
    assert rules.working_days_after(plan.calendar, FRIDAY, 2) == datetime(2026, 3, 11, 15, 0, tzinfo=UTC)


def test_working_days_hold_their_wall_clock_over_the_change_to_summer_time() -> None:
    plan = plan_from(("name: Small plan\n", "name: Small plan\ncalendar: {zone: Europe/Berlin}\n"))
    before = datetime(2026, 3, 27, 12, 0, tzinfo=UTC)
    assert rules.working_days_after(plan.calendar, before, 1) == datetime(2026, 3, 30, 15, 0, tzinfo=UTC)
