"""The timeline: a reading of the record, in plain sentences, with when things occurred and when they were written."""

from datetime import timedelta
from typing import Any

from quarterdeck.command import actions, views
from quarterdeck.command import events as ev
from quarterdeck.command.rules.telling import TELLS, tell
from quarterdeck.kernel.events import events_of, type_name
from tests.cast import ADMIN, ALICE, BOB
from tests.command.situations import furnish


def test_every_event_of_an_incident_has_its_sentence() -> None:
    assert {type_name(event) for event in events_of(ev)} == {name for name in TELLS if name.startswith("command.")}


def test_a_fact_without_a_sentence_is_told_by_its_own_name() -> None:
    unknown = tell("weather.StormBroke")
    assert unknown.say({}, str) == "Storm broke"
    assert not unknown.key


def test_late_entries_stand_where_they_occurred_and_say_when_they_were_recorded(house: Any) -> None:
    furnish(house)
    number = house.perform(lambda tx: actions.declare(tx, title="Slow"), by=ALICE)
    start = house.clock.now()
    house.clock.forward(minutes=30)
    house.perform(lambda tx: actions.note(tx, number=number, text="second"), by=ALICE)
    house.clock.forward(minutes=10)
    earlier = start + timedelta(minutes=5)
    house.perform(lambda tx: actions.note(tx, number=number, text="first", at=earlier), by=BOB)
    notes = [entry for entry in house.ask(views.timeline, number) if entry.type == "command.NoteAdded"]
    assert [(entry.body, entry.late) for entry in notes] == [("second", False), ("first", True)]
    late = notes[1]
    assert (late.occurred_at, late.recorded_at, late.actor_name) == (earlier, house.clock.now(), "Bob")


def test_the_order_of_recording_is_kept_for_programs(house: Any) -> None:
    furnish(house)
    number = house.perform(lambda tx: actions.declare(tx, title="Slow"), by=ALICE)
    house.clock.forward(minutes=1)
    house.perform(lambda tx: actions.note(tx, number=number, text="seen"), by=ALICE)
    everything: list[Any] = []
    cursor: int | None = 0
    while cursor is not None:
        page, cursor = house.ask(views.history, number, after=cursor, limit=3)
        assert len(page) <= 3
        everything += page
    positions = [entry.position for entry in everything]
    assert positions == sorted(set(positions))
    assert everything[0].type == "command.IncidentDeclared"
    assert everything[-1].type == "command.NoteAdded"
    assert len(everything) == len(house.ask(views.timeline, number))


def test_the_short_story_leaves_out_what_only_the_machinery_cares_for(house: Any) -> None:
    furnish(house)
    number = house.perform(lambda tx: actions.declare(tx, title="Slow"), by=ALICE)
    house.perform(lambda tx: actions.mitigate(tx, number=number, how="restarted"), by=BOB)
    told = [entry.sentence for entry in house.ask(views.timeline, number, key_only=True)]
    assert told == ["Bob mitigated", "Declared SEV3 under plan revision 1 by Alice; Alice commands"]


def test_corrected_times_keep_their_history(house: Any) -> None:
    furnish(house)
    number = house.perform(lambda tx: actions.declare(tx, title="Slow"), by=ALICE)
    began = house.clock.now() - timedelta(hours=2)
    for minutes in (0, 30):
        at = began + timedelta(minutes=minutes)
        house.perform(
            lambda tx, at=at: actions.correct_times(tx, number=number, impact_started=at, reason="logs"), by=ALICE
        )
    assert house.ask(views.incident, number).impact_started == began + timedelta(minutes=30)
    told = [entry.sentence for entry in house.ask(views.timeline, number) if entry.type == "command.TimesCorrected"]
    assert told == [
        "Alice corrected the times: the impact began 2026-03-02 07:30 UTC: logs",
        "Alice corrected the times: the impact began 2026-03-02 07:00 UTC: logs",
    ]


def test_hostile_text_stays_text(house: Any) -> None:
    number = house.perform(lambda tx: actions.declare(tx, title="<script>{{ 7*7 }}</script>"), by=ADMIN)
    house.perform(lambda tx: actions.note(tx, number=number, text="{name} <b>%s</b>"), by=ADMIN)
    entries = house.ask(views.timeline, number)
    assert entries[0].body == "{name} <b>%s</b>"
    assert house.ask(views.incident, number).title == "<script>{{ 7*7 }}</script>"
