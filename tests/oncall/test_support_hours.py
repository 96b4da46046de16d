"""A severity that is not urgent pages in support hours only: it waits out loud, and is never forgotten."""

import copy
import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.app import now as app_now
from quarterdeck.command import actions as command
from quarterdeck.kernel.events import Event
from quarterdeck.oncall import actions, views
from quarterdeck.oncall import events as ev
from quarterdeck.oncall.events import Reached, SupportHours
from quarterdeck.oncall.reactions import ClockWatch
from quarterdeck.oncall.rules import ESCALATION, Escalation
from quarterdeck.oncall.rules import escalation as life
from quarterdeck.oncall.rules.calendar import instant_of, local
from quarterdeck.oncall.rules.hours import opens_at
from quarterdeck.plan import actions as plan
from quarterdeck.plan.rules.revision import PLAN as PLAN_LIFE
from quarterdeck.plan.rules.revision import REVISION, publish
from quarterdeck.plan.state import in_force
from quarterdeck.record import Tx, schema
from tests.cast import ALICE, BOB
from tests.oncall.making import MON_FRI, at, started
from tests.oncall.test_command_line import run
from tests.oncall.world import PLAN, PRIMARY, declare, escalation, paged
from tests.people import settle

BERLIN = SupportHours(
    zone="Europe/Berlin", days=MON_FRI, opens=8 * 60, closes=17 * 60, holidays=(date(2026, 4, 6),), waits=("SEV2",)
)
FRIDAY_NIGHT = at("2026-03-06 22:00")
MONDAY = at("2026-03-09 07:00")
"""08:00 in Berlin."""


# -- the hours themselves ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "opens"),
    [
        ("2026-03-06 06:59", "2026-03-06 07:00"),
        ("2026-03-06 07:00", None),
        ("2026-03-06 15:59", None),
        ("2026-03-06 16:00", "2026-03-09 07:00"),
        ("2026-03-28 12:00", "2026-03-30 06:00"),  # the clocks went forward in between: 08:00 is an hour earlier
        ("2026-10-24 12:00", "2026-10-26 07:00"),  # and back
        ("2026-04-03 16:00", "2026-04-07 06:00"),  # Easter Monday is a holiday
    ],
)
def test_support_hours_begin_at_the_local_hour_whatever_the_clocks_do(when: str, opens: str | None) -> None:
    assert opens_at(BERLIN, at(when)) == (at(opens) if opens else None)


@given(
    st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1)),
    st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kolkata"]),
    st.sets(st.integers(0, 6), min_size=1),
    st.integers(0, 1438).flatmap(lambda opens: st.tuples(st.just(opens), st.integers(opens + 1, 1439))),
)
def test_what_waits_opens_on_a_working_day_at_the_hour_and_nothing_opens_before(
    when: datetime, zone: str, days: set[int], hours: tuple[int, int]
) -> None:
    moment = at(f"{when:%Y-%m-%d %H:%M}")
    support = SupportHours(zone=zone, days=tuple(days), opens=hours[0], closes=hours[1], waits=("SEV2",))
    opens = opens_at(support, moment)
    today = local(zone, moment).date()
    spans = [
        (instant_of(zone, day, support.opens), instant_of(zone, day, support.closes))
        for day in (today + timedelta(days=n) for n in range(-1, 9))
        if day.weekday() in days
    ]
    if opens is None:
        assert any(begin <= moment < end for begin, end in spans)
    else:
        assert opens == min(begin for begin, end in spans if moment < end)
        assert opens > moment


# -- the escalation ------------------------------------------------------------------------------


def fold(*events: Event, onto: Escalation | None = None) -> Escalation:
    state = ESCALATION.fold(events, onto)
    assert state is not None
    return state


def begun(when: datetime, severity: str = "SEV2", **changes: Any) -> Escalation:
    return fold(*life.start(None, started(at=when, severity=severity, hours=BERLIN, **changes)))


def reached(state: Escalation, *people: str, now: datetime) -> Escalation:
    found = [Reached(person=person, target="schedule:primary") for person in people]
    return fold(*life.reach(state, people=found, unreached=[], now=now), onto=state)


def test_out_of_hours_the_first_page_waits_as_an_alarm_and_then_it_is_its_turn() -> None:
    state = begun(FRIDAY_NIGHT)
    assert (state.status, state.pending, ESCALATION.due(state)) == ("waiting", None, MONDAY)
    [turn] = ESCALATION.wake(state, MONDAY)
    assert isinstance(turn, ev.LevelDue)
    assert (turn.step, turn.level, turn.reason) == (0, 1, "support hours")


def test_an_engine_that_was_down_all_day_waits_for_the_next_one() -> None:
    late = at("2026-03-09 20:00")
    assert ESCALATION.wake(begun(FRIDAY_NIGHT), late) == [
        ev.PagingPostponed(at=late, until=at("2026-03-10 07:00"), reason="support hours")
    ]


