"""A house in which something was learnt: the small plan in force, one incident, and a lesson from it."""

from typing import Any

import pytest

from quarterdeck.command import actions as command
from quarterdeck.learning import actions
from quarterdeck.plan import actions as plan
from tests.cast import ALICE, BOB
from tests.conftest import House
from tests.people import settle
from tests.plan.texts import small

CLAUSE = "procedures.fix.steps.look.within"
SOONER = small(("within: 10", "within: 5"))


@pytest.fixture
def kept(house: House) -> House:
    """The small plan in force, INC-1, and L-1 from it: look sooner."""
    settle(house.record)
    house.perform(lambda tx: plan.adopt(tx, files=small(), reason="First"))
    house.perform(lambda tx: command.declare(tx, title="Payments fail", impact="large", urgency="high"), by=ALICE)
    house.perform(lesson, by=BOB)
    return house


def lesson(tx: Any, **changes: Any) -> int:
    facts = {
        "source": "INC-1",
        "observation": "The first look came late.",
        "insight": "Ten minutes is long.",
        "change": "Look within five minutes.",
        "factors": ("procedure.unfit",),
        "clause": CLAUSE,
    }
    return actions.identify_lesson(tx, **{**facts, **changes})
