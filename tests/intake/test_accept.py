"""Batches on real stores: what is recorded, what read tables and counters say; nothing accepted is lost."""

import threading
from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from quarterdeck.intake import actions, views
from quarterdeck.intake.kept import dedupe, grouping
from quarterdeck.intake.rules import SIGNAL, Arrival
from quarterdeck.kernel.errors import Forbidden
from quarterdeck.kernel.principal import ENGINE
from quarterdeck.record import schema
from quarterdeck.record.tables import read, record
from tests.cast import BOB, CHARLIE
from tests.conftest import House
from tests.intake.plans import MONITOR, arrival, bring_into_force


@pytest.fixture
def planned(house: House) -> House:
    house.perform(bring_into_force)
    return house


def accept(house: House, *batch: Arrival) -> actions.Taken:
    return house.perform(lambda tx: actions.accept(tx, batch), by=MONITOR)


def recorded(house: House) -> Counter[str]:
    with house.read() as conn:
        names = conn.execute(select(record.c.type).where(record.c.type.like("intake.%"))).scalars()
        return Counter(name.removeprefix("intake.") for name in names)


def only_group(house: House) -> Any:
    with house.read() as conn:
        return conn.execute(select(grouping)).one()


def test_a_storm_becomes_one_group(planned: House) -> None:
    taken = accept(planned, *[arrival(f"api-{n}") for n in range(1240)])
    assert taken.arrivals == 1240
    assert recorded(planned) == {"GroupOpened": 1, "GroupGrew": 3, "SignalRaised": 1240}
    assert only_group(planned).signals == 1240
    accept(planned, *[arrival(f"api-{n}") for n in range(1240)])
    assert recorded(planned)["SignalRaised"] == 1240
    page = planned.ask(views.signals, limit=2)
    assert [row.count for row in page.items] == [2, 2]


def test_a_second_first_alert_joins_the_signal(planned: House) -> None:
    accept(planned, arrival())
    accept(planned, arrival())
    assert recorded(planned) == {"GroupOpened": 1, "SignalRaised": 1}
    (row,) = planned.ask(views.signals).items
    assert (row.count, row.state, row.incident) == (2, "open", None)


def test_a_group_clears_after_its_quiet_time_and_not_before(planned: House) -> None:
    accept(planned, arrival())
    accept(planned, arrival(action="resolve"))
    planned.forward(minutes=4)
    accept(planned, arrival())
    planned.forward(minutes=10)
    assert recorded(planned)["GroupCleared"] == 0
    accept(planned, arrival(action="resolve"))
    planned.forward(minutes=6)
    assert recorded(planned)["GroupCleared"] == 1
    accept(planned, arrival())
    assert recorded(planned)["GroupOpened"] == 2


def test_what_was_resolved_and_raised_again_after_clearing_is_a_new_group_even_if_the_kept_row_is_late(
    planned: House,
) -> None:
    accept(planned, arrival())
    accept(planned, arrival(action="resolve"))
    planned.forward(minutes=6)
    assert only_group(planned).state == "quiet"  # the engine clears in the record only
    accept(planned, arrival("other"))
    assert recorded(planned)["GroupStirred"] == 0
    assert recorded(planned)["GroupOpened"] == 2


def test_an_attached_group_shows_its_incident_on_its_signals(planned: House) -> None:
    accept(planned, arrival())
    group = only_group(planned).id
    planned.perform(lambda tx: actions.attach_group(tx, group=group, number=214), by=ENGINE)
    (row,) = planned.ask(views.signals, incident=214).items
    assert row.incident == 214
    alerts = planned.ask(views.alerts, 214)
    assert alerts is not None
    assert (alerts.signals, alerts.firing, alerts.repeats) == (1, 1, 1)
    assert planned.ask(views.alerts, 215) is None


def test_after_closing_a_firing_signal_opens_a_new_group(planned: House) -> None:
    accept(planned, arrival())
    group = only_group(planned).id
    planned.perform(lambda tx: actions.close_group(tx, group=group, reason="The incident is resolved."), by=BOB)
    accept(planned, arrival())
    assert recorded(planned)["GroupOpened"] == 2


def test_a_hushed_group_takes_repeats_in_silence(planned: House) -> None:
    accept(planned, arrival())
    group = only_group(planned).id
    planned.perform(lambda tx: actions.close_group(tx, group=group, reason="Known.", hush=True), by=BOB)
    accept(planned, arrival())
    assert recorded(planned)["GroupOpened"] == 1
    accept(planned, arrival(action="resolve"))
    accept(planned, arrival())
    assert recorded(planned)["GroupOpened"] == 2


def test_signals_that_came_before_the_first_plan_are_opened_when_it_is_published(house: House) -> None:
    accept(house, arrival("a"), arrival("b"))
    accept(house, arrival("c", labels={"alertname": "Gone"}))
    accept(house, arrival("c", "resolve"))
    assert recorded(house)["GroupHeld"] == 2
    assert recorded(house)["GroupOpened"] == 0
    house.perform(bring_into_force)
    house.run_until_idle()
    assert recorded(house)["GroupOpened"] == 1
    assert recorded(house)["GroupClosed"] == 1
    accept(house, arrival("d"))
    assert recorded(house)["GroupOpened"] == 1


