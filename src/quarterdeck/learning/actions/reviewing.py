"""What can be done with reviews: they are opened by the engine, and held or waived by people."""

from functools import partial

from quarterdeck.command.actions import begin_review, settle_review
from quarterdeck.command.state import incident
from quarterdeck.governance.rules import Permission, permitted
from quarterdeck.governance.state import person, person_by_login
from quarterdeck.kernel.errors import Invalid
from quarterdeck.learning.events import ReviewOpened
from quarterdeck.learning.rules import REVIEW
from quarterdeck.learning.rules import reviewing as rules
from quarterdeck.plan.rules import review_rule_for, working_days_after
from quarterdeck.plan.state import revision
from quarterdeck.record import Tx


@permitted(Permission.REVIEW)
def open_review(tx: Tx, *, number: int) -> bool:
    """Open the review that the pinned plan asks for and begin it; False if the plan asks for none.

    The deadline counts from the resolution, in working days of the plan's calendar.
    """
    found = incident(tx, number)
    if found.state != "resolved" or found.review != "owed" or found.plan_revision is None or found.resolved_at is None:
        return False
    plan = revision(tx, found.plan_revision).plan
    rule = review_rule_for(plan, found.severity)
    if rule is None:
        return False
    days = rule.due_working_days
    opened = ReviewOpened(
        at=tx.now,
        number=number,
        due=working_days_after(plan.calendar, found.resolved_at, days),
        rule=f"within {days} working day{'s' if days > 1 else ''} ({found.severity}, revision {found.plan_revision})",
        severity=found.severity,
        commander=found.commander,
        facilitator=rule.facilitator,
    )
    if events := rules.open_review(tx.load(REVIEW, number), opened):
        tx.append(REVIEW, number, events)
    begin_review(tx, number=number)
    return True


@permitted(Permission.REVIEW)
def hold_review(tx: Tx, *, number: int, summary: str, facilitator: str | None = None) -> None:
    """Record that the review was held. `facilitator` by id or login; None: whoever acts. Frees the incident."""
    leader = _facilitator(tx, facilitator)
    actor = tx.by.person or tx.by.id
    tx.decide(REVIEW, number, partial(rules.hold, by=actor, now=tx.now, facilitator=leader, summary=summary))
    settle_review(tx, number=number, outcome="held")


@permitted(Permission.REVIEW)
def waive_review(tx: Tx, *, number: int, reason: str) -> None:
    """Do without the review, with a reason for the record. Frees the incident to close."""
    actor = tx.by.person or tx.by.id
    tx.decide(REVIEW, number, partial(rules.waive, by=actor, now=tx.now, reason=reason))
    settle_review(tx, number=number, outcome="waived")


@permitted(Permission.REVIEW)
def cancel_review(tx: Tx, *, number: int, reason: str) -> None:
    """No longer owed, if it was: the incident was reopened."""
    if events := rules.cancel(tx.load(REVIEW, number), tx.now, reason=reason):
        tx.append(REVIEW, number, events)


def _facilitator(tx: Tx, name: str | None) -> str:
    if name is None:
        if tx.by.person is None:
            raise Invalid("Who led the review?", ("facilitator: give a login",))
        return tx.by.person
    if name == tx.by.person:
        return name
    found = person(tx, name) or person_by_login(tx, name)
    if found is None or not found.active:
        raise Invalid("There is nobody of that name.", (f"facilitator: {name!r} is no active person's login or id",))
    return found.id
