"""What the demo's company reckons with: what contributed, what an hour costs, and what could be improved."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from quarterdeck.catalog.events import HourlyLoss
from quarterdeck.kernel.principal import Principal
from quarterdeck.kernel.time import Instant
from quarterdeck.learning import actions as learning
from quarterdeck.learning.events.effects import Expectation
from quarterdeck.record import Tx
from quarterdeck.record.tables import record

SOURCE = "Finance: what an average hour sold last year"
LOSSES = {
    "checkout": 9_000,
    "payments": 7_500,
    "identity": 5_000,
    "storefront": 3_000,
    "catalogue": 1_200,
    "warehouse": 400,
}
"""Service → euros that an hour without it costs."""
FACTORS = {
    "Provider": ("third-party.outage", "design.fallback", "coordination.waiting", "third-party.support"),
    "A changed default": ("change.configuration", "software.test-gap", "change.undo"),
    "A bad node": ("infrastructure.hardware", "detection.late", "design.single-point", "diagnosis.blind"),
}
"""Cause → what reviews found to have contributed, one in turn."""


@dataclass(frozen=True)
class Improvement:
    """`falls_by`: by what share the loss should fall; `needs`: places in the list of what comes first."""

    title: str
    measure: str
    service: str | None
    days: float | None
    falls_by: tuple[float, float, float] | None
    needs: tuple[int, ...] = ()
    type: str | None = None


IMPROVEMENTS = (
    Improvement("Roll back a release in one step", "mitigate", "checkout", 8, (0.15, 0.3, 0.45)),
    Improvement("Measure queue depth and pool use", "mitigate", None, 5, None),
    Improvement("Alarm before the pools of the catalogue run full", "mitigate", "catalogue", 6, (0.2, 0.4, 0.6), (1,)),
    Improvement("Review what a release changes by default", "factor:change.configuration", None, 4, (0.2, 0.35, 0.5)),
    Improvement("Slow down guessed sign-ins", "mitigate", "identity", 3, (0.3, 0.6, 0.8), type="security-incident"),
    Improvement("Move the nightly run off the database", "mitigate", "warehouse", 15, (0.4, 0.6, 0.8)),
    Improvement(
        "Take bad nodes out by themselves", "factor:infrastructure.hardware", "checkout", None, (0.3, 0.5, 0.7)
    ),
    Improvement("Rehearse the loss of a data centre", "mitigate", None, 10, None),
)


def loss_of(service: str) -> HourlyLoss:
    return HourlyLoss(amount=LOSSES[service], currency="EUR", source=SOURCE)


def contributed(tx: Tx, number: int, cause: str) -> None:
    """A factor, shown by the incident's resolution, and agreed on; of causes that were looked into."""
    if cause not in FACTORS:
        return
    stream = f"incident/{number}"
    shown = tx.connection.execute(
        select(record.c.position).where(record.c.stream == stream, record.c.type == "command.IncidentResolved")
    ).scalar_one()
    factor = learning.find_factor(
        tx, number=number, code=FACTORS[cause][number % len(FACTORS[cause])], text=cause, evidence=(shown,)
    )
    learning.agree_factor(tx, number=number, factor=factor)


def improve(tx: Tx, people: dict[str, Principal], now: Instant) -> None:
    """Improvements that were proposed, some agreed on; two of them lack a figure, so they cannot be ranked."""
    alice, bob = people["alice"], people["bob"]
    owner = bob.id.removeprefix("person/")
    numbers: list[int] = []
    for place, one in enumerate(IMPROVEMENTS):
        with tx.acting(bob, now - timedelta(days=20 - place)):
            numbers.append(_propose(tx, one, owner, tuple(numbers[need] for need in one.needs)))
        if place % 3 == 0:
            with tx.acting(alice, now - timedelta(days=19 - place)):
                learning.agree_action(tx, number=numbers[-1])


def _propose(tx: Tx, one: Improvement, owner: str, needs: tuple[int, ...]) -> int:
    return learning.propose_action(
        tx,
        title=one.title,
        owner=owner,
        expects=Expectation(measure=one.measure, service=one.service, type=one.type) if one.falls_by else None,
        person_days=one.days,
        needs=needs,
        falls_by=one.falls_by,
    )
