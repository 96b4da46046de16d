"""What can be done about the duty of a review and its people: opened by the engine; led, attended, held or waived."""

from collections.abc import Sequence
from functools import partial

from quarterdeck.command.actions import begin_review, settle_review
from quarterdeck.command.state import incident
from quarterdeck.governance.rules import Permission, permitted
from quarterdeck.governance.state import person, person_by_login
from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.time import Instant
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
        commander_may_lead=rule.commander_may_lead,
    )
    if events := rules.open_review(tx.load(REVIEW, number), opened):
        tx.append(REVIEW, number, events)
    begin_review(tx, number=number)
    return True


@permitted(Permission.REVIEW)
def assign_facilitator(tx: Tx, *, number: int, person: str) -> None:
    """Name who leads the review, by id or login. Not the commander, unless the plan permits it."""
    leader = _somebody(tx, "person", person)
    tx.decide(REVIEW, number, partial(rules.assign, by=_actor(tx), now=tx.now, person=leader))


@permitted(Permission.RESPOND)
def name_participants(tx: Tx, *, number: int, people: Sequence[str]) -> None:
    """Name who takes part, whole, by ids or logins; until then those are proposed who were there."""
    if len(people) > rules.MOST_PEOPLE:
        raise Invalid("That is a congress.", (f"people: at most {rules.MOST_PEOPLE}",))
    ids = [_somebody(tx, "people", one) for one in people]
    tx.decide(REVIEW, number, partial(rules.name_participants, by=_actor(tx), now=tx.now, people=ids))


@permitted(Permission.RESPOND)
def schedule_review(tx: Tx, *, number: int, meets_at: Instant | None) -> None:
    """Say when those who take part meet; None: no longer."""
    tx.decide(REVIEW, number, partial(rules.schedule, by=_actor(tx), now=tx.now, meets_at=meets_at))


@permitted(Permission.REVIEW)
def hold_review(tx: Tx, *, number: int, summary: str, facilitator: str | None = None) -> None:
    """Record in one step that it was held elsewhere. `facilitator` by id or login; None: whoever acts.

    Frees the incident. Nobody else approves it, and the record says so; `submit_review` is the way with four eyes.
    """
    leader = _leader(tx, facilitator)
    tx.decide(REVIEW, number, partial(rules.hold, by=_actor(tx), now=tx.now, facilitator=leader, summary=summary))
    settle_review(tx, number=number, outcome="held")


@permitted(Permission.REVIEW)
def waive_review(tx: Tx, *, number: int, reason: str) -> None:
    """Do without the review, with a reason for the record. Frees the incident to close."""
    tx.decide(REVIEW, number, partial(rules.waive, by=_actor(tx), now=tx.now, reason=reason))
    settle_review(tx, number=number, outcome="waived")


@permitted(Permission.REVIEW)
def cancel_review(tx: Tx, *, number: int, reason: str) -> None:
    """No longer owed, if it was: the incident was reopened."""
    if events := rules.cancel(tx.load(REVIEW, number), tx.now, reason=reason):
        tx.append(REVIEW, number, events)


def _leader(tx: Tx, name: str | None) -> str:
    if name is None:
        if tx.by.person is None:
            raise Invalid("Who led the review?", ("facilitator: give a login",))
        return tx.by.person
    return _somebody(tx, "facilitator", name)


def _somebody(tx: Tx, field: str, name: str) -> str:
    if name == tx.by.person:
        return name
    found = person(tx, name) or person_by_login(tx, name)
    if found is None or not found.active:
        raise Invalid("There is nobody of that name.", (f"{field}: {name[:80]!r} is no active person's login or id",))
    return found.id


def _actor(tx: Tx) -> str:
    return tx.by.person or tx.by.id
