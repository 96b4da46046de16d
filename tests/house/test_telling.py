"""The timeline tells every fact that can stand on it in a sentence of its own, whatever shape it was recorded in."""

import json
from typing import get_args

import pytest

from quarterdeck.app import wiring
from quarterdeck.command.rules.telling import STREAMS, TELLS, UNTOLD, tell
from quarterdeck.kernel.events import type_name
from quarterdeck.oncall.events import TurnReason
from tests.house import fossilise

OWN_STREAMS = (
    "learning.Lesson",
    "learning.Action",
    "learning.Effect",
    "learning.Duties",
    "learning.Digest",
    "learning.Reading",
    "learning.Recurr",
    "learning.Ticket",
    "learning.Tracker",
    "obligations.RegimeAdded",
    "obligations.ScopeDeclared",
)
ELSEWHERE = {"oncall.ScheduleRevised", "oncall.CoverArranged", "oncall.CoverCancelled", *UNTOLD} | {
    name for name in fossilise.shipped() if name.startswith(OWN_STREAMS)
}
"""Events of rooms that tell of incidents, but of other streams of theirs, or left out of every timeline."""


def on_a_timeline() -> set[str]:
    """Every event type of a room that has a stream on the timeline, those of its other streams apart."""
    house = wiring.house()
    rooms = {life.evolve.__module__.split(".")[1] for life in house.lifecycles if life.name in STREAMS}
    assert {life.name for life in house.lifecycles} >= set(STREAMS)
    return {name for name in map(type_name, house.events) if name.split(".")[0] in rooms} - ELSEWHERE


def test_every_fact_that_can_stand_on_a_timeline_has_its_own_sentence() -> None:
    wordless = sorted(on_a_timeline() - set(TELLS))
    assert not wordless, f"say these in command/rules/telling.py, or name them ELSEWHERE here: {wordless}"


def test_nothing_is_told_and_nothing_set_aside_that_cannot_happen() -> None:
    assert set(TELLS) | ELSEWHERE <= set(fossilise.shipped())


@pytest.mark.parametrize(
    "fossil", [path for path in fossilise.fossils() if fossilise.type_of(path) in TELLS], ids=lambda path: path.stem
)
def test_a_fact_of_any_age_is_told_in_words(fossil: object) -> None:
    told = TELLS[fossilise.type_of(fossil)]  # type: ignore[arg-type]  # a path, as parametrised
    data = json.loads(fossil.read_text())  # type: ignore[attr-defined]  # a path, as parametrised
    sentence = told.say(data, str)
    assert sentence[0].isupper() or sentence.startswith("some ")
    assert " " in sentence and "{" not in sentence and "None" not in sentence
    assert told.body is None or told.body in data


def test_each_reason_for_a_turn_is_told_differently() -> None:
    turn = {"level": 2, "round": 1, "by": "bob"}
    told = {tell("oncall.LevelDue").say({**turn, "reason": reason}, str) for reason in get_args(TurnReason)}
    assert len(told) == len(get_args(TurnReason))
