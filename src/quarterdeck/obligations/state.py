"""Duties and scopes as they stand inside a transaction, and who answers for a notice."""

from quarterdeck.governance.state import Person, person_by_login
from quarterdeck.obligations.rules import OBLIGATIONS, REGIME, Duties, Scope
from quarterdeck.plan.rules import Plan
from quarterdeck.plan.state import in_force
from quarterdeck.record import Tx


def duties(tx: Tx, number: int) -> Duties | None:
    """None: the incident was asked nothing."""
    return tx.load(OBLIGATIONS, number)


def scope(tx: Tx, regime: str) -> Scope | None:
    """None: nobody has declared it, and it was not added here."""
    return tx.load(REGIME, regime)


def plan_of(tx: Tx) -> Plan | None:
    """The plan in force: people change, posts stay."""
    found = in_force(tx)
    return found.plan if found else None


def responsible(tx: Tx, post: str | None) -> Person | None:
    """Who holds the post now; of a post that the plan does not know any more, or of none: the plan's owner."""
    plan = plan_of(tx)
    if plan is None:
        return None
    for name in (post, plan.owner):
        held = plan.posts.get(name) if name else None
        found = person_by_login(tx, held.login) if held else None
        if found is not None and found.active:
            return found
    return None
