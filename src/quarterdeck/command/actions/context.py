"""What every action needs to know first: who acts, whom a name means, and what the pinned plan says."""

from collections.abc import Callable

from quarterdeck.command.rules import INCIDENT, Incident, with_consequences
from quarterdeck.governance.rules import Permission, may
from quarterdeck.governance.state import Person, person, person_by_login
from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.principal import Principal
from quarterdeck.plan.rules import Plan, review_rule_for, type_and_parents
from quarterdeck.plan.state import revision
from quarterdeck.record import Tx


def actor(tx: Tx) -> str:
    """The id of the person who acts, or the principal where no person does."""
    return tx.by.person or tx.by.id


def decide(tx: Tx, number: int, rule: Callable[[Incident], list[Event]]) -> Incident:
    """Like `tx.decide`, with what the decision entails for the tasks: branches that fall away, deadlines that begin."""
    return tx.decide(INCIDENT, number, lambda incident: with_consequences(incident, rule(incident), tx.now))


def known(tx: Tx, name: str) -> Person | None:
    """The person with this id or this login."""
    return person(tx, name) or person_by_login(tx, name)


def who(tx: Tx, name: str, field: str = "person") -> str:
    """The id of an active person given by id or login. Raises `Invalid`."""
    if name == tx.by.person:
        return name
    found = known(tx, name)
    if found is None or not found.active:
        raise Invalid("There is nobody of that name.", (f"{field}: {name!r} is no active person's login or id",))
    return found.id


def may_command(tx: Tx, name: str) -> bool:
    """True if `name` is the id of an active person whose roles allow to command."""
    if name == tx.by.person:
        return may(tx.by, Permission.COMMAND)
    found = person(tx, name)
    return found is not None and found.active and may(Principal(f"person/{found.id}", found.roles), Permission.COMMAND)


def commander_of(tx: Tx, name: str, field: str = "person") -> str:
    """Like `who`, and the person has to be one who may command."""
    id = who(tx, name, field)
    if not may_command(tx, id):
        raise Invalid("That person may not command.", (f"{field}: {name!r} needs the role responder or manager",))
    return id


def pinned_plan(tx: Tx, incident: Incident) -> Plan | None:
    """The plan as it was when the incident was declared; None if there was none."""
    return None if incident.plan_revision is None else revision(tx, incident.plan_revision).plan


def floor_of(plan: Plan | None, type_: str | None) -> str | None:
    """The least severity of the type, or of its nearest parent that sets one."""
    if plan is None:
        return None
    return next((found.severity_floor for found in type_and_parents(plan, type_) if found.severity_floor), None)


def review_owed(plan: Plan | None, incident: Incident, severity: str | None = None) -> bool:
    """Whether the plan asks for a review at this severity; drills are scored, not reviewed, histories are over."""
    if plan is None or incident.drill or incident.imported:
        return False
    return review_rule_for(plan, severity or incident.severity) is not None
