"""The plan inside a transaction: the revision in force, and any earlier one that an incident is pinned to."""

from typing import Literal

from quarterdeck.governance.state import person_by_login
from quarterdeck.kernel.errors import NotFound
from quarterdeck.plan.events import PlanPublished
from quarterdeck.plan.rules.revision import PLAN, REVISION, InForce, in_force_of, kept_plan, plan_from
from quarterdeck.record import Tx

KEY = "main"


def in_force(tx: Tx) -> InForce | None:
    """The revision in force; None before the first publication."""
    recorded = tx.latest(PLAN, KEY)
    return _loaded(tx, recorded.event) if recorded else None


def revision(tx: Tx, number: int) -> InForce:
    """A revision by its number. Raises `NotFound`."""
    return _loaded(tx, publication(tx, number))


def publication(tx: Tx, number: int) -> PlanPublished:
    """When and why a revision came into force. Raises `NotFound`."""
    history = tx.load(PLAN, KEY)
    if history is None or not 1 <= number <= len(history.published):
        raise NotFound(f"plan revision {number}")
    return history.published[number - 1]


def holder_of(tx: Tx, keeps: Literal["owner", "approver"]) -> str | None:
    """The id of the active person whose post keeps or approves the plan in force; None: there is nobody."""
    found = in_force(tx)
    post = getattr(found.plan, keeps) if found else None
    holder = person_by_login(tx, found.plan.posts[post].login) if found and post else None
    return holder.id if holder is not None and holder.active else None


def _loaded(tx: Tx, event: PlanPublished) -> InForce:
    plan = kept_plan(event.content_hash)
    if plan is None:
        plan = plan_from(event.content_hash, tx.existing(REVISION, event.revision).document)
    return in_force_of(event, plan)