def test_only_intake_keys_may_send(house: House) -> None:
    for who in (BOB, CHARLIE):
        with pytest.raises(Forbidden):
            house.perform(lambda tx: actions.accept(tx, [arrival()]), by=who)


def test_read_tables_are_the_same_after_a_rebuild(planned: House) -> None:
    accept(planned, arrival("a"), arrival("b", severity="warning"), arrival("job", labels={"job": "backup"}))
    accept(planned, arrival("b", severity="critical"), arrival("a", "resolve"), arrival("b", "acknowledge"))
    planned.perform(lambda tx: actions.attach_group(tx, group=next(iter(groups(planned))), number=3), by=ENGINE)
    before = rows(planned)
    assert len(before["signal_group"]) == 2
    schema.rebuild(planned.record)
    assert rows(planned) == before


def groups(house: House) -> list[str]:
    with house.read() as conn:
        return list(conn.execute(select(grouping.c.id).order_by(grouping.c.id)).scalars())


def rows(house: House) -> dict[str, list[Any]]:
    tables = [read.tables[name] for name in ("signal_group", "change")]
    with house.read() as conn:
        return {table.name: sorted(tuple(map(str, row)) for row in conn.execute(select(table))) for table in tables}


def test_two_writers_lose_no_arrival_and_open_one_group(planned: House) -> None:
    def send(writer: int) -> None:
        for batch in range(10):
            accept(planned, *[arrival(f"api-{n}") for n in range(batch, batch + 5)], arrival(f"own-{writer}-{batch}"))

    writers = [threading.Thread(target=send, args=(n,)) for n in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with planned.read() as conn:
        counted = sum(conn.execute(select(dedupe.c.count)).scalars())
    assert counted == 3 * 10 * 6
    assert recorded(planned)["GroupOpened"] == 1
    assert only_group(planned).signals == 14 + 30


KEYS = st.sampled_from(["a", "b", "c"])
STEP = st.one_of(
    st.tuples(st.sampled_from(["raise", "resolve", "acknowledge"]), KEYS, st.sampled_from(["error", "critical"])),
    st.tuples(st.just("suppressed"), KEYS, st.just("error")),
    st.tuples(st.just("wait"), st.integers(1, 8), st.just("")),
    st.tuples(st.just("commit"), st.just(""), st.just("")),
    st.tuples(st.sampled_from(["close", "hush"]), st.integers(0, 3), st.just("")),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, max_size=30))
def test_whatever_arrives_counters_agree_with_what_was_recorded(planned: House, steps: list[Any]) -> None:
    Story(planned).play(steps)


class Story:
    """Plays steps under keys of its own (examples share one store), then compares counters with the record."""

    stories = 0

    def __init__(self, house: House) -> None:
        Story.stories += 1
        self.house, self.name = house, f"story-{Story.stories}"
        self.batch: list[Arrival] = []
        self.raised: Counter[str] = Counter()

    def play(self, steps: list[Any]) -> None:
        for action, value, severity in steps:
            if action in ("raise", "suppressed", "resolve", "acknowledge"):
                self.arrive(action, f"{self.name}-{value}", severity)
            else:
                self.commit()
                if action == "wait":
                    self.house.forward(minutes=value)
                elif action in ("close", "hush"):
                    self.end(value, action == "hush")
        self.commit()
        self.compare()

    def arrive(self, action: str, key: str, severity: str) -> None:
        labels = {"service": "payments", "alertname": self.name}
        if action == "suppressed":
            labels, action = {"job": "known-noise"}, "raise"
        self.raised[key] += action == "raise"
        self.batch.append(arrival(key, action, labels=labels, severity=severity))

    def commit(self) -> None:
        batch, self.batch = self.batch, []
        accept(self.house, *batch)

    def end(self, index: int, hush: bool) -> None:
        known = groups(self.house)
        if known:
            group = known[index % len(known)]
            self.house.perform(lambda tx: actions.close_group(tx, group=group, reason="Over.", hush=hush), by=BOB)

    def compare(self) -> None:
        with self.house.read() as conn:
            kept = {row.key: row for row in conn.execute(select(dedupe))}
            shown = {row.dedup_key: row for row in views.signals(conn, limit=200).items}
        assert {key: shown[key].count for key in shown if key in self.raised} == dict(+self.raised)
        folded = self.house.perform(lambda tx: tx.load_many(SIGNAL, kept))
        assert {key: (s.state, s.severity, s.group) for key, s in folded.items()} == {
            key: (row.state, row.severity, row.group) for key, row in kept.items()
        }
        firing = Counter(row.group for row in kept.values() if row.group and row.state in ("open", "acknowledged"))
        with self.house.read() as conn:
            for group in conn.execute(select(grouping)):
                assert group.firing == firing[group.id]
                if group.state not in ("closed", "hushed"):
                    assert group.quiet == (group.firing == 0)
