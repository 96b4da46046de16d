"""Events are for ever: every shape ever shipped still loads, and nothing of it is lost on the way."""

import json
from pathlib import Path

import msgspec
import pytest

from quarterdeck.app import wiring
from quarterdeck.record import Codec
from tests.house import fossilise


def test_every_shape_of_every_event_has_a_fossil() -> None:
    missing = sorted(fossilise.missing())
    assert not missing, f"run `python -m tests.house.fossilise` and commit what it adds: {missing}"


@pytest.mark.parametrize("fossil", fossilise.fossils(), ids=lambda path: path.stem)
def test_a_fossil_still_loads_whole(fossil: Path) -> None:
    stored = json.loads(fossil.read_text())
    codec = Codec(wiring.house().events)
    event = codec.decode(fossilise.type_of(fossil), json.dumps(stored))
    kept = json.loads(msgspec.json.encode(event))
    lost = [name for name, value in stored.items() if name not in kept or kept[name] != value]
    assert not lost, f"these fields no longer come back as they were stored: {lost}"
    assert codec.name(type(event)) == fossilise.type_of(fossil)
