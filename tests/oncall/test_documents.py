"""Schedules as people write them: read, checked with every fault at once, hostile text refused."""

import json
from datetime import date

import pytest

from quarterdeck.kernel.errors import Invalid
from quarterdeck.oncall.events import Restriction
from quarterdeck.oncall.rules import document

GOOD = """
title: Payments, primary
zone: Europe/Berlin
layers:
  - name: Weekly
    rotation: weekly
    handover: {day: mon, time: "09:00"}
    starts: 2026-01-05
    participants: [bob, alice]
  - name: Office hours
    rotation: daily
    handover: {time: "09:00"}
    starts: 2026-01-05
    participants: [carol]
    only:
      - {days: [mon, tue, wed, thu, fri], hours: "09:00-17:00"}
      - {days: [sat]}
"""


def test_yaml_and_json_mean_the_same() -> None:
    from_yaml = document.check(document.read_text(GOOD))
    text = json.dumps(from_yaml.model_dump(mode="json", exclude_unset=True))
    assert document.check(document.read_text(text)) == from_yaml
    assert from_yaml.logins == ("bob", "alice", "carol")


def test_layers_hold_person_ids_and_minutes() -> None:
    found = document.layers_of(document.check(document.read_text(GOOD)), {"bob": "p1", "alice": "p2", "carol": "p3"})
    assert found[0].participants == ("p1", "p2")
    assert (found[0].weekday, found[0].minute, found[0].starts) == (0, 540, date(2026, 1, 5))
    assert found[1].only == (
        Restriction(days=(0, 1, 2, 3, 4), start=540, end=1020),
        Restriction(days=(5,), start=0, end=1440),
    )


def test_unknown_people_are_all_listed() -> None:
    with pytest.raises(Invalid) as invalid:
        document.layers_of(document.check(document.read_text(GOOD)), {"bob": "p1"})
    assert [fault.split("'")[1] for fault in invalid.value.errors] == ["alice", "carol"]


def test_every_fault_is_named_with_its_place() -> None:
    text = GOOD.replace("Europe/Berlin", "Europe/Bärlin").replace('"09:00"', '"9"', 1).replace("[bob, alice]", "[]")
    with pytest.raises(Invalid) as invalid:
        document.check(document.read_text(text + "colour: red\n"))
    places = [fault.partition(":")[0] for fault in invalid.value.errors]
    assert {"zone", "layers.0.handover.time", "layers.0.participants", "colour"} <= set(places)


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        ('{day: mon, time: "09:00"}', '{time: "09:00"}', "needs handover.day"),
        ('{time: "09:00"}', '{day: mon, time: "09:00"}', "leave out handover.day"),
        ("starts: 2026-01-05", "starts: 2026-01-05\n    ends: 2026-01-05", "must be after"),
        ("starts: 2026-01-05", "starts: soon", "is no date"),
        ("starts: 2026-01-05", "starts: 9998-01-05", "between 1970 and 2200"),
        ('"09:00-17:00"', '"09:00-09:00"', "is no span of hours"),
        ("rotation: daily", "rotation: hourly", "layers.1.rotation"),
        ("[bob, alice]", '["bob\\u0007"]', "participants"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_to_do(was: str, now: str, says: str) -> None:
    assert was in GOOD
    with pytest.raises(Invalid) as invalid:
        document.check(document.read_text(GOOD.replace(was, now)))
    assert says in str(invalid.value)


@pytest.mark.parametrize(
    "text",
    [
        "a: &x [1]\nb: *x\n",
        "[" * 60 + "]" * 60,
        "- just\n- a list\n",
        "a: 1\na: 2\n",
        "a: [1\n",
        "a: !!python/object/apply:os.system [ls]\n",
        "x" * 300_000,
        "\x00",
        "",
    ],
)
def test_text_that_is_no_schedule_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        document.check(document.read_text(text))