def test_an_urgent_severity_pages_at_any_hour_and_so_does_what_a_person_asks_for() -> None:
    assert begun(FRIDAY_NIGHT, "SEV1").pending is not None
    assert begun(FRIDAY_NIGHT, reason="asked for").pending is not None
    [turn] = life.escalate(begun(FRIDAY_NIGHT), by="bob", now=FRIDAY_NIGHT)
    assert isinstance(turn, ev.LevelDue) and turn.step == 0


def test_the_climb_rests_at_closing_time_and_goes_on_where_it_was() -> None:
    evening = at("2026-03-06 15:58")
    state = reached(begun(evening), "bob", now=evening)
    closed = at("2026-03-06 16:03")
    assert ESCALATION.due(state) == closed
    state = fold(*ESCALATION.wake(state, closed), onto=state)
    assert (state.status, ESCALATION.due(state)) == ("waiting", MONDAY)
    [turn] = ESCALATION.wake(state, MONDAY)
    assert isinstance(turn, ev.LevelDue) and (turn.step, turn.level) == (1, 2)


def test_raised_to_an_urgent_severity_it_pages_at_once_and_raised_to_another_that_waits_it_waits() -> None:
    state = begun(FRIDAY_NIGHT)
    followed, turn = life.follow_severity(state, severity="SEV1", now=FRIDAY_NIGHT + timedelta(hours=1))
    assert isinstance(turn, ev.LevelDue) and turn.reason == "severity raised"
    assert isinstance(followed, ev.SeverityFollowed)
    waits = SupportHours(
        zone="UTC", days=MON_FRI, opens=BERLIN.opens, closes=BERLIN.closes, waits=("SEV2", "SEV3", "SEV4")
    )
    patient = fold(*life.start(None, started(at=FRIDAY_NIGHT, severity="SEV4", hours=waits)))
    assert len(life.follow_severity(patient, severity="SEV3", now=FRIDAY_NIGHT)) == 1


def test_acknowledged_while_it_waits_nobody_is_paged_any_more() -> None:
    state = begun(FRIDAY_NIGHT)
    state = fold(*life.acknowledge(state, by="bob", how="console", now=FRIDAY_NIGHT), onto=state)
    assert (state.status, ESCALATION.due(state)) == ("acknowledged", None)


def test_whoever_gives_an_incident_back_at_night_hands_it_to_the_next_morning() -> None:
    day = at("2026-03-06 12:00")
    state = reached(begun(day), "bob", now=day)
    page = ev.PageRequested(at=day, step=0, person="bob", target="schedule:primary", delivery="d1")
    state = fold(page, onto=state)
    state = fold(*life.acknowledge(state, by="bob", how="link", now=day), onto=state)
    state = fold(*life.decline(state, delivery="d1", now=FRIDAY_NIGHT), onto=state)
    assert (state.status, ESCALATION.due(state)) == ("waiting", MONDAY)


def test_after_the_clock_was_set_back_it_waits_for_the_opening_that_comes_first() -> None:
    state = begun(FRIDAY_NIGHT)
    thursday = at("2026-03-05 03:00")
    state = fold(*life.mend_deadline(state, thursday), onto=state)
    assert ESCALATION.due(state) == at("2026-03-05 07:00")
    assert life.mend_deadline(state, thursday) == []


def test_the_help_for_whoever_has_it_waits_too_and_leaves_them_in_charge() -> None:
    state = begun(at("2026-03-06 12:00"))
    state = fold(*life.acknowledge(state, by="bob", how="link", now=FRIDAY_NIGHT), onto=state)
    again = started(at=FRIDAY_NIGHT, severity="SEV2", hours=BERLIN, acknowledged=True, reason="severity raised")
    state = fold(*life.start(state, again), onto=state)
    assert (state.status, ESCALATION.due(state)) == ("acknowledged", MONDAY)
    state = fold(*ESCALATION.wake(state, MONDAY), onto=state)
    assert (state.status, state.pending is not None) == ("acknowledged", True)


# -- the house -----------------------------------------------------------------------------------


def open_house(house: Any) -> None:
    """As the world's, with SEV2 in support hours, Berlin time; and it is Friday night."""
    settle(house.record)
    document = copy.deepcopy(PLAN)
    document["calendar"] = {"zone": "Europe/Berlin", "opens": "08:00", "closes": "17:00"}
    for severity in ("SEV2", "SEV3"):
        document["severity"]["levels"][severity]["urgent"] = False
    house.perform(lambda tx: plan.adopt(tx, document=document, reason="nights are for sleeping"))
    house.perform(lambda tx: actions.revise_schedule(tx, id="primary", document=PRIMARY))
    house.clock.set(FRIDAY_NIGHT)


def test_declared_at_night_it_pages_in_the_morning(house: Any) -> None:
    open_house(house)
    number = declare(house, "SEV2")
    row = escalation(house, number)
    assert (row.status, row.until, paged(house)) == ("waiting", MONDAY, [])
    assert row.waiting == "pages Mon 9 Mar 08:00 Europe/Berlin, support hours"
    assert row.next_targets == ("schedule:primary",)
    house.forward(hours=56)
    assert paged(house) == []
    house.forward(hours=1)
    assert paged(house) == ["bob"]
    assert escalation(house, number).steps[0].reason == "support hours"
    house.forward(minutes=5)
    assert len(paged(house)) > 1


