"""The plan inside a transaction: the revision in force, and any earlier one that an incident is pinned to."""

from quarterdeck.kernel.errors import NotFound
from quarterdeck.plan.events import PlanPublished
from quarterdeck.plan.rules.revision import PLAN, InForce, in_force_of
from quarterdeck.record import Tx

KEY = "main"


def latest(tx: Tx) -> PlanPublished | None:
    """The last publication; None before the first."""
    recorded = tx.latest(PLAN, KEY)
    event = recorded.event if recorded else None
    return event if isinstance(event, PlanPublished) else None


def in_force(tx: Tx) -> InForce | None:
    """The revision in force; None before the first publication."""
    event = latest(tx)
    return in_force_of(event) if event else None


def revision(tx: Tx, number: int) -> InForce:
    """A revision by its number. Raises `NotFound`."""
    current = latest(tx)
    if current and current.revision == number:
        return in_force_of(current)
    history = tx.load(PLAN, KEY)
    if history is None or not 1 <= number <= len(history.published):
        raise NotFound(f"plan revision {number}")
    return in_force_of(history.published[number - 1])
