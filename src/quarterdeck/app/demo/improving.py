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
    "A missing index": "software.latent",
    "The nightly run": "capacity.demand",
    "An index": "software.latent",
    "Provider": "third-party.outage",
    "A changed default": "change.configuration",
    "An untested branch": "software.test-gap",
    "A full cache disk": "capacity.exhaustion",
    "A poison message": "data.unexpected",
    "A leak": "capacity.exhaustion",
    "A bad node": "infrastructure.hardware",
    "Password guessing": "security.attack",
}


@dataclass(frozen=True)
class Improvement:
    """`falls_by`: by what share the loss should fall; `needs`: places in the list of what comes first."""

    title: str
    measure: str
    service: str | None
    days: float | None
    falls_by: tuple[float, float, float] | None
    needs: tuple[int, ...] = ()


IMPROVEMENTS = (
    Improvement("Roll back a release in one step", "mitigate", "checkout", 8, (0.15, 0.3, 0.45)),
    Improvement("Measure queue depth and pool use", "mitigate", None, 5, None),
    Improvement("Alarm before pools and disks run full", "factor:capacity.exhaustion", None, 6, (0.2, 0.4, 0.6), (1,)),
    Improvement("Test branches of the price rules", "factor:software.test-gap", "storefront", 4, (0.2, 0.35, 0.5)),
    Improvement("Slow down guessed sign-ins", "factor:security.attack", "identity", 3, (0.3, 0.6, 0.8)),
    Improvement("Move the nightly run off the database", "factor:capacity.demand", "warehouse", 15, (0.4, 0.6, 0.8)),
    Improvement(
        "Take bad nodes out by themselves", "factor:infrastructure.hardware", "checkout", None, (0.3, 0.5, 0.7)
    ),
    Improvement("Rehearse the loss of a data centre", "mitigate", None, 10, None),
)


def loss_of(service: str) -> HourlyLoss:
    return HourlyLoss(amount=LOSSES[service], currency="EUR", source=SOURCE)


def contributed(tx: Tx, number: int, cause: str) -> None:
    """A factor, shown by the incident's resolution, and agreed on."""
    stream = f"incident/{number}"
    shown = tx.connection.execute(
        select(record.c.position).where(record.c.stream == stream, record.c.type == "command.IncidentResolved")
    ).scalar_one()
    factor = learning.find_factor(tx, number=number, code=FACTORS[cause], text=cause, evidence=(shown,))
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
        expects=Expectation(measure=one.measure, service=one.service) if one.falls_by else None,
        person_days=one.days,
        needs=needs,
        falls_by=one.falls_by,
    )
