"""What a batch of arrivals means, without a store: given rows, when arrivals, then events and rows."""

from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from quarterdeck.intake.events import (
    GroupFellQuiet,
    GroupGrew,
    GroupHeld,
    GroupOpened,
    GroupStirred,
    GroupWorsened,
    SignalRaised,
    SignalResolved,
)
from quarterdeck.intake.rules import Arrival, Ledger, deciding, place
from quarterdeck.kernel.time import Instant
from quarterdeck.plan.rules import InForce
from tests.intake.plans import IN_FORCE, NOON, arrival

NIGHT = NOON.replace(hour=23)


class Desk:
    """Ledgers one after another over the same rows, as batches one after another are."""

    def __init__(self, in_force: InForce | None = IN_FORCE) -> None:
        self.seen: dict[str, Any] = {}
        self.groups: dict[str, Any] = {}
        self.in_force = in_force
        self.now = NOON
        self.ids = count(1)

    def take(self, *arrivals: Arrival, at: Instant | None = None) -> list[str]:
        """The names of the events that came of it, groups' first."""
        self.now = at or self.now
        ledger = Ledger(
            self.now,
            self.in_force,
            lambda a: place(self.in_force, a.source, a.labels, self.now, lambda service: service == "payments"),
            lambda: f"g{next(self.ids)}",
            self.seen,
            self.groups,
        )
        ledger.take_all(arrivals)
        for row in (*self.seen.values(), *self.groups.values()):
            row.new = False
        self.last = [
            event for events in (*ledger.group_events.values(), *ledger.signal_events.values()) for event in events
        ]
        return [type(event).__name__ for event in self.last]

    def later(self, **delta: float) -> Instant:
        return self.now + timedelta(**delta)


def test_a_first_signal_opens_a_group_by_its_route() -> None:
    desk = Desk()
    assert desk.take(arrival(severity="critical")) == ["GroupOpened", "SignalRaised"]
    opened, raised = desk.last
    assert isinstance(opened, GroupOpened)
    assert isinstance(raised, SignalRaised)
    assert (opened.route, opened.incident_type, opened.service) == ("payments", "outage", "payments")
    assert (opened.impact, opened.urgency, opened.clear_after) == ("high", "high", 5)
    assert raised.group == opened.group


def test_a_repeat_is_counted_not_recorded() -> None:
    desk = Desk()
    desk.take(arrival())
    assert desk.take(arrival(), arrival()) == []
    (row,) = desk.seen.values()
    assert row.count == 3


def test_a_service_that_the_catalogue_does_not_know_is_left_out() -> None:
    desk = Desk()
    desk.take(arrival(labels={"service": "checkout", "alertname": "X"}))
    assert desk.last[0].service is None  # type: ignore[attr-defined]  # it is a GroupOpened


def test_signals_with_equal_labels_join_one_group_and_others_do_not() -> None:
    desk = Desk()
    batch = [arrival(f"api-{n}") for n in range(3)]
    other = arrival("x", labels={"service": "payments", "alertname": "DiskFull"})
    names = desk.take(*batch, other)
    assert names.count("GroupOpened") == 2
    assert names.count("SignalRaised") == 4
    assert sorted(group.signals for group in desk.groups.values()) == [1, 3]


def test_growth_is_recorded_at_ten_and_a_hundred() -> None:
    desk = Desk()
    desk.take(*[arrival(f"api-{n}") for n in range(120)])
    assert [event.signals for event in desk.last if isinstance(event, GroupGrew)] == [10, 100]


def test_a_worse_signal_worsens_the_group_once() -> None:
    desk = Desk()
    desk.take(arrival("a", severity="warning"))
    names = desk.take(arrival("b", severity="critical"), arrival("c", severity="critical"))
    assert names.count("GroupWorsened") == 1
    worse = next(event for event in desk.last if isinstance(event, GroupWorsened))
    assert (worse.impact, worse.urgency, worse.severity) == ("high", "high", "critical")


def test_a_repeat_with_a_worse_severity_worsens_signal_and_group() -> None:
    desk = Desk()
    desk.take(arrival(severity="warning"))
    assert desk.take(arrival(severity="critical")) == ["GroupWorsened", "SignalWorsened"]
    assert desk.take(arrival(severity="warning")) == []


def test_a_signal_after_the_window_opens_a_new_group() -> None:
    desk = Desk()
    desk.take(arrival("a"))
    assert "GroupOpened" not in desk.take(arrival("b"), at=desk.later(minutes=60))
    assert "GroupOpened" in desk.take(arrival("c"), at=desk.later(minutes=61))


def test_repeats_keep_the_window_open() -> None:
    desk = Desk()
    desk.take(arrival("a"))
    desk.take(arrival("a"), at=desk.later(minutes=50))
    assert "GroupOpened" not in desk.take(arrival("b"), at=desk.later(minutes=50))


def test_when_the_last_signal_resolves_the_group_falls_quiet() -> None:
    desk = Desk()
    desk.take(arrival("a"), arrival("b"))
    assert desk.take(arrival("a", "resolve")) == ["SignalResolved"]
    assert desk.take(arrival("b", "resolve")) == ["GroupFellQuiet", "SignalResolved"]
    assert desk.take(arrival("b", "resolve")) == []


