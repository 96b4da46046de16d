"""Carrying an incident through its life, and settling who does what."""

from quarterdeck.command import rules
from quarterdeck.command.actions.context import actor, commander_of, decide, may_command, pinned_plan, review_owed, who
from quarterdeck.command.rules import INCIDENT, Incident
from quarterdeck.command.state import followed
from quarterdeck.governance.rules import Permission, permitted
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import Instant
from quarterdeck.plan.rules import commanding_role
from quarterdeck.record import Tx


@permitted(Permission.RESPOND)
def acknowledge(tx: Tx, *, number: int, by: str | None = None) -> None:
    """Seen and being looked at. `by` is a person's id, or the name of a source of alerts; None: whoever acts."""
    who_ = by or actor(tx)
    commands = may_command(tx, who_)
    decide(tx, number, lambda s: rules.acknowledge(s, who_, tx.now, commands=commands))


@permitted(Permission.COMMAND)
def activate(tx: Tx, *, number: int) -> None:
    """End triage: it is an incident."""
    decide(tx, number, lambda s: rules.activate(s, actor(tx), tx.now))


@permitted(Permission.COMMAND)
def mitigate(tx: Tx, *, number: int, how: str = "", at: Instant | None = None) -> None:
    decide(tx, number, lambda s: rules.mitigate(s, actor(tx), tx.now, at=at, how=how))


@permitted(Permission.COMMAND)
def resolve(tx: Tx, *, number: int, reason: str, at: Instant | None = None) -> None:
    def rule(s: Incident) -> list[Event]:
        owed = review_owed(pinned_plan(tx, s), s)
        return rules.resolve(s, actor(tx), tx.now, reason=reason, review_owed=owed, at=at)

    decide(tx, number, rule)


@permitted(Permission.COMMAND)
def group_cleared(tx: Tx, *, number: int, group: str, at: Instant) -> None:
    """All alerts of a group are over; resolves the incident if its route says so and no other group is left."""

    def rule(s: Incident) -> list[Event]:
        owed = review_owed(pinned_plan(tx, s), s)
        return rules.groups_cleared(s, group, actor(tx), tx.now, at=at, review_owed=owed)

    number = followed(tx, number).number
    decide(tx, number, rule)


@permitted(Permission.COMMAND)
def group_stirred(tx: Tx, *, number: int, group: str, at: Instant) -> None:
    """An alert of a group that had cleared is back."""
    number = followed(tx, number).number
    decide(tx, number, lambda s: rules.group_stirred(s, group, at=min(at, tx.now)))


@permitted(Permission.COMMAND)
def reopen(tx: Tx, *, number: int, reason: str) -> None:
    decide(tx, number, lambda s: rules.reopen(s, actor(tx), tx.now, reason=reason))


@permitted(Permission.COMMAND)
def begin_review(tx: Tx, *, number: int) -> None:
    decide(tx, number, lambda s: rules.begin_review(s, actor(tx), tx.now))


@permitted(Permission.REVIEW)
def settle_review(tx: Tx, *, number: int, outcome: str) -> None:
    """`outcome` is `held` or `waived`; learning says so, and the incident may be closed."""
    decide(tx, number, lambda s: rules.settle_review(s, actor(tx), tx.now, outcome=outcome))


@permitted(Permission.COMMAND)
def close(tx: Tx, *, number: int) -> None:
    """Refused while mandatory tasks are open or a review is owed."""
    decide(tx, number, lambda s: rules.close(s, actor(tx), tx.now))


@permitted(Permission.COMMAND)
def decline(tx: Tx, *, number: int, reason: str) -> None:
    decide(tx, number, lambda s: rules.decline(s, actor(tx), tx.now, reason=reason))


@permitted(Permission.COMMAND)
def cancel(tx: Tx, *, number: int, reason: str) -> None:
    decide(tx, number, lambda s: rules.cancel(s, actor(tx), tx.now, reason=reason))


@permitted(Permission.COMMAND)
def merge(tx: Tx, *, number: int, into: int) -> None:
    """The work goes on in `into`, whose timeline says so and which takes over the groups of alerts."""
    incident, target = tx.existing(INCIDENT, number), tx.existing(INCIDENT, into)
    merged = rules.merge(incident, target, actor(tx), tx.now)
    absorbed = rules.absorb(target, incident, actor(tx), tx.now)
    tx.append_many([(INCIDENT, number, merged), (INCIDENT, into, absorbed)])


@permitted(Permission.COMMAND)
def transfer_command(tx: Tx, *, number: int, to: str, reason: str = "") -> None:
    person = commander_of(tx, to, "to")
    decide(tx, number, lambda s: rules.transfer_command(s, person, actor(tx), tx.now, reason=reason))


@permitted(Permission.COMMAND)
def assign_role(tx: Tx, *, number: int, role: str, person: str) -> None:
    """Give a role of the pinned plan to a person; whoever had it is released. The commander's role is handed over."""

    def rule(s: Incident) -> list[Event]:
        plan = pinned_plan(tx, s)
        commander = commanding_role(plan)
        id = commander_of(tx, person) if role == commander else who(tx, person)
        return rules.assign_role(s, role, id, actor(tx), tx.now, commander=commander, roles=plan.roles if plan else ())

    decide(tx, number, rule)


@permitted(Permission.COMMAND)
def release_role(tx: Tx, *, number: int, role: str) -> None:
    def rule(s: Incident) -> list[Event]:
        commander = commanding_role(pinned_plan(tx, s))
        return rules.release_role(s, role, actor(tx), tx.now, commander=commander)

    decide(tx, number, rule)
