"""Reviews and timelines made by their events alone, and a house with an incident whose review is owed."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from quarterdeck.command import actions as command
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import Instant
from quarterdeck.learning import events as ev
from quarterdeck.learning.rules import REVIEW, Review
from tests.cast import ALICE, BOB
from tests.command.situations import furnish

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
OPENED = ev.ReviewOpened(
    at=NOON, number=7, due=NOON + timedelta(days=2), rule="within 2 working days", severity="SEV1", commander="alice"
)


def review(*events: Event) -> Review:
    state = REVIEW.fold([OPENED, *events])
    assert state is not None
    return state


def after(state: Review, *events: Event) -> Review:
    folded = REVIEW.fold(events, state)
    assert folded is not None
    return folded


@dataclass(frozen=True)
class Entry:
    """A fact of the record, as the timeline gives it."""

    position: int
    type: str
    occurred_at: Instant
    recorded_at: Instant
    data: dict[str, Any] = field(default_factory=dict)
    actor: str = "person/alice"
    body: str | None = None

    @property
    def sentence(self) -> str:
        return f"{self.type} {self.position}"


def facts(*rows: tuple[str, float, dict[str, Any]] | tuple[str, float, dict[str, Any], float]) -> list[Entry]:
    """`(type, minutes after noon, data)`; a fourth value is when it was recorded, if later."""
    made = []
    for position, row in enumerate(rows, start=1):
        occurred = NOON + timedelta(minutes=row[1])
        recorded = NOON + timedelta(minutes=row[3]) if len(row) == 4 else occurred
        made.append(Entry(position, row[0], occurred, recorded, row[2], f"person/{row[2].get('by', 'alice')}"))
    return made


def at(minutes: float) -> str:
    return (NOON + timedelta(minutes=minutes)).isoformat().replace("+00:00", "Z")


def reviewed(house: Any, title: str = "Payments fail") -> int:
    """A SEV1 that was worked on by Alice and Bob, resolved, and owes a review; its number."""
    furnish(house)

    def begin(tx: Any) -> int:
        number = command.declare(tx, title=title, impact="extensive", urgency="high", service=None)
        command.acknowledge(tx, number=number)
        command.state_impact(tx, number=number, statement="38% of EU card payments fail.")
        return number

    number: int = house.perform(begin, by=ALICE)
    house.forward(minutes=20)
    house.perform(lambda tx: command.note(tx, number=number, text="Suspect **release 812**."), by=BOB)
    house.forward(minutes=20)
    house.perform(lambda tx: command.mitigate(tx, number=number, how="rolled back"), by=ALICE)
    house.perform(lambda tx: command.resolve(tx, number=number, reason="Release 812 was rolled back."), by=ALICE)
    house.run_until_idle()
    return number