def test_a_signal_raised_again_stirs_its_quiet_group() -> None:
    desk = Desk()
    desk.take(arrival("a"))
    desk.take(arrival("a", "resolve"))
    assert desk.take(arrival("a")) == ["GroupStirred", "SignalRaised"]
    (group,) = desk.groups.values()
    assert (group.signals, group.firing, group.state) == (1, 1, "open")


def test_after_a_group_has_cleared_a_signal_opens_a_new_one() -> None:
    desk = Desk()
    desk.take(arrival("a"))
    desk.take(arrival("a", "resolve"))
    next(iter(desk.groups.values())).state = "cleared"
    assert desk.take(arrival("a")) == ["GroupOpened", "SignalRaised"]


def test_a_cleared_group_without_auto_resolve_is_taken_up_again() -> None:
    desk = Desk()
    storage = {"team": "storage"}
    desk.take(arrival("a", labels=storage))
    desk.take(arrival("a", "resolve"))
    next(iter(desk.groups.values())).state = "cleared"
    assert desk.take(arrival("a", labels=storage)) == ["GroupStirred", "SignalRaised"]


def test_a_signal_that_goes_on_after_its_group_was_closed_opens_a_new_one() -> None:
    desk = Desk()
    desk.take(arrival("a"))
    next(iter(desk.groups.values())).state = "closed"
    assert desk.take(arrival("a")) == ["GroupOpened", "SignalRaised"]


def test_a_hushed_group_keeps_its_signals_quiet_until_they_have_been_resolved() -> None:
    desk = Desk()
    desk.take(arrival("a"))
    next(iter(desk.groups.values())).state = "hushed"
    assert desk.take(arrival("a"), arrival("a")) == []
    assert desk.take(arrival("a", "resolve")) == ["SignalResolved"]
    assert desk.take(arrival("a")) == ["GroupOpened", "SignalRaised"]


def test_the_first_acknowledgement_by_a_source_acknowledges_the_group() -> None:
    desk = Desk()
    desk.take(arrival("a"), arrival("b"))
    assert desk.take(arrival("a", "acknowledge")) == ["GroupAcknowledged", "SignalAcknowledged"]
    assert desk.take(arrival("a", "acknowledge"), arrival("b", "acknowledge")) == ["SignalAcknowledged"]
    assert desk.take(arrival("a", "resolve")) == ["SignalResolved"]


@pytest.mark.parametrize("action", ["resolve", "acknowledge"])
def test_an_unknown_signal_cannot_be_resolved_or_acknowledged(action: str) -> None:
    assert Desk().take(arrival("never-seen", action)) == []


def test_a_suppressed_signal_is_recorded_and_opens_nothing() -> None:
    desk = Desk()
    backup = {"job": "backup"}
    assert desk.take(arrival(labels=backup), arrival(labels=backup), at=NIGHT) == ["SignalRaised"]
    raised = desk.last[0]
    assert isinstance(raised, SignalRaised)
    assert (raised.group, raised.suppressed_by) == (None, "Backups run at night.")
    assert desk.take(arrival("db-1", "resolve")) == ["SignalResolved"]


def test_a_suppressed_signal_that_still_fires_in_the_morning_opens_a_group() -> None:
    desk = Desk()
    backup = {"job": "backup"}
    desk.take(arrival(labels=backup), at=NIGHT)
    assert desk.take(arrival(labels=backup), at=desk.later(hours=8)) == ["GroupOpened", "SignalRaised"]


def test_a_signal_without_a_route_gets_the_defaults_of_the_plan() -> None:
    desk = Desk()
    desk.take(arrival(labels={"alertname": "Odd"}))
    opened = desk.last[0]
    assert isinstance(opened, GroupOpened)
    assert (opened.route, opened.incident_type, opened.impact) == ("(none)", "incident", "medium")


def test_without_a_plan_the_group_is_held() -> None:
    desk = Desk(in_force=None)
    assert desk.take(arrival("a"), arrival("b")) == ["GroupHeld", "SignalRaised", "SignalRaised"]
    assert isinstance(desk.last[0], GroupHeld)
    assert desk.take(arrival("a", "resolve"), arrival("b", "resolve")) == [
        "GroupFellQuiet",
        "SignalResolved",
        "SignalResolved",
    ]
    assert desk.take(arrival("a")) == ["GroupStirred", "SignalRaised"]


def test_raise_resolve_raise_in_one_batch_is_three_events() -> None:
    desk = Desk()
    desk.take(arrival(), arrival(action="resolve"), arrival())
    assert [type(event) for event in desk.last] == [
        GroupOpened,
        GroupFellQuiet,
        GroupStirred,
        SignalRaised,
        SignalResolved,
        SignalRaised,
    ]


def test_an_acknowledged_signal_that_worsens_says_so() -> None:
    desk = Desk()
    desk.take(arrival(severity="warning"))
    desk.take(arrival(action="acknowledge"))
    assert desk.take(arrival(severity="critical")) == ["GroupWorsened", "SignalWorsened"]


def test_the_place_of_a_signal_depends_on_the_deciding_labels_only() -> None:
    names = deciding(IN_FORCE)
    assert set(names) == {"alertname", "component", "job", "service", "severity", "team"}
    for labels in (
        {"service": "payments", "alertname": "A", "severity": "critical"},
        {"job": "x"},
        {"team": "storage"},
    ):
        with_more = {**labels, "instance": "api-1", "anything": "else"}
        first, second = (place(IN_FORCE, "test", given, NOON, lambda service: True) for given in (labels, with_more))
        assert first == second