def test_raised_to_sev1_at_night_it_pages_that_minute(house: Any) -> None:
    open_house(house)
    number = declare(house, "SEV2")
    house.perform(lambda tx: command.change_severity(tx, number=number, severity="SEV1", reason="worse"), by=ALICE)
    house.run_until_idle()
    assert paged(house) == ["bob"]
    assert (escalation(house, number).status, escalation(house, number).severity) == ("climbing", "SEV1")


def test_raised_to_another_path_at_night_what_still_can_wait_waits(house: Any) -> None:
    open_house(house)
    number = declare(house, "SEV3")
    house.perform(lambda tx: command.change_severity(tx, number=number, severity="SEV2", reason="worse"), by=ALICE)
    house.run_until_idle()
    row = escalation(house, number)
    assert (row.path, row.status, row.until, paged(house)) == ("major", "waiting", MONDAY, [])


def test_lowered_at_night_to_what_can_wait_the_climb_rests(house: Any) -> None:
    open_house(house)
    number = declare(house, "SEV1")
    assert paged(house) == ["bob"]
    house.perform(lambda tx: command.change_severity(tx, number=number, severity="SEV2", reason="milder"), by=ALICE)
    house.run_until_idle()
    house.forward(hours=3)
    assert paged(house) == ["bob"]
    assert escalation(house, number).status == "waiting"


def test_a_person_may_call_the_next_level_at_any_hour(house: Any) -> None:
    open_house(house)
    number = declare(house, "SEV2")
    house.perform(lambda tx: actions.escalate_now(tx, number=number), by=BOB)
    assert paged(house) == ["bob"]


def test_reopened_at_night_it_waits_and_resolved_while_it_waits_it_rests(house: Any) -> None:
    open_house(house)
    number = declare(house, "SEV2")
    house.perform(lambda tx: command.resolve(tx, number=number, reason="gone"), by=ALICE)
    house.run_until_idle()
    assert escalation(house, number).status == "stopped"
    house.perform(lambda tx: command.reopen(tx, number=number, reason="back"), by=ALICE)
    house.run_until_idle()
    assert (escalation(house, number).status, escalation(house, number).until) == ("waiting", MONDAY)
    house.forward(days=3)
    assert "bob" in paged(house)


def test_a_plan_without_support_hours_pages_at_any_hour_whatever_was_recorded_of_it(house: Any) -> None:
    """Revisions published before there were support hours say `urgent: false` where nothing was written."""
    open_house(house)
    house.perform(_publish_as_it_was)
    number = declare(house, "SEV2")
    assert (escalation(house, number).status, paged(house)) == ("climbing", ["bob"])


def _publish_as_it_was(tx: Tx) -> None:
    document = in_force(tx).plan.model_dump(mode="json")  # type: ignore[union-attr]  # a plan is in force
    del document["calendar"]["opens"]
    for level in document["severity"]["levels"].values():
        level["urgent"] = False
    written, published = publish(
        tx.load(PLAN_LIFE, "main"), files={"plan.yaml": "old"}, document=document, reason="old", by="admin", now=tx.now
    )
    tx.append(REVISION, written.revision, [written])
    tx.append(PLAN_LIFE, "main", [published])


def test_after_the_clock_was_set_back_nobody_waits_a_week_longer(house: Any) -> None:
    open_house(house)
    number = declare(house, "SEV2")
    watch = ClockWatch(house.record)
    watch()
    house.clock.set(FRIDAY_NIGHT - timedelta(days=2))
    watch()
    assert escalation(house, number).until == at("2026-03-05 07:00")


def test_the_console_and_the_command_line_say_when_it_will_page(house: Any) -> None:
    open_house(house)
    number = declare(house, "SEV2")
    said = "pages Mon 9 Mar 08:00 Europe/Berlin, support hours"
    assert f"INC-{number} SEV2 {said}." in run(house, "now").output
    [waiting] = json.loads(run(house, "now", "--json").output)["waiting"]
    assert waiting == {"incident": number, "severity": "SEV2", "pages_at": "2026-03-09T07:00:00Z"}
    row = escalation(house, number)
    assert (app_now.summary(row, {}) or {})["text"] == said
    client = house.client(BOB)
    for page in (f"/incidents/{number}", f"/incidents/{number}/panels/escalation", "/"):
        assert said in client.get(page).text, page
    assert [one.number for one in house.ask(views.asking)] == [number]
    assert house.ask(views.pages_for, "bob") == []


def test_the_read_tables_are_the_same_after_a_rebuild(house: Any) -> None:
    open_house(house)
    number = declare(house, "SEV2")
    before = escalation(house, number)
    schema.rebuild(house.record)
    assert escalation(house, number) == before
